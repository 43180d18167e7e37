// SPDX-License-Identifier: Apache-2.0
//
// Puts the cause of an unsafe answer into its report: the sentence, the changes, the statement to look at.
#pragma once

#include "checker/engine/question_engine.hpp"

namespace tlbcheck::checker {

/// The answer has its witness and the slice that it is of. With ScheduleOptions::causes the cause is tested.
void tell_cause(QuestionAnswer& answer, const model::ScheduleProgram& program,
                const model::Property& property, const ScheduleOptions& options);

}  // namespace tlbcheck::checker
