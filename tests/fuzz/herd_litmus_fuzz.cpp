// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the herd7 litmus reader and of the builder behind it: any bytes give a program and a bounded
// graph, or an error with a place, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "litmus/herd/reader.hpp"
#include "tests/fuzz/litmus_program.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tlbcheck;
    const auto source = litmus::make_source("fuzz.litmus", std::string(data, data + size));
    fuzz::try_program(litmus::herd::read_litmus(source));
    return 0;
}
