// SPDX-License-Identifier: Apache-2.0
//
// Unit propagation over the nodes of the pool, in both directions; no learning. Operand counts of each
// conjunction tell when it is settled.
#include "tests/enumerator/partial_assignment.hpp"

#include <algorithm>

namespace tlbcheck::tests::enumerator {

using logic::NodeKind;

namespace {

Formula node_formula(std::size_t node) {
    return Formula::from_code(static_cast<std::uint32_t>(node << 1U));
}

}  // namespace

PartialAssignment::PartialAssignment(const EventGraph& graph) : graph_(&graph), pool_(&graph.pool()) {
    link_operands();
    assume(logic::true_formula);
    for (const auto& [a, b] : graph.exclusions()) {
        if (a.is_constant() || b.is_constant()) {
            assume(!(a.is_true() ? b : a));
            continue;
        }
        excluded_[a.code()].push_back(b);
        excluded_[b.code()].push_back(a);
    }
    for (const Formula f : graph.constraints()) {
        if (!assume(f)) return;
    }
}

void PartialAssignment::link_operands() {
    nodes_.resize(pool_->node_count());
    parents_.resize(pool_->node_count());
    excluded_.resize(2 * pool_->node_count());
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        const auto operands = pool_->operands(node_formula(n));
        nodes_[n].arity = static_cast<std::uint32_t>(operands.size());
        for (const Formula c : operands)
            parents_[c.node()].push_back({static_cast<std::uint32_t>(n), c.negated()});
    }
}

void PartialAssignment::set(Formula f) {
    const Truth t = truth(f);
    if (t == Truth::yes) return;
    if (t == Truth::no) {
        consistent_ = false;
        return;
    }
    nodes_[f.node()].truth = f.negated() ? Truth::no : Truth::yes;
    trail_.push_back(f.node());
    queue_.push_back(f.node());
    for (const Parent& p : parents_[f.node()]) {
        NodeState& parent = nodes_[p.node];
        ++(f.negated() == p.negated ? parent.true_operands : parent.false_operands);
    }
}

/// A conjunction that does not hold and whose operands all hold but one: that one does not.
void PartialAssignment::force_last_operand(Formula conjunction) {
    const NodeState& state = nodes_[conjunction.node()];
    if (state.false_operands > 0 || state.true_operands + 1 < state.arity) return;
    if (state.true_operands == state.arity) {
        consistent_ = false;
        return;
    }
    const auto operands = pool_->operands(conjunction);
    const auto last = std::ranges::find_if(operands, [&](Formula c) { return open(c); });
    set(!*last);
}

void PartialAssignment::settle(std::uint32_t node) {
    const Formula self = node_formula(node);
    if (pool_->kind(self) == NodeKind::conjunction) {
        if (is(self)) {
            for (const Formula c : pool_->operands(self)) set(c);
        } else {
            force_last_operand(self);
        }
    }
    for (const Parent& p : parents_[node]) {
        const Formula parent = node_formula(p.node);
        const NodeState& state = nodes_[p.node];
        if (state.false_operands > 0) {
            set(!parent);
        } else if (state.true_operands == state.arity) {
            set(parent);
        } else if (truth(parent) == Truth::no) {
            force_last_operand(parent);
        }
    }
    const Formula literal = is(self) ? self : !self;
    for (const Formula other : excluded_[literal.code()]) set(!other);
}

bool PartialAssignment::assume(Formula f) {
    if (!consistent_) return false;
    queue_.clear();
    set(f);
    for (std::size_t next = 0; next < queue_.size() && consistent_; ++next) settle(queue_[next]);
    return consistent_;
}

void PartialAssignment::undo(std::size_t mark) {
    while (trail_.size() > mark) {
        const std::uint32_t node = trail_.back();
        trail_.pop_back();
        const bool was = nodes_[node].truth == Truth::yes;
        nodes_[node].truth = Truth::open;
        for (const Parent& p : parents_[node]) {
            NodeState& parent = nodes_[p.node];
            --(was != p.negated ? parent.true_operands : parent.false_operands);
        }
    }
    consistent_ = true;
}

Formula PartialAssignment::open_variable(Formula f) const {
    std::vector<std::uint32_t> stack{f.node()};
    std::vector<bool> seen(nodes_.size());
    Formula grouped;
    while (!stack.empty()) {
        const Formula g = node_formula(stack.back());
        stack.pop_back();
        if (seen[g.node()]) continue;
        seen[g.node()] = true;
        if (pool_->kind(g) == NodeKind::variable) {
            if (pool_->group(pool_->variable_of(g)) == logic::no_group) return g;
            if (grouped.is_constant()) grouped = g;
            continue;
        }
        for (const Formula c : pool_->operands(g)) {
            if (open(c)) stack.push_back(c.node());
        }
    }
    return grouped;
}

/// A conjunction can be known not to hold with no operand known that fails. Often the open variables may all
/// be false then; where they may not, one of them is to be decided.
Formula PartialAssignment::open_reason() const {
    logic::Assignment rest_false(*pool_, values());
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        const NodeState& state = nodes_[n];
        if (state.arity == 0 || state.truth != Truth::no || state.false_operands > 0) continue;
        if (!rest_false.value(node_formula(n))) continue;
        const auto operands = pool_->operands(node_formula(n));
        return *std::ranges::find_if(operands, [&](Formula c) { return open(c); });
    }
    for (const auto& [a, b] : graph_->exclusions()) {
        if (open(a) && open(b) && rest_false.value(a) && rest_false.value(b)) return a;
    }
    return logic::true_formula;
}

std::vector<bool> PartialAssignment::values() const {
    std::vector<bool> result(pool_->variable_count());
    for (logic::Variable v = 0; v < result.size(); ++v) result[v] = is(pool_->of_variable(v));
    return result;
}

}  // namespace tlbcheck::tests::enumerator
