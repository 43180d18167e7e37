// SPDX-License-Identifier: Apache-2.0
//
// Formulas as clauses: the pool's nodes become definitions by polarity (Plaisted and Greenbaum), each stated
// on first use, so that no preprocessing is needed and assumptions stay cheap. Every solver takes the same
// clauses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/graph/event_graph.hpp"
#include "model/logic/formula.hpp"

namespace tlbcheck::encoder {

/// A variable of the clauses, from 1, or its negation below 0 (as in DIMACS).
using Literal = std::int32_t;

class Clauses {
  public:
    /// The pool may grow later; it must outlive the clauses.
    explicit Clauses(const model::logic::FormulaPool& pool) : pool_(&pool) {}

    /// `f` holds. A constant false becomes the empty clause.
    void require(model::Formula f);
    /// "not both": kept from the pool's simplifications.
    void exclude(model::Formula a, model::Formula b);
    /// Everything a graph requires and excludes.
    void require_graph(const model::EventGraph& graph);
    /// The literal of a formula that is to be true; only what follows from that is stated. No constants.
    Literal literal(model::Formula f);

    /// All clauses, each ended by 0.
    std::span<const Literal> literals() const { return literals_; }
    std::size_t clause_count() const { return clause_count_; }
    std::size_t variable_count() const { return nodes_.size(); }
    /// The pool's variable that variable `v` (from 1) stands for; nullopt for a definition.
    std::optional<model::logic::Variable> named(Literal v) const;
    const model::logic::FormulaPool& pool() const { return *pool_; }
    /// Takes the clauses out that are there: for a solver that keeps them itself.
    std::vector<Literal> drain();
    /// Bytes held, about.
    std::size_t bytes() const;

  private:
    struct Known {
        Literal variable = 0;
        bool defined = false, defined_negated = false;  ///< which directions of the definition are stated
        bool required = false;                          ///< holds always: its operands are required
    };
    Known& known(model::Formula f);
    Literal plain(model::Formula f);
    void define(model::Formula g, std::vector<model::Formula>& needed);
    bool stated_in_place(model::Formula f) const;
    void add_clause(model::Formula first, std::span<const model::Formula> operands,
                    std::vector<model::Formula>& needed);
    void end_clause();

    const model::logic::FormulaPool* pool_;
    std::vector<Known> known_;          ///< by node
    std::vector<std::uint32_t> nodes_;  ///< by variable - 1
    std::vector<Literal> literals_;
    std::size_t clause_count_ = 0;
};

}  // namespace tlbcheck::encoder
