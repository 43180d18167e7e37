// SPDX-License-Identifier: Apache-2.0
//
// Descriptors that the kernel's code stores at addresses of no region: they are judged as well.
#pragma once

#include "model/arch/granule.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::sched {

/// Adds a region for each stretch of descriptors that the program stores to and that no region holds: without
/// a mapping at the start, its level that of the descriptors, its name outside_1 and so on, by address. The
/// questions about no one region judge it. Throws model::LimitReached for more than 1024 stretches.
void add_outside_regions(model::ScheduleProgram& program, const model::Geometry& geometry);

}  // namespace tlbcheck::litmus::sched
