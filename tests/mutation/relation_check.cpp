// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/relation_check.hpp"

#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/random_execution.hpp"

namespace tlbcheck::tests {

namespace {

bool same_value(model::ConcreteEvaluator& evaluator, const model::NodePointer& a,
                const model::NodePointer& b) {
    if (model::is_set(a->op)) return evaluator.evaluate(model::Set(a)) == evaluator.evaluate(model::Set(b));
    return evaluator.evaluate(model::Rel(a)) == evaluator.evaluate(model::Rel(b));
}

}  // namespace

std::vector<ClauseKey> keys_of(const std::vector<Clause>& clauses) {
    std::map<ClauseKey, std::size_t> count;
    std::vector<ClauseKey> keys;
    for (const Clause& c : clauses) {
        const ClauseKey alike{c.where, c.kind, c.text, c.context, 0};
        keys.emplace_back(c.where, c.kind, c.text, c.context, count[alike]++);
    }
    return keys;
}

std::set<std::size_t> noticed_by_relations(const model::MemoryModel& model,
                                           const std::vector<Clause>& clauses, std::size_t executions,
                                           std::uint64_t seed) {
    std::set<std::size_t> noticed;
    std::map<std::size_t, model::NodePointer> open;
    for (std::size_t i = 0; i < clauses.size(); ++i) {
        if (clauses[i].definition) {
            open.emplace(i, without_clause(clauses[i]));
        } else {
            noticed.insert(i);
        }
    }
    Primitives primitives;
    primitives.add(model);
    Dice dice(seed);
    for (std::size_t run = 0; run < executions && !open.empty(); ++run) {
        const RandomExecution random =
            run % 4 == 0 ? random_program(dice) : random_unconstrained(primitives, dice);
        model::ConcreteEvaluator evaluator(*random.graph, random.execution);
        for (auto it = open.begin(); it != open.end();) {
            const bool same = same_value(evaluator, clauses[it->first].definition, it->second);
            if (!same) noticed.insert(it->first);
            it = same ? std::next(it) : open.erase(it);
        }
    }
    return noticed;
}

}  // namespace tlbcheck::tests
