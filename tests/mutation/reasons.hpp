// SPDX-License-Identifier: Apache-2.0
//
// Why some clauses of Arm's model can be dropped without anything to notice: what they say follows from the
// rest.
#pragma once

#include <string>

#include "tests/mutation/clauses.hpp"

namespace tlbcheck::tests {

/// The reason why the definition means the same without the clause, or "" when none is known.
std::string why_redundant(const Clause& clause);

}  // namespace tlbcheck::tests
