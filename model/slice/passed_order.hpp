// SPDX-License-Identifier: Apache-2.0
//
// Order that a thread hands on through instructions which a slice may leave out (docs/slicing.md, conditions
// 6 and 7).
#pragma once

#include <string>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// Empty, or why slices of the schedule could miss order of one thread: an await, or a store, is before what
/// follows only through a store or a load of another leaf.
std::string order_through_others(const ScheduleProgram& program);

}  // namespace tlbcheck::model
