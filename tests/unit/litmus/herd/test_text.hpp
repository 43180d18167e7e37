// SPDX-License-Identifier: Apache-2.0
// Litmus texts for tests: a reader of one, and the message it fails with.
#pragma once

#include <string>

#include "litmus/herd/reader.hpp"
#include "tests/support/catch.hpp"

namespace tlbcheck::litmus::herd {

inline Result<model::LitmusProgram> read_text(const std::string& text, const ReadOptions& options = {}) {
    return read_litmus(make_source("t.litmus", text), options);
}

/// A test of one thread with this code and these other parts.
inline std::string one_thread(const std::string& code, const std::string& init = "0:X1=x;",
                              const std::string& condition = "exists (x=0)", const std::string& header = "") {
    return "AArch64 T\n" + header + "{ " + init + " }\n P0 ;\n " + code + " ;\n" + condition + "\n";
}

inline model::LitmusProgram program_of(const std::string& text, const ReadOptions& options = {}) {
    const auto result = read_text(text, options);
    INFO(render(result.diagnostics()));
    REQUIRE(result.ok());
    return result.value();
}

/// "line:column: message" of the first error.
inline std::string error_of(const std::string& text) {
    const auto result = read_text(text);
    REQUIRE_FALSE(result.ok());
    const Diagnostic& d = result.diagnostics().front();
    return std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + ": " + d.message;
}

}  // namespace tlbcheck::litmus::herd
