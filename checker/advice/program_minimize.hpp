// SPDX-License-Identifier: Apache-2.0
//
// `minimize` of a schedule that runs compiled kernel code: the kernel's lines are the steps.
#pragma once

#include "checker/advice/minimize.hpp"
#include "checker/engine/schedule_engine.hpp"
#include "checker/report/advice.hpp"

namespace tlbcheck::checker {

/// Fills in the report. Throws LimitReached.
void minimize_programs(const ScheduleJob& job, const ScheduleOptions& options, MinimizeDepth depth,
                       MinimizeReport& report);

}  // namespace tlbcheck::checker
