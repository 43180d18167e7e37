// SPDX-License-Identifier: Apache-2.0
//
// `minimize`: which barriers, TLBIs and ISBs of a safe schedule are needed, and the cheapest combination that
// is still safe (docs/advice.md).
#pragma once

#include <cstdint>

#include "checker/engine/schedule_engine.hpp"
#include "checker/report/advice.hpp"

namespace tlbcheck::checker {

enum class MinimizeDepth : std::uint8_t {
    all,
    explained,  ///< with a timeline of each counterexample
    steps,      ///< which steps are needed; no counterexamples, no combination
};

/// Never throws for want of time or memory: the answer is undecided then, and what was found by then stays.
MinimizeReport minimize(const ScheduleJob& job, const ScheduleOptions& options,
                        MinimizeDepth depth = MinimizeDepth::all);

/// Puts the counterexample of a step that was left out into the report.
void add_explained(MinimizeReport& report, StepReport& row, QuestionExplanation explained);

/// Cheaper: broadcast TLBIs count first, then all TLBIs, then DSBs, ISBs, instructions.
bool cheaper(const ScheduleCost& a, const ScheduleCost& b);

}  // namespace tlbcheck::checker
