// SPDX-License-Identifier: Apache-2.0
//
// The second way to notice a dropped clause: a litmus test has other final states or flags under the model
// without it. Asks the solver directly, through nothing but the event graph and the model's formulas.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "encoder/solver.hpp"
#include "model/graph/litmus/litmus_graph.hpp"
#include "tests/mutation/clause_formulas.hpp"

namespace tlbcheck::tests {

struct LitmusTest {
    std::string name;
    std::string path;
};

/// The .litmus files below a folder, short and long ones mixed, always in the same order.
std::vector<LitmusTest> litmus_tests_below(const std::string& folder);

/// One test under one model; answers which clauses of that model it notices.
class LitmusProbe {
  public:
    /// nullopt when the test cannot be read or has too many events or states for a mutation run, or takes
    /// longer than so many milliseconds.
    static std::optional<LitmusProbe> open(const LitmusTest& test, const std::set<std::string>& variants,
                                           const model::MemoryModel& model, std::uint64_t milliseconds);

    /// True iff the test has other final states or flags without the clause. Out of time counts as no.
    bool notices(const Clause& clause);

  private:
    LitmusProbe(model::LitmusGraph graph, const model::MemoryModel& model, std::uint64_t milliseconds);
    bool find_outcome();
    bool notices_in_time(const Clause& clause);
    bool satisfiable(std::initializer_list<model::Formula> together);

    std::unique_ptr<model::LitmusGraph> graph_;
    ClauseFormulas formulas_;
    encoder::Solver solver_;
    std::uint64_t milliseconds_;
    model::Formula counts_;               ///< within limits, free of errors, met by the filter
    std::vector<model::Formula> states_;  ///< that the model allows
    model::Formula another_;              ///< a state that is none of these
    std::set<std::string> raised_;        ///< flags
};

}  // namespace tlbcheck::tests
