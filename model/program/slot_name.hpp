// SPDX-License-Identifier: Apache-2.0
//
// What people call a descriptor: one naming for traces, proofs, causes and reports.
#pragma once

#include <string>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// "linear[3]" for a leaf slot of a region, "PMD[0]" (the kernel's names by level) for any other; a slot of a
/// later table generation says so.
std::string slot_name(const ScheduleProgram& program, const Geometry& geometry, const DescriptorSlot& slot);

/// "if (done == 1)", "if (linear[0] is invalid)".
std::string branch_text(const ScheduleProgram& program, const Geometry& geometry, const Branch& branch);

}  // namespace tlbcheck::model
