// SPDX-License-Identifier: Apache-2.0
//
// A memory model applied to an event graph, as formulas: the constraints of the candidate, the pair choices
// and the checks. What remains to be asked is a formula over the same pool.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "encoder/relations/symbolic_evaluator.hpp"
#include "model/execution/execution.hpp"

namespace tlbcheck::encoder {

using model::Check;
using model::CheckKind;
using model::Execution;
using model::Flag;
using model::MemoryModel;
using model::PairChoice;

/// A pair that a choice of the model orders by a variable of its own: true means `from` comes before `to`.
struct ChosenPair {
    std::string choice;  ///< "TLBI-after"
    EventId from = 0, to = 0;
};

class ModelFormulas {
  public:
    ModelFormulas(EventGraph& graph, const MemoryModel& model);

    /// Holds exactly for the executions the model allows, together with the graph's exclusions and
    /// constraints.
    const std::vector<Formula>& checks() const { return checks_; }
    /// Names of the checks, parallel to checks().
    const std::vector<std::string>& check_names() const { return check_names_; }
    /// Formula "the flag is raised"; computed on first use (false at once where no execution can raise it).
    Formula flag(const Flag& flag);
    SymbolicEvaluator& evaluator() { return evaluator_; }
    /// The pair that the variable orders; nullptr where it is none of a pair's.
    const ChosenPair* pair_of(logic::Variable variable) const;
    /// Concrete execution of an assignment, pair choices included.
    Execution execution(logic::Assignment& assignment) const;

  private:
    void add_choice(const PairChoice& choice);
    void add_check(const Check& check);
    Formula holds(CheckKind kind, const Rel& relation);
    Formula nothing_in(const SymbolicRelation& r);
    Formula irreflexive(const SymbolicRelation& r);

    EventGraph* graph_ = nullptr;
    SymbolicEvaluator evaluator_;
    std::vector<Formula> checks_;
    std::vector<std::string> check_names_;
    std::map<std::string, SymbolicRelation> chosen_;
    std::map<logic::Variable, ChosenPair> pairs_;
};

}  // namespace tlbcheck::encoder
