// SPDX-License-Identifier: Apache-2.0
//
// What is known of each clause: who notices that it is gone, or why nobody can.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "tests/mutation/relation_check.hpp"

namespace tlbcheck::tests {

struct Finding {
    Clause clause;
    bool of_schedules = false;  ///< stands in the axioms of schedules only
    bool relations = false;     ///< the comparison of relations notices, under some variants
    std::string litmus;         ///< a litmus test that notices, with the variants: "MP+acqs [vmsa,ETS2]"
    std::string schedule;       ///< a schedule that notices

    bool seen_by_a_test() const { return !litmus.empty() || !schedule.empty(); }
};

using Findings = std::map<ClauseKey, Finding>;

/// One line that tells the clause from all others.
std::string text_of(const ClauseKey& key);

/// The findings as the report that the tree keeps: a line for each clause, with a tab between its parts.
std::string report_of(const Findings& findings);

/// What a kept report says of each clause, by text_of: the litmus test and the schedule that notice.
struct KeptFinding {
    bool relations = false;
    std::string litmus, schedule;
};
/// nullopt when the file cannot be read.
std::optional<std::map<std::string, KeptFinding>> read_report(const std::string& path);

/// Numbers of a report, one line a group, and each clause that nothing notices and no reason explains; 0 such
/// clauses means the report is complete.
std::size_t summarise(const Findings& findings, bool behaviour_asked);

}  // namespace tlbcheck::tests
