// SPDX-License-Identifier: Apache-2.0
//
// The clauses of a memory model, and the model without one of them: what the mutation check drops or weakens.
#pragma once

#include <string>
#include <vector>

#include "model/relations/memory_model.hpp"

namespace tlbcheck::tests {

enum class ClauseKind : std::uint8_t {
    alternative,  ///< operand of a union: dropped
    condition,    ///< operand of an intersection: dropped, so that the other one stands alone
    exception,    ///< right side of a difference, or complement: dropped
    restriction,  ///< [S] in a sequence, or a factor of a product: any event will do
    repetition,   ///< r+, r*, r?: only r once; for r?, only the identity
    check,
    flag,    ///< taken out of the model
    choice,  ///< a chosen relation that orders nothing
    forced,  ///< a chosen relation that keeps no given order
};

const char* describe(ClauseKind kind);

struct Clause {
    ClauseKind kind = ClauseKind::check;
    std::string where;    ///< the definition it stands in ("DSB-ob"), or the check's, flag's, choice's name
    std::string text;     ///< what is dropped
    std::string context;  ///< the alternative of the definition that it is part of
    /// Expressions: the definition (or the relation of a check, flag or choice), and the way down to the
    /// clause.
    model::NodePointer definition;
    std::vector<std::size_t> path;
    std::size_t operand = 0;  ///< which operand of the node there
};

/// All clauses, in the order of the model: those of a definition once, wherever it is used.
std::vector<Clause> clauses_of(const model::MemoryModel& model);

/// `definition` without the clause. Only for clauses of expressions.
model::NodePointer without_clause(const Clause& clause);

/// The model without the clause; everything built from the definition follows.
model::MemoryModel without_clause(const model::MemoryModel& model, const Clause& clause);

}  // namespace tlbcheck::tests
