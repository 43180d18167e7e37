// SPDX-License-Identifier: Apache-2.0
//
// Safe answers that prove nothing about what the schedule does for the TLB.
#pragma once

#include "checker/engine/question_engine.hpp"

namespace tlbcheck::checker {

/// Adds a warning to a safe answer that stays safe with every TLBI taken out; where the schedule has none,
/// with every barrier taken out.
void add_vacuity(QuestionAnswer& answer, const model::ScheduleProgram& program,
                 const model::Property& property, bool no_execution);

}  // namespace tlbcheck::checker
