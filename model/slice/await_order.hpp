// SPDX-License-Identifier: Apache-2.0
//
// Order that an await hands on through stores that a slice leaves out (docs/slicing.md, condition 6).
#pragma once

#include <string>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// Empty, or why slices of the schedule could miss order: an await's control dependency reaches stores, a
/// store-only DSB after them orders later loads, and no other barrier orders the await itself before those.
std::string awaits_order_through_stores(const ScheduleProgram& program);

}  // namespace tlbcheck::model
