// SPDX-License-Identifier: Apache-2.0
//
// `repair`: the cheapest small changes of an unsafe schedule that make every question of it safe, on all
// hardware that it asks about (docs/advice.md).
#pragma once

#include "checker/engine/schedule_engine.hpp"
#include "checker/report/advice.hpp"

namespace tlbcheck::checker {

/// Never throws for want of time or memory: the report has what was found and verified by then, and says that
/// the search was not finished; without any it is undecided.
RepairReport repair(const ScheduleJob& job, const ScheduleOptions& options);

}  // namespace tlbcheck::checker
