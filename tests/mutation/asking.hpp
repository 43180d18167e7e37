// SPDX-License-Identifier: Apache-2.0
//
// Asks the comparison of relations, litmus tests and schedules about clauses: all of them for a full report,
// or those that a kept report names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/mutation/findings.hpp"

namespace tlbcheck::tests {

struct Asking {
    std::size_t executions = 20'000;     ///< random ones for each set of variants
    std::vector<std::string> litmus;     ///< folders
    std::vector<std::string> schedules;  ///< folders
    std::size_t tests = SIZE_MAX;        ///< of each litmus folder only so many, short and long ones mixed
    std::uint64_t random_schedules = 0;  ///< seeds 1, 2, ...
    std::uint64_t milliseconds = 2'000;  ///< limit of one question to a test
};

/// The clauses of Arm's model under all sets of variants, and of the axioms of schedules; every K-th of them.
Findings all_clauses(std::size_t every);

void ask_relations(const Asking& asking, Findings& findings);
/// Test by test, each asked about the clauses that no test before it noticed.
void ask_litmus_tests(const Asking& asking, Findings& findings);
/// Likewise, about the clauses that schedules add.
void ask_schedules(const Asking& asking, Findings& findings);

/// Asks each clause's own test of the kept report again; returns a line for each that notices no longer.
/// Clauses that the report lacks are printed: the report is older than they are.
std::vector<std::string> ask_again(const Asking& asking, const std::map<std::string, KeptFinding>& kept,
                                   Findings& findings);

}  // namespace tlbcheck::tests
