// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the reader of kinds files (`check --kinds`): any bytes give kinds or an error with a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "checker/kinds.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tlbcheck;
    const auto kinds = checker::parse_kinds(litmus::make_source("kinds.txt", std::string(data, data + size)));
    if (!kinds.ok() && litmus::render(kinds.diagnostics()).empty()) std::abort();
    return 0;
}
