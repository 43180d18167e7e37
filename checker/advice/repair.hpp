// SPDX-License-Identifier: Apache-2.0
//
// `repair`: the cheapest small changes of an unsafe schedule that make every question of it safe, on all
// hardware that it asks about (docs/advice.md).
#pragma once

#include "checker/engine/schedule_engine.hpp"
#include "checker/report/advice.hpp"

namespace tlbcheck::checker {

/// Never throws for want of time or memory: what was found by then is dropped, and the answer is undecided.
RepairReport repair(const ScheduleJob& job, const ScheduleOptions& options);

}  // namespace tlbcheck::checker
