// SPDX-License-Identifier: Apache-2.0
#include "checker/engine/bbm_question.hpp"

namespace tlbcheck::checker {

void answer_bbm(QuestionAnswer& answer, const model::ScheduleProgram&, const model::Property&) {
    answer.report.verdict = Verdict::undecided;
    answer.report.reason = "not decided yet";
}

}  // namespace tlbcheck::checker
