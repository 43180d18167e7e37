// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the reader of tlbcheck.toml and of the patterns in it: any bytes give a configuration or an
// error with a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "checker/gate/config.hpp"
#include "checker/gate/glob.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tlbcheck;
    const std::string text(data, data + size);
    const auto config = checker::parse_gate_config(litmus::make_source("tlbcheck.toml", text));
    if (!config.ok()) {
        if (litmus::render(config.diagnostics()).empty()) std::abort();
        return 0;
    }
    for (const checker::ConfigEntry& entry : config.value().entries) {
        if (entry.configurations.empty()) std::abort();
        for (const std::string& pattern : entry.match)
            checker::glob_match(pattern, "drivers/flush/aaaaaaaaaaaaaaaa.sched");
    }
    return 0;
}
