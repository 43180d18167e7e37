// SPDX-License-Identifier: Apache-2.0
//
// What `compare A B` answers: both files' reports and what each schedule costs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/report/answer.hpp"

namespace tlbcheck::checker {

/// A count for the file's own sizes, and how it grows with the number of leaves: "1 per leaf", "constant",
/// "logarithmic"; empty when not known.
struct CostFigure {
    std::uint64_t count = 0;
    std::string growth;
};
/// Counts over all threads. A broadcast is a TLBI of the Inner or Outer Shareable domain.
struct ScheduleCost {
    CostFigure tlbis, broadcasts, dsbs, isbs, descriptor_stores, instructions;
};
struct ComparedSchedule {
    FileReport report;
    ScheduleCost cost;
    std::vector<std::string>
        witnesses;  ///< one for each question: the cause in a sentence, "" when there is none
};
struct Comparison {
    ComparedSchedule a, b;
};

}  // namespace tlbcheck::checker
