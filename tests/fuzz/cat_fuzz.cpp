// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the cat reader: any bytes give a model or an error with a place, never a crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "litmus/cat/cat_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace cat = tlbcheck::litmus::cat;
    const std::string text(data, data + size);
    // A part behind a zero byte serves as an included file.
    const std::size_t cut = text.find('\0');
    const std::string included = cut == std::string::npos ? "let included = po" : text.substr(cut + 1);
    const auto includes = [&included](const std::string& name, std::string& why) -> tlbcheck::litmus::Source {
        if (name == "a.cat") return tlbcheck::litmus::make_source(name, included);
        why = "no such file";
        return nullptr;
    };
    const auto source = tlbcheck::litmus::make_source("fuzz.cat", text.substr(0, cut));
    const auto result = cat::read_cat_text(source, includes, {"vmsa", "ETS2"});
    if (!result.ok() && tlbcheck::litmus::render(result.diagnostics()).empty()) std::abort();
    return 0;
}
