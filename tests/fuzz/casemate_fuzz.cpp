// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the reader of casemate logs: any bytes give a schedule with its slices, or an error with a
// place, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "litmus/casemate/reader.hpp"
#include "model/limits/budget.hpp"
#include "model/slice/slicing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tlbcheck;
    const auto source = litmus::make_source("fuzz.casemate", std::string(data, data + size));
    model::Budget budget({500, 512});
    const model::BudgetScope scope(budget);
    try {
        const auto log = litmus::casemate::read_log(source);
        if (!log) {
            litmus::render(log.diagnostics());
            return 0;
        }
        for (const auto& question : log.value().questions)
            model::slice(*question.program, question.program->properties[question.property]);
    } catch (const model::LimitReached&) {
    }
    return 0;
}
