// SPDX-License-Identifier: Apache-2.0
//
// The question no_bbm_violation (model.md section 5): a hazard of the schedule's own order of stores and
// invalidations.
#pragma once

#include "checker/engine/question_engine.hpp"

namespace tlbcheck::checker {

void answer_bbm(QuestionAnswer& answer, const model::ScheduleProgram& program,
                const model::Property& property, const ScheduleOptions& options);

}  // namespace tlbcheck::checker
