// SPDX-License-Identifier: Apache-2.0
//
// Why a safe answer is safe, in a sentence for those who know the code: from which DSB on nothing can use the
// old entries. What the sentence names is tested: without it the property fails.
#pragma once

#include <string>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

/// "After the DSB ISH (line 12) no PE can use an old entry: ...", of a property that holds. Each instruction
/// named has been taken out, and the property failed; where nothing alone decides, it says that. Empty where
/// time or the number of instructions does not allow to try. Throws LimitReached only if there is no time for
/// anything else either.
std::string why_safe(const model::ScheduleProgram& program, const model::Property& property);

}  // namespace tlbcheck::checker
