// SPDX-License-Identifier: Apache-2.0
//
// The question no_bbm_violation (docs/formal-model.md section 5): a hazard of the schedule's own order of
// stores and invalidations.
#pragma once

#include "checker/engine/question_engine.hpp"

namespace tlbcheck::checker {

/// `slicing`: of the program for the property. Where it is the whole schedule because `options` wants no
/// slices, units are still judged one by one, each on the whole, so that the same addresses are named.
void answer_bbm(QuestionAnswer& answer, const model::ScheduleProgram& program,
                const model::Property& property, const model::Slicing& slicing,
                const ScheduleOptions& options);

}  // namespace tlbcheck::checker
