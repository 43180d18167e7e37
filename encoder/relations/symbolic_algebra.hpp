// SPDX-License-Identifier: Apache-2.0
//
// The operators of the relational vocabulary on relations between bounds. Guards are taken into account:
// composing through an event asks that it executes, an edge between events that never execute together is
// dropped.
#pragma once

#include <functional>
#include <vector>

#include "encoder/relations/symbolic_relation.hpp"
#include "model/graph/event_graph.hpp"

namespace tlbcheck::encoder {

using model::Edge;
using model::EventGraph;
using model::EventId;

/// Where paths are wanted from and to.
struct PathEnds {
    BitRow sources, targets;
};

class SymbolicAlgebra {
  public:
    explicit SymbolicAlgebra(EventGraph& graph);

    EventGraph& graph() { return *graph_; }
    std::size_t size() const { return size_; }
    Formula exec(std::size_t event) const { return graph_->event(static_cast<EventId>(event)).exec; }
    /// True iff both events can execute in one execution, as far as guards tell.
    bool compatible(std::size_t a, std::size_t b) const { return compatible_.test(a, b); }
    const BitMatrix& compatible() const { return compatible_; }

    /// Builds a relation from a function of the pair; called for compatible pairs only, normalised.
    /// `narrow` may take columns out of a row, in which `f` need not be asked: it is false there.
    SymbolicRelation tabulate(const std::function<Formula(std::size_t, std::size_t)>& f,
                              const std::function<void(std::size_t, BitRow&)>& narrow = nullptr);
    SymbolicRelation from_edges(const std::vector<Edge>& edges);
    SymbolicRelation unite(const SymbolicRelation& a, const SymbolicRelation& b);
    SymbolicRelation intersect(const SymbolicRelation& a, const SymbolicRelation& b);
    /// Keeps the edges of `a` for which also f(i, j) holds.
    SymbolicRelation filter(const SymbolicRelation& a,
                            const std::function<Formula(std::size_t, std::size_t)>& f);
    SymbolicRelation subtract(const SymbolicRelation& a, const SymbolicRelation& b);
    SymbolicRelation restrict_domain(const SymbolicSet& s, const SymbolicRelation& r);
    SymbolicRelation restrict_range(const SymbolicRelation& r, const SymbolicSet& s);
    SymbolicRelation compose(const SymbolicRelation& a, const SymbolicRelation& b);
    SymbolicRelation transpose(const SymbolicRelation& r);
    SymbolicRelation closure(const SymbolicRelation& r);
    /// Of the closure only the pairs of `ends`: much less where few events are meant.
    SymbolicRelation closure(const SymbolicRelation& r, const PathEnds& ends);
    /// Pairs joined by certain edges through events sure to execute when the ends do.
    BitMatrix certain_paths(const SymbolicRelation& r) const;
    SymbolicRelation with_identity(const SymbolicRelation& r);
    SymbolicSet domain(const SymbolicRelation& r);
    SymbolicSet range(const SymbolicRelation& r);

    /// The formula of an edge simplified under the guards of its ends.
    Formula normalise(Formula f, std::size_t a, std::size_t b);

  private:
    class RowBuilder;
    void put(SymbolicRelation& r, std::size_t row, std::vector<Cell> cells);
    SymbolicRelation closure(const SymbolicRelation& r, const PathEnds* ends);
    void compose_row(const SymbolicRelation& a, const SymbolicRelation& b, std::size_t row, RowBuilder& out);

    EventGraph* graph_ = nullptr;
    std::size_t size_ = 0;
    BitMatrix compatible_;
    BitMatrix implying_;  ///< implying_(b, x): exec(x) implies exec(b)
};

}  // namespace tlbcheck::encoder
