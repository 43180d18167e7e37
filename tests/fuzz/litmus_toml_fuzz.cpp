// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the reader of .litmus.toml files and of the walks over written tables: any bytes give a
// program and a bounded graph, or an error with a place, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "litmus/isla/reader.hpp"
#include "tests/fuzz/litmus_program.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tlbcheck;
    const auto source = litmus::make_source("fuzz.litmus.toml", std::string(data, data + size));
    fuzz::try_program(litmus::isla::read_litmus_toml(source));
    return 0;
}
