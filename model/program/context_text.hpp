// SPDX-License-Identifier: Apache-2.0
//
// Changes of a PE's context in words.
#pragma once

#include <string>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// "MSR TTBR0_EL1: space A, ASID 5", "exception entry", "ERET".
std::string context_text(const ScheduleProgram& program, const ContextChange& change);

}  // namespace tlbcheck::model
