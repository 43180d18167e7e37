// SPDX-License-Identifier: Apache-2.0
//
// Choices, checks and flags of a model, made into formulas.
#include "encoder/model_formulas.hpp"

#include <fmt/format.h>

#include "encoder/relations/acyclicity.hpp"

namespace tlbcheck::encoder {

ModelFormulas::ModelFormulas(EventGraph& graph, const MemoryModel& model)
    : graph_(&graph), evaluator_(graph) {
    for (const PairChoice& choice : model.choices) add_choice(choice);
    for (const Check& check : model.checks) add_check(check);
}

void ModelFormulas::add_choice(const PairChoice& choice) {
    FormulaPool& pool = graph_->pool();
    const SymbolicRelation pairs = evaluator_.evaluate(choice.pairs);
    const SymbolicRelation& forced = evaluator_.evaluate(choice.forced);
    const BitMatrix may = pairs.may();
    std::vector<Edge> edges;
    for (std::size_t a = 0; a < pairs.size(); ++a) {
        for_each_bit(may.row(a), [&](std::size_t b) {
            const Formula pair = pairs.at(a, b);
            const Formula forwards = forced.at(a, b);
            const Formula backwards = forced.at(b, a);
            const auto from = static_cast<EventId>(a);
            const auto to = static_cast<EventId>(b);
            // A free pair goes one way or the other; a forced one keeps its order (both ways: a cycle, which
            // the model's own constraints then refuse).
            Formula open = forwards;
            if (!forwards.is_true() && !backwards.is_true()) {
                open = pool.variable(fmt::format("{} {} {}", choice.name, a, b));
                pairs_.emplace(pool.variable_of(open), ChosenPair{choice.name, from, to});
            }
            const Formula forward = pool.either(forwards, pool.both(open, !backwards));
            const Formula backward = pool.either(backwards, pool.both(!open, !forwards));
            edges.push_back({from, to, pool.both(pair, forward)});
            edges.push_back({to, from, pool.both(pair, backward)});
        });
    }
    std::erase_if(edges, [](const Edge& e) { return e.when.is_false(); });
    SymbolicRelation relation = evaluator_.algebra().from_edges(edges);
    chosen_.insert_or_assign(choice.name, relation);
    evaluator_.bind(choice.name, std::move(relation));
}

const ChosenPair* ModelFormulas::pair_of(logic::Variable variable) const {
    const auto it = pairs_.find(variable);
    return it == pairs_.end() ? nullptr : &it->second;
}

Formula ModelFormulas::nothing_in(const SymbolicRelation& r) {
    FormulaPool& pool = graph_->pool();
    const BitMatrix may = r.may();
    std::vector<Formula> parts;
    for (std::size_t a = 0; a < r.size(); ++a) {
        for_each_bit(may.row(a), [&](std::size_t b) {
            parts.push_back(
                !pool.conjunction({r.at(a, b), evaluator_.algebra().exec(a), evaluator_.algebra().exec(b)}));
        });
    }
    return pool.conjunction(parts);
}

Formula ModelFormulas::irreflexive(const SymbolicRelation& r) {
    FormulaPool& pool = graph_->pool();
    std::vector<Formula> parts;
    for (std::size_t a = 0; a < r.size(); ++a)
        parts.push_back(!pool.both(r.at(a, a), evaluator_.algebra().exec(a)));
    return pool.conjunction(parts);
}

Formula ModelFormulas::holds(CheckKind kind, const Rel& relation) {
    const NodePointer& n = relation.node();
    switch (kind) {
        case CheckKind::empty:
            return nothing_in(evaluator_.evaluate(relation));
        case CheckKind::acyclic:
            return acyclic(evaluator_.algebra(), evaluator_.evaluate(relation));
        case CheckKind::irreflexive:
            if (n->op == Op::plus)
                return acyclic(evaluator_.algebra(), evaluator_.evaluate(Rel(n->operands[0])));
            return irreflexive(evaluator_.evaluate(relation));
    }
    return logic::true_formula;
}

void ModelFormulas::add_check(const Check& check) {
    check_names_.push_back(check.name);
    if (!check.per_walk) {
        const Formula f = holds(check.kind, check.relation);
        checks_.push_back(check.negated ? !f : f);
        return;
    }
    std::vector<Formula> parts;
    for (const std::string& walk : graph_->walks) {
        const Set scope = model::set(walk) | model::set("TLBI");
        parts.push_back(holds(check.kind, id(scope) >> check.relation >> id(scope)));
    }
    checks_.push_back(graph_->pool().conjunction(parts));
}

Formula ModelFormulas::flag(const Flag& flag) {
    const Formula f = holds(flag.kind, flag.relation);
    return flag.negated ? f : !f;
}

Execution ModelFormulas::execution(logic::Assignment& assignment) const {
    Execution x = concretise(*graph_, assignment);
    for (const auto& [name, chosen_relation] : chosen_) {
        const auto& relation = chosen_relation;  // A lambda of clang 14 cannot capture a structured binding.
        const BitMatrix may = relation.may();
        BitMatrix chosen(relation.size());
        for (std::size_t a = 0; a < relation.size(); ++a) {
            for_each_bit(may.row(a), [&](std::size_t b) {
                const bool there =
                    x.executed.test(a) && x.executed.test(b) && assignment.value(relation.at(a, b));
                if (there) chosen.set(a, b);
            });
        }
        x.chosen.emplace(name, std::move(chosen));
    }
    return x;
}

}  // namespace tlbcheck::encoder
