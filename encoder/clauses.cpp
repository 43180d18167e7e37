// SPDX-License-Identifier: Apache-2.0
//
// The traversal keeps a list of its own instead of recursing: formulas of large questions are deep.
#include "encoder/clauses.hpp"

#include <utility>

#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

using model::Formula;
using model::logic::NodeKind;

namespace {

/// A short "one of these fails" is repeated where it is implied: cheaper than one more variable.
constexpr std::size_t longest_in_place = 3;

}  // namespace

Clauses::Known& Clauses::known(Formula f) {
    if (f.node() >= known_.size()) known_.resize(pool_->node_count());
    Known& k = known_[f.node()];
    if (k.variable == 0) {
        nodes_.push_back(f.node());
        k.variable = static_cast<Literal>(nodes_.size());
    }
    return k;
}

Literal Clauses::plain(Formula f) {
    const Literal v = known(f).variable;
    return f.negated() ? -v : v;
}

void Clauses::end_clause() {
    literals_.push_back(0);
    ++clause_count_;
}

/// A conjunction is taken apart, each of its parts once: parts share parts, and there can be exponentially
/// many ways to come to one.
void Clauses::require(Formula f) {
    std::vector<Formula> parts{f};
    while (!parts.empty()) {
        const Formula part = parts.back();
        parts.pop_back();
        if (part.is_true()) continue;
        if (part.is_false()) {
            end_clause();
        } else if (pool_->kind(part) != NodeKind::conjunction) {
            literals_.push_back(literal(part));
            end_clause();
        } else if (part.negated()) {
            std::vector<Literal> clause;
            for (const Formula c : pool_->operands(part)) clause.push_back(literal(!c));
            literals_.insert(literals_.end(), clause.begin(), clause.end());
            end_clause();
        } else if (!std::exchange(known(part).required, true)) {
            const auto operands = pool_->operands(part);
            parts.insert(parts.end(), operands.rbegin(), operands.rend());
        }
    }
}

void Clauses::exclude(Formula a, Formula b) {
    if (a.is_false() || b.is_false()) return;
    std::vector<Literal> clause;
    for (const Formula f : {!a, !b}) {
        if (!f.is_constant()) clause.push_back(literal(f));
    }
    literals_.insert(literals_.end(), clause.begin(), clause.end());
    end_clause();
}

void Clauses::require_graph(const model::EventGraph& graph) {
    for (const Formula f : graph.constraints()) require(f);
    for (const auto& [a, b] : graph.exclusions()) exclude(a, b);
}

Literal Clauses::literal(Formula f) {
    std::vector<Formula> needed{f};
    while (!needed.empty()) {
        model::poll();
        const Formula g = needed.back();
        needed.pop_back();
        Known& k = known(g);
        bool& defined = g.negated() ? k.defined_negated : k.defined;
        if (std::exchange(defined, true)) continue;
        if (pool_->kind(g) == NodeKind::conjunction) define(g, needed);
    }
    return plain(f);
}

/// `g` implies its operands, or, negated, the failure of one.
void Clauses::define(Formula g, std::vector<Formula>& needed) {
    if (g.negated()) {
        add_clause(!g, pool_->operands(g), needed);
        return;
    }
    for (const Formula c : pool_->operands(g)) {
        if (stated_in_place(c)) {
            add_clause(!g, pool_->operands(c), needed);
        } else {
            needed.push_back(c);
            literals_.push_back(plain(!g));
            literals_.push_back(plain(c));
            end_clause();
        }
    }
}

bool Clauses::stated_in_place(Formula f) const {
    return f.negated() && pool_->kind(f) == NodeKind::conjunction &&
           pool_->operands(f).size() <= longest_in_place;
}

/// `first` or one of `operands` fails.
void Clauses::add_clause(Formula first, std::span<const Formula> operands, std::vector<Formula>& needed) {
    for (const Formula c : operands) {
        needed.push_back(!c);
        literals_.push_back(plain(!c));
    }
    literals_.push_back(plain(first));
    end_clause();
}

std::optional<model::logic::Variable> Clauses::named(Literal v) const {
    const Formula f = Formula::from_code(nodes_[static_cast<std::size_t>(v) - 1] << 1U);
    if (pool_->kind(f) != NodeKind::variable) return std::nullopt;
    return pool_->variable_of(f);
}

std::vector<Literal> Clauses::drain() {
    clause_count_ = 0;
    return std::exchange(literals_, {});
}

std::size_t Clauses::bytes() const {
    return known_.capacity() * sizeof(Known) + nodes_.capacity() * sizeof(std::uint32_t) +
           literals_.capacity() * sizeof(Literal);
}

}  // namespace tlbcheck::encoder
