// SPDX-License-Identifier: Apache-2.0
//
// Formulas as SMT-LIB 2 text, for any other solver: variables and shared parts are named, what is asserted
// carries the name of its rule.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/graph/event_graph.hpp"
#include "model/logic/formula.hpp"

namespace tlbcheck::encoder {

/// Something that holds, with where it comes from: "check external", "candidate".
struct NamedFormula {
    std::string name;
    model::Formula formula;
};

/// Declarations, definitions, assertions and `(check-sat)`, in the logic of propositions (QF_UF). `graph`
/// gives the facts and exclusions of every candidate execution.
std::string smtlib_script(const model::EventGraph& graph, const std::vector<NamedFormula>& asserted);
/// The same without a graph: `required` are the facts of every choice.
std::string smtlib_script(const model::logic::FormulaPool& pool, std::span<const model::Formula> required,
                          const std::vector<NamedFormula>& asserted);

}  // namespace tlbcheck::encoder
