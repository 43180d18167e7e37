// SPDX-License-Identifier: Apache-2.0
//
// A model's formulas over one event graph, and those of the same model without one of its clauses. What the
// clause does not reach is taken over, so that asking one test about hundreds of clauses stays cheap.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "encoder/model_formulas.hpp"
#include "tests/mutation/clauses.hpp"

namespace tlbcheck::tests {

class ClauseFormulas {
  public:
    /// `graph` must outlive the object.
    ClauseFormulas(model::EventGraph& graph, const model::MemoryModel& model);

    /// "All checks hold."
    model::Formula allowed() const { return allowed_; }
    /// Each flag's "it is raised".
    const std::map<std::string, model::Formula>& flags() const { return flags_; }

    struct Mutant {
        bool same = true;            ///< the formulas are the model's own; nothing else is set then
        bool other_choices = false;  ///< `allowed` is about choices of its own, not those of the model
        model::Formula allowed;
        std::map<std::string, model::Formula> flags;
    };
    Mutant without(const Clause& clause);

  private:
    /// Cheap: whether the definition the clause stands in is another relation on this graph without it.
    bool touches(const Clause& clause);
    model::Formula holds(const model::Check& check);
    Mutant with_own_choices(const model::MemoryModel& mutant) const;
    Mutant with_same_choices(const model::MemoryModel& mutant);

    model::EventGraph& graph_;
    model::MemoryModel model_;
    encoder::ModelFormulas formulas_;
    std::map<std::string, model::Formula> checks_;
    model::Formula allowed_;
    std::map<std::string, model::Formula> flags_;
    std::size_t asked_ = 0;
};

}  // namespace tlbcheck::tests
