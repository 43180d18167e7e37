// SPDX-License-Identifier: Apache-2.0
// libFuzzer target of the schedule language: parse, expand for every question, render what is wrong.

#include <cstddef>
#include <cstdint>
#include <string>

#include "litmus/sched/schedule.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tlbcheck::litmus;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto file =
        sched::parse_schedule(make_source("fuzz.sched", text), sched::embedded_include_resolver());
    if (!file) {
        if (file.diagnostics().empty() || render(file.diagnostics()).empty()) __builtin_trap();
        return 0;
    }
    const auto asked = sched::questions(file.value());
    if (!asked && render(asked.diagnostics()).empty()) __builtin_trap();
    return 0;
}
