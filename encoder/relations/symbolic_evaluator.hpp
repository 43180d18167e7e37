// SPDX-License-Identifier: Apache-2.0
//
// Evaluates relational expressions over an event graph into relations between bounds. Primitive names are
// those of the graph's sets and relations, plus what follows from events alone: po, po-loc, int, ext, loc,
// same-instance, same-low-order-bits.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "encoder/relations/symbolic_algebra.hpp"
#include "model/graph/event_graph.hpp"
#include "model/relations/expr.hpp"
#include "model/relations/memory_model.hpp"

namespace tlbcheck::encoder {

using model::Node;
using model::NodePointer;
using model::Op;
using model::Rel;
using model::Set;

class SymbolicEvaluator {
  public:
    explicit SymbolicEvaluator(EventGraph& graph) : algebra_(graph) {}

    /// Gives a primitive relation a meaning, as for the chosen relations of a model ("TLBI-after").
    void bind(std::string name, SymbolicRelation relation);
    const SymbolicRelation& evaluate(const Rel& r) { return relation(r.node()); }
    const SymbolicSet& evaluate(const Set& s) { return set(s.node()); }
    SymbolicAlgebra& algebra() { return algebra_; }
    /// Forgets intermediate results; bound relations stay.
    void forget();

  private:
    const SymbolicRelation& relation(const NodePointer& n);
    const SymbolicSet& set(const NodePointer& n);
    SymbolicRelation compute(const NodePointer& n);
    SymbolicRelation compute_primitive(const std::string& name);
    SymbolicRelation compute_intersection(const NodePointer& n);
    SymbolicRelation compute_sequence(const NodePointer& n);
    SymbolicRelation compute_path_sequence(const std::vector<NodePointer>& factors);
    /// A closure, with the identity or without, that is not known as a whole and was not asked for often.
    bool is_unknown_path(const NodePointer& n) const;
    SymbolicRelation path(const NodePointer& n, const PathEnds& ends);
    std::vector<NodePointer> factors(const NodePointer& n) const;
    void forget_what_mentions(const std::set<std::string>& names);
    SymbolicSet compute_set(const NodePointer& n);
    SymbolicRelation compute_fixpoint(const NodePointer& n);
    /// True for nodes whose pairs are better asked for one by one than listed (products, complements, loc,
    /// ext, ...).
    bool is_lazy(const NodePointer& n) const;
    using Cells = std::function<Formula(std::size_t, std::size_t)>;
    using Narrow = std::function<void(std::size_t, BitRow&)>;
    /// A node's edges to be asked for one by one.
    Cells cells(const NodePointer& n);
    Cells listed_cells(const NodePointer& n);
    Cells primitive_cells(const std::string& name);
    /// Columns that a lazy node's row cannot have; nothing where that is not seen at once.
    Narrow narrow(const NodePointer& n);
    SymbolicRelation list(const NodePointer& n) { return algebra_.tabulate(cells(n), narrow(n)); }

    SymbolicAlgebra algebra_;
    // Results are kept by node; the node is kept alive with them.
    std::unordered_map<const Node*, std::pair<NodePointer, std::unique_ptr<SymbolicRelation>>> relations_;
    std::unordered_map<const Node*, std::pair<NodePointer, std::unique_ptr<SymbolicSet>>> sets_;
    std::unordered_map<const Node*, int> paths_made_;  // of a closure that is not known as a whole
    std::map<std::string, SymbolicRelation> primitives_;
    std::map<std::string, SymbolicRelation> bound_;
};

}  // namespace tlbcheck::encoder
