// SPDX-License-Identifier: Apache-2.0
//
// A second way of applying an edit to a schedule: on the unrolled instructions, by sorting. It shares nothing
// with the product's way but the meaning of the steps.
#pragma once

#include "checker/advice/edit.hpp"

namespace tlbcheck::tests {

/// The edited schedule, every run executed once.
model::ScheduleProgram apply_by_hand(const model::ScheduleProgram& program, const checker::Edit& edit);

/// The schedule with DSB SY, TLBI VMALLE1OS, DSB SY, ISB after every instruction.
model::ScheduleProgram flushed_everywhere(const model::ScheduleProgram& program);

}  // namespace tlbcheck::tests
