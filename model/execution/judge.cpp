// SPDX-License-Identifier: Apache-2.0
//
// Applies a model's pair choices, constraints and flags to a concrete execution.
#include <fmt/format.h>
#include <algorithm>
#include <deque>

#include "model/execution/concrete_evaluator.hpp"

namespace tlbcheck::model {

namespace {

/// Shortest path from `start` back to itself by breadth-first search; empty when there is none.
std::vector<EventId> cycle_through(const BitMatrix& r, std::size_t start) {
    std::vector<std::size_t> parent(r.size(), r.size());
    std::deque<std::size_t> queue{start};
    while (!queue.empty()) {
        const std::size_t i = queue.front();
        queue.pop_front();
        if (r.test(i, start)) {
            std::vector<EventId> path;
            for (std::size_t k = i; k != start; k = parent[k]) path.push_back(static_cast<EventId>(k));
            path.push_back(static_cast<EventId>(start));
            std::ranges::reverse(path);
            return path;
        }
        for_each_bit(r.row(i), [&](std::size_t j) {
            if (parent[j] != r.size() || j == start) return;
            parent[j] = i;
            queue.push_back(j);
        });
    }
    return {};
}

std::vector<EventId> first_edge(const BitMatrix& r) {
    for (std::size_t i = 0; i < r.size(); ++i) {
        std::vector<EventId> found;
        for_each_bit(r.row(i), [&](std::size_t j) {
            if (found.empty()) found = {static_cast<EventId>(i), static_cast<EventId>(j)};
        });
        if (!found.empty()) return found;
    }
    return {};
}

std::vector<EventId> first_self_edge(const BitMatrix& r) {
    for (std::size_t i = 0; i < r.size(); ++i) {
        if (r.test(i, i)) return {static_cast<EventId>(i)};
    }
    return {};
}

/// The events that witness that the constraint is broken; for irreflexive closures, a whole cycle.
std::vector<EventId> broken_by(const Check& check, ConcreteEvaluator& evaluator) {
    const NodePointer& n = check.relation.node();
    if (check.kind == CheckKind::irreflexive && n->op == Op::plus) {
        return shortest_cycle(evaluator.evaluate(Rel(n->operands[0])));
    }
    const BitMatrix& r = evaluator.evaluate(check.relation);
    switch (check.kind) {
        case CheckKind::irreflexive:
            return first_self_edge(r);
        case CheckKind::acyclic:
            return shortest_cycle(r);
        case CheckKind::empty:
            return first_edge(r);
    }
    return {};
}

BitMatrix restricted(const BitMatrix& r, const BitRow& to) {
    BitMatrix result(r.size());
    for_each_bit(to.words(), [&](std::size_t i) {
        or_into(result.row(i), r.row(i));
        and_into(result.row(i), to.words());
    });
    return result;
}

void judge_walks(const Check& check, const EventGraph& graph, ConcreteEvaluator& evaluator,
                 Judgement& judgement) {
    const BitMatrix& r = evaluator.evaluate(check.relation);
    for (const std::string& walk : graph.walks) {
        BitRow scope = evaluator.evaluate(set(walk));
        or_into(scope.words(), evaluator.evaluate(set("TLBI")).words());
        const auto cycle = shortest_cycle(restricted(r, scope));
        if (!cycle.empty()) judgement.violations.push_back({check.name, cycle});
    }
}

/// The chosen relation must order every free pair one way, and keep the forced ones.
void judge_choice(const PairChoice& choice, const Execution& x, ConcreteEvaluator& evaluator,
                  Judgement& judgement) {
    const BitMatrix& pairs = evaluator.evaluate(choice.pairs);
    const BitMatrix& forced = evaluator.evaluate(choice.forced);
    const auto it = x.chosen.find(choice.name);
    const BitMatrix chosen = it == x.chosen.end() ? BitMatrix(x.co.size()) : it->second;
    BitMatrix allowed = pairs;
    const BitMatrix inverse = pairs.transposed();
    for (std::size_t i = 0; i < pairs.size(); ++i) or_into(allowed.row(i), inverse.row(i));
    for (std::size_t a = 0; a < pairs.size(); ++a) {
        for_each_bit(allowed.row(a), [&](std::size_t b) {
            const bool fixed = forced.test(a, b) || forced.test(b, a);
            const bool right =
                fixed ? chosen.test(a, b) == forced.test(a, b) : chosen.test(a, b) != chosen.test(b, a);
            if (!right) judgement.ill_formed.push_back(fmt::format("{} wrong for {} {}", choice.name, a, b));
        });
        BitRow extra(pairs.size());
        or_into(extra.words(), chosen.row(a));
        remove_from(extra.words(), allowed.row(a));
        if (extra.any())
            judgement.ill_formed.push_back(
                fmt::format("{} orders more than its pairs at {}", choice.name, a));
    }
}

}  // namespace

std::vector<EventId> shortest_cycle(const BitMatrix& r) {
    BitMatrix closed = r;
    closed.close();
    std::vector<EventId> best;
    for (std::size_t i = 0; i < r.size(); ++i) {
        if (!closed.test(i, i)) continue;
        auto cycle = cycle_through(r, i);
        if (!cycle.empty() && (best.empty() || cycle.size() < best.size())) best = std::move(cycle);
        if (best.size() == 1) break;
    }
    return best;
}

Judgement judge(const MemoryModel& model, const EventGraph& graph, const Execution& execution, bool all) {
    Judgement judgement;
    judgement.ill_formed = well_formedness_errors(graph, execution);
    ConcreteEvaluator evaluator(graph, execution);
    for (const PairChoice& choice : model.choices) judge_choice(choice, execution, evaluator, judgement);
    for (const Check& check : model.checks) {
        if (!all && !judgement.violations.empty()) break;
        if (check.per_walk) {
            judge_walks(check, graph, evaluator, judgement);
            continue;
        }
        const auto events = broken_by(check, evaluator);
        if (events.empty() == check.negated) judgement.violations.push_back({check.name, events});
    }
    if (!judgement.allowed()) return judgement;
    for (const Flag& flag : model.flags) {
        const bool holds = broken_by({flag.kind, flag.name, flag.relation, false, false}, evaluator).empty();
        if (holds == flag.negated) judgement.flags.push_back(flag.name);
    }
    return judgement;
}

}  // namespace tlbcheck::model
