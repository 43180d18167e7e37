// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/clause_formulas.hpp"

#include <algorithm>

namespace tlbcheck::tests {

using model::Formula;

namespace {

// Results of so many clauses are kept before the evaluator starts afresh.
constexpr std::size_t clauses_kept = 64;

bool same_choices(const model::MemoryModel& a, const model::MemoryModel& b) {
    const auto same = [](const model::PairChoice& x, const model::PairChoice& y) {
        return x.pairs.node() == y.pairs.node() && x.forced.node() == y.forced.node();
    };
    return std::ranges::equal(a.choices, b.choices, same);
}

template <typename Named>
const Named* find_named(const std::vector<Named>& all, const std::string& name) {
    const auto it = std::ranges::find(all, name, &Named::name);
    return it == all.end() ? nullptr : &*it;
}

}  // namespace

ClauseFormulas::ClauseFormulas(model::EventGraph& graph, const model::MemoryModel& model)
    : graph_(graph), model_(model), formulas_(graph, model) {
    for (std::size_t i = 0; i < formulas_.checks().size(); ++i)
        checks_.emplace(formulas_.check_names()[i], formulas_.checks()[i]);
    allowed_ = graph.pool().conjunction(formulas_.checks());
    for (const model::Flag& flag : model.flags) flags_.emplace(flag.name, formulas_.flag(flag));
}

bool ClauseFormulas::touches(const Clause& clause) {
    if (!clause.definition) return true;
    const model::NodePointer mutant = without_clause(clause);
    const auto as_relation = [](const model::NodePointer& n) {
        return model::is_set(n->op) ? model::id(model::Set(n)) : model::Rel(n);
    };
    const encoder::SymbolicRelation before = formulas_.evaluator().evaluate(as_relation(clause.definition));
    return !(before == formulas_.evaluator().evaluate(as_relation(mutant)));
}

/// A check is what raises no flag of the same relation.
Formula ClauseFormulas::holds(const model::Check& check) {
    const auto of = [&](const model::Rel& r) {
        return formulas_.flag({check.name, r, !check.negated, check.kind});
    };
    if (!check.per_walk) return of(check.relation);
    std::vector<Formula> parts;
    for (const std::string& walk : graph_.walks) {
        const model::Rel scope = model::id(model::set(walk) | model::set("TLBI"));
        parts.push_back(of(scope >> check.relation >> scope));
    }
    return graph_.pool().conjunction(parts);
}

ClauseFormulas::Mutant ClauseFormulas::with_own_choices(const model::MemoryModel& mutant) const {
    Mutant result;
    result.same = false;
    result.other_choices = true;
    encoder::ModelFormulas formulas(graph_, mutant);
    result.allowed = graph_.pool().conjunction(formulas.checks());
    for (const model::Flag& flag : mutant.flags) result.flags.emplace(flag.name, formulas.flag(flag));
    return result;
}

ClauseFormulas::Mutant ClauseFormulas::with_same_choices(const model::MemoryModel& mutant) {
    Mutant result;
    std::vector<Formula> all;
    for (const model::Check& check : mutant.checks) {
        const bool as_before =
            find_named(model_.checks, check.name)->relation.node() == check.relation.node();
        all.push_back(as_before ? checks_.at(check.name) : holds(check));
    }
    result.allowed = graph_.pool().conjunction(all);
    for (const model::Flag& flag : mutant.flags) {
        const bool as_before = find_named(model_.flags, flag.name)->relation.node() == flag.relation.node();
        result.flags.emplace(flag.name, as_before ? flags_.at(flag.name) : formulas_.flag(flag));
    }
    result.same = result.allowed == allowed_ && result.flags == flags_;
    return result;
}

ClauseFormulas::Mutant ClauseFormulas::without(const Clause& clause) {
    if (++asked_ % clauses_kept == 0) formulas_.evaluator().forget();
    if (!touches(clause)) return {};
    const model::MemoryModel mutant = without_clause(model_, clause);
    return same_choices(model_, mutant) ? with_same_choices(mutant) : with_own_choices(mutant);
}

}  // namespace tlbcheck::tests
