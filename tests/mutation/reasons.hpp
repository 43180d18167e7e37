// SPDX-License-Identifier: Apache-2.0
//
// Why some clauses of the axioms can be dropped without a test to notice: what they say follows from the
// rest, or is about what no test can hold.
#pragma once

#include <string>

#include "tests/mutation/clauses.hpp"

namespace tlbcheck::tests {

/// The reason why the definition means the same without the clause, or "" when none is known.
std::string why_redundant(const Clause& clause);

/// The reason why no litmus test and no schedule can notice the clause although it means something, or "".
std::string why_unseen(const Clause& clause, bool of_schedules);

}  // namespace tlbcheck::tests
