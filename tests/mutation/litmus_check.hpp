// SPDX-License-Identifier: Apache-2.0
//
// The second way to notice a dropped clause: a litmus test has other final states or flags under the model
// without it. Asks the solver directly, through nothing but the event graph and the model's formulas.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/graph/litmus/litmus_graph.hpp"
#include "model/limits/budget.hpp"
#include "model/program/litmus_program.hpp"
#include "model/rel/model_formulas.hpp"
#include "tests/mutation/clauses.hpp"

namespace tlbcheck::tests {

struct LitmusTest {
    std::string name;
    std::string path;
};

/// The .litmus files below a folder, short and long ones mixed, always in the same order.
std::vector<LitmusTest> litmus_tests_below(const std::string& folder);

/// All that a test says under a model, as text: final states, each with the condition's value, and flags.
using Outcome = std::string;

/// One test under one model; answers which clauses of that model it notices.
class LitmusProbe {
  public:
    /// nullopt when the test cannot be read or has too many events or states for a mutation run.
    static std::optional<LitmusProbe> open(const LitmusTest& test, const std::set<std::string>& variants,
                                           const model::MemoryModel& model, std::uint64_t milliseconds);

    /// True iff the outcome without the clause is another one. Undecided counts as no.
    bool notices(const Clause& clause);
    std::size_t solver_runs() const { return runs_; }

  private:
    LitmusProbe(model::LitmusProgram program, model::MemoryModel model, std::uint64_t milliseconds)
        : program_(std::move(program)), model_(std::move(model)), milliseconds_(milliseconds) {}
    std::optional<Outcome> outcome(const model::MemoryModel& model);
    std::optional<Outcome> outcome_in_time(const model::MemoryModel& model) const;
    /// Cheap: whether the definition the clause stands in is another relation on this test's graph without
    /// it.
    bool touches(const Clause& clause);

    model::LitmusProgram program_;
    model::MemoryModel model_;
    std::uint64_t milliseconds_;
    Outcome baseline_;
    std::unique_ptr<model::LitmusGraph> graph_;
    std::unique_ptr<model::ModelFormulas> formulas_;
    std::size_t runs_ = 0;
};

}  // namespace tlbcheck::tests
