// SPDX-License-Identifier: Apache-2.0
//
// The first way to notice a dropped clause: its definition has another value on some execution. Since the
// definitions equal those of Arm's cat text (tests/cross/cat_axioms_test.cpp), that comparison notices it
// too.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/mutation/clauses.hpp"

namespace tlbcheck::tests {

/// A clause as the text has it, whatever the variants: where, kind, text, context, and which of several
/// alike.
using ClauseKey = std::tuple<std::string, ClauseKind, std::string, std::string, std::size_t>;

/// Keys of clauses, in their order.
std::vector<ClauseKey> keys_of(const std::vector<Clause>& clauses);

/// The clauses (by index) whose definition has another value without them on one of `executions` random
/// executions. Checks, flags and choices count as noticed: the comparison lists what only one side has.
std::set<std::size_t> noticed_by_relations(const model::MemoryModel& model,
                                           const std::vector<Clause>& clauses, std::size_t executions,
                                           std::uint64_t seed);

}  // namespace tlbcheck::tests
