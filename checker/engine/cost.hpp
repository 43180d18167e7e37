// SPDX-License-Identifier: Apache-2.0
//
// What a schedule costs, for its own sizes, and how that grows with them.
#pragma once

#include "checker/engine/schedule_engine.hpp"

namespace tlbcheck::checker {

/// Instructions of a program by kind; growth is left empty.
ScheduleCost cost_of(const model::ScheduleProgram& program);
/// Of `program`, which is `parsed` expanded with `options`, with the growth where it could be found out.
ScheduleCost cost_with_growth(const litmus::sched::ScheduleFile& parsed,
                              const model::ScheduleProgram& program,
                              const litmus::sched::ExpandOptions& options);

}  // namespace tlbcheck::checker
