// SPDX-License-Identifier: Apache-2.0
//
// The timeline of a slice's counterexample with the rest of the schedule put in: every instruction is a step
// of its own or is counted in a step of kind `folded` (docs/slicing.md, "Witnesses").
#pragma once

#include <cstdint>

#include "checker/report/timeline.hpp"
#include "model/program/judged_schedule.hpp"
#include "model/machine/witness.hpp"

namespace tlbcheck::checker {

struct ReplayedSchedule {
    const model::ScheduleProgram& program;
    const model::HardwareParameters& hardware;
    const model::JudgedSchedule& judged;  ///< the slice, or the whole, that the timeline replays
    model::PropertyKind property;
    model::Observer observer;
};

/// Puts what the replayed schedule leaves out where program order has it, and before the last step what is
/// not executed by then. Steps so far are numbered by `TimelineStep::position` in the replayed schedule.
void add_rest(Timeline& timeline, const ReplayedSchedule& replayed);

/// Instructions that all threads execute.
std::uint64_t instruction_count(const model::ScheduleProgram& program);
/// Instructions that the steps execute or stand for.
std::uint64_t instruction_count(const Timeline& timeline);

}  // namespace tlbcheck::checker
