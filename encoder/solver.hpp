// SPDX-License-Identifier: Apache-2.0
//
// The one layer over Z3: propositional formulas in, satisfying assignments out. No Z3 name leaves encoder/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/graph/event_graph.hpp"
#include "model/logic/formula.hpp"

namespace tlbcheck::encoder {

using model::logic::Formula;
using model::logic::FormulaPool;

enum class Outcome : std::uint8_t { satisfiable, unsatisfiable, undecided };

/// Keeps to the time and memory of the running thread's budget (model/limits/budget.hpp); running out of
/// either is model::LimitReached. An undecided outcome is a solver that gave up for reasons of its own.
class Solver {
  public:
    /// The pool may grow later; it must outlive the solver.
    explicit Solver(const FormulaPool& pool);
    ~Solver();
    Solver(Solver&&) noexcept;
    Solver& operator=(Solver&&) noexcept;
    Solver(const Solver&) = delete;
    Solver& operator=(const Solver&) = delete;

    void require(Formula f);
    /// "not both": kept from the pool's simplifications.
    void exclude(Formula a, Formula b);
    /// Everything a graph requires and excludes.
    void require_graph(const model::EventGraph& graph);

    /// Satisfiability together with the assumptions.
    Outcome check(std::span<const Formula> assumptions = {});
    Outcome check(Formula assumption);
    /// Values of all variables of the pool after a satisfiable check; those that do not matter are false.
    std::vector<bool> assignment() const;
    /// Why the last check was undecided, in words.
    const std::string& reason() const;

    /// The least assignment in the order of the variables (false before true) among those that meet the
    /// assumptions; what makes a printed witness canonical. nullopt: undecided. Call after a satisfiable
    /// check of the same question.
    std::optional<std::vector<bool>> least_assignment(std::span<const Formula> assumptions,
                                                      std::span<const Formula> order);

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// Version of the solver library: "4.13.3".
std::string solver_version();

}  // namespace tlbcheck::encoder
