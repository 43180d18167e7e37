// SPDX-License-Identifier: Apache-2.0
//
// Tests whose tables are written out: which read of a walk uses which (docs/formal-model.md sections 3 and
// 11), and the writes of table registers that walks go by.
#include <fmt/format.h>

#include <map>

#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

namespace {

using translation::WalkStep;

/// Of what a walk reads: its place in the order of uses, or nullopt where `b` does not use what `a` gives.
/// Lower is nearer.
std::optional<int> distance_of_use(const WalkStep& a, const WalkStep& b) {
    constexpr int combined = 5;
    if (a.combined || a.va != b.va) return std::nullopt;
    if (a.stage == 2 && b.stage == 2) {
        const bool below = a.input == b.input && a.for_level == b.for_level && b.level > a.level;
        return below ? std::optional(b.level - a.level) : std::nullopt;
    }
    if (b.stage == 2 && !b.combined) return std::nullopt;
    const int at = b.combined ? combined : b.level;
    const int from = a.stage == 2 ? a.for_level - 1 : a.level;
    // Past the levels of stage 2 itself.
    const int past = a.stage == 2 ? 3 - a.level : 0;
    return at > from ? std::optional(past + at - from) : std::nullopt;
}

}  // namespace

/// From each read to the nearest one that uses it, of those that are made.
void LitmusGraphBuilder::add_walk_edges(const std::vector<const PlacedEvent*>& walk) {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    for (const PlacedEvent* a : walk) {
        std::multimap<int, const PlacedEvent*> users;
        for (const PlacedEvent* b : walk) {
            if (const auto distance = distance_of_use(*a->local.step, *b->local.step))
                users.emplace(*distance, b);
        }
        std::vector<Formula> nearer;
        std::vector<Formula> same;
        int at = 0;
        for (const auto& [distance, b] : users) {
            if (distance != at) {
                nearer.insert(nearer.end(), same.begin(), same.end());
                same.clear();
                at = distance;
            }
            const Formula made = pool.both(g.event(a->id).exec, g.event(b->id).exec);
            const Formula when = pool.conjunction({made, !pool.disjunction(nearer)});
            same.push_back(g.event(b->id).exec);
            if (!when.is_false()) g.add_edge("walk", a->id, b->id, !pool.disjunction(nearer));
        }
    }
}

void LitmusGraphBuilder::add_context_edges() {
    EventGraph& g = result_.graph;
    for (const PlacedEvent& read : events_) {
        const LocalEvent& local = read.local;
        if (!local.step || (local.context_begin == 0 && local.context_end == 0)) continue;
        for (const PlacedEvent& e : events_) {
            if (e.thread != read.thread) continue;
            const bool write =
                e.local.role == EventRole::write_register && e.instruction == local.context_begin;
            if (write) g.add_edge("context-begin", e.id, read.id);
            if (e.instruction == local.context_end) g.add_edge("context-end", read.id, e.id);
        }
    }
}

void LitmusGraphBuilder::add_walks() {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    std::map<std::pair<int, int>, std::vector<const PlacedEvent*>> walks;
    for (const PlacedEvent& e : events_) {
        if (e.local.step) walks[{e.thread, e.instruction}].push_back(&e);
        const bool table_register =
            e.local.role == EventRole::write_register &&
            (e.local.reg == ttbr0_el1 || e.local.reg == ttbr0_el2 || e.local.reg == vttbr_el2);
        if (table_register) g.add_to("MSR", e.id);
    }
    for (const auto& [instance, walk] : walks) {
        const std::string name = fmt::format("Walk {}", g.walks.size());
        g.walks.push_back(name);
        for (const PlacedEvent* e : walk) g.add_to(name, e->id);
        add_walk_edges(walk);
    }
    add_context_edges();
    for (const auto& [one, a_walk] : walks) {
        for (const auto& [other, b_walk] : walks) {
            for (const PlacedEvent* a : a_walk) {
                for (const PlacedEvent* b : b_walk) {
                    const WalkStep& p = *a->local.step;
                    const WalkStep& q = *b->local.step;
                    const bool same = p.va / 4096 == q.va / 4096 && p.regime == q.regime &&
                                      p.asid == q.asid && p.vmid == q.vmid;
                    if (same && !pool.both(g.event(a->id).exec, g.event(b->id).exec).is_false())
                        g.add_edge("same-va-page-and-context", a->id, b->id);
                }
            }
        }
    }
}

}  // namespace tlbcheck::model
