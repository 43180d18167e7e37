// SPDX-License-Identifier: Apache-2.0
//
// `repair` of a schedule that runs compiled kernel code: changes are named at the kernel's lines, and made in
// the expanded programs.
#pragma once

#include "checker/engine/schedule_engine.hpp"
#include "checker/report/advice.hpp"

namespace tlbcheck::checker {

/// Fills in the report. Throws LimitReached.
void repair_programs(const ScheduleJob& job, const ScheduleOptions& options, RepairReport& report);

}  // namespace tlbcheck::checker
