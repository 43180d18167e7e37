// SPDX-License-Identifier: Apache-2.0
//
// The cause of a small schedule's violation, and what its changes do.
#pragma once

#include <string>
#include <vector>

#include "checker/advice/cause.hpp"
#include "checker/advice/trial.hpp"
#include "tests/unit/checker/engine/asked.hpp"

namespace tlbcheck::tests {

inline std::string kinds(const std::vector<checker::Change>& changes) {
    std::string text;
    for (const checker::Change& c : changes)
        text += (text.empty() ? "" : " ") + std::string(to_string(c.kind));
    return text;
}

struct FoundCause {
    Asked asked;
    checker::QuestionAnswer answer;
    checker::Cause cause;
    explicit FoundCause(const std::string& text) : asked(text) {
        checker::ScheduleOptions options;
        options.causes = checker::Causes::none;
        answer = asked.answer(options);
        REQUIRE(answer.witness);
        cause = checker::find_cause(asked.program(), asked.property(), *answer.witness_schedule,
                                    answer.witness->misread);
    }
    std::string kinds_of() const { return kinds(cause.changes); }
    checker::Verdict after(const std::vector<checker::Change>& changes) const {
        const model::ScheduleProgram edited = checker::apply(asked.program(), checker::edit_of(changes));
        return checker::answer_question(edited, asked.property(), {}).report.verdict;
    }
};

}  // namespace tlbcheck::tests
