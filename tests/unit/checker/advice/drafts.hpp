// SPDX-License-Identifier: Apache-2.0
//
// Drafts of schedules given as text.
#pragma once

#include <string>

#include "checker/advice/source/draft.hpp"
#include "litmus/sched/schedule.hpp"
#include "tests/support/catch.hpp"

namespace tlbcheck::tests {

/// The text must be read without an error.
inline checker::Draft draft_of_text(const std::string& text) {
    const auto parsed = litmus::sched::parse_schedule(litmus::make_source("a.sched", text),
                                                      litmus::sched::embedded_include_resolver());
    REQUIRE(parsed.ok());
    return checker::Draft(parsed.value());
}

}  // namespace tlbcheck::tests
