// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the reader of baselines: any bytes give a baseline, which is the same once written and read
// again, or an error with a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "checker/gate/baseline.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tlbcheck;
    const auto baseline =
        checker::parse_baseline(litmus::make_source("baseline.json", std::string(data, data + size)));
    if (!baseline.ok()) {
        if (litmus::render(baseline.diagnostics()).empty()) std::abort();
        return 0;
    }
    const std::string written = checker::baseline_json(baseline.value());
    const auto again = checker::parse_baseline(litmus::make_source("baseline.json", written));
    if (!again.ok() || !(again.value() == baseline.value())) std::abort();
    return 0;
}
