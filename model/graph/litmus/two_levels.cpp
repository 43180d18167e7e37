// SPDX-License-Identifier: Apache-2.0
//
// Tests with a level 2 descriptor for each symbol (variant mlpt): which reads are of one walk, and what a
// TLBI has in scope (docs/formal-model.md section 11).
#include <fmt/format.h>

#include <map>

#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

namespace {

bool is_table(const LitmusValue& v) {
    return v.kind == ValueKind::descriptor && v.descriptor.valid != 0 &&
           v.descriptor.type == LitmusDescriptorType::table;
}

}  // namespace

void LitmusGraphBuilder::add_two_level_sets(const PlacedEvent& e) {
    const Formula table = algebra_.where(e.local.value, is_table);
    const bool upper = e.local.walk_level == 2;
    result_.graph.add_to("Table-TTD", e.id, upper ? table : logic::false_formula);
    result_.graph.add_to("Last-TTD", e.id, upper ? !table : logic::true_formula);
}

/// "`a`, of kind `kind`, and the address `b` are of one symbol."
Formula LitmusGraphBuilder::same_symbol(const Symbolic& a, const Symbolic& b, ValueKind kind) {
    std::vector<Formula> terms;
    for (const auto& x : a.alternatives) {
        const LitmusValue& p = algebra_.values().value(x.what);
        for (const auto& y : b.alternatives) {
            if (p.kind == kind && p.symbol == algebra_.values().value(y.what).symbol)
                terms.push_back(algebra_.pool().both(x.when, y.when));
        }
    }
    return algebra_.pool().disjunction(terms);
}

/// Of a walk, by the address that was walked for: a last-level operation leaves table descriptors. Other
/// accesses to descriptors matter to break-before-make only, by place; what a last-level operation leaves of
/// level 2 is not known there, so it counts for level 3 alone.
void LitmusGraphBuilder::add_two_level_scopes() {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    for (const PlacedEvent& tlbi : events_) {
        if (tlbi.local.role != EventRole::tlbi) continue;
        const bool last = is_last_level(tlbi.local.tlbi.base);
        for (const PlacedEvent& read : events_) {
            if (!read.local.is_read() && !read.local.is_write()) continue;
            const bool walk = read.local.walk_level != 0;
            const Symbolic& of = walk ? read.local.walked : read.local.location;
            Formula when = walk ? logic::true_formula : algebra_.where(of, [last](const LitmusValue& v) {
                return v.kind == ValueKind::pte || (v.kind == ValueKind::ttd2 && !last);
            });
            if (tlbi.local.has_location)
                when = pool.both(when, same_symbol(tlbi.local.location, of, ValueKind::tlb));
            if (last && walk) when = pool.both(when, !algebra_.where(read.local.value, is_table));
            if (when.is_false()) continue;
            g.add_edge("inv-domain", tlbi.id, read.id, when);
            g.add_edge("inv-domain", read.id, tlbi.id, when);
        }
    }
}

void LitmusGraphBuilder::add_two_level_walks() {
    EventGraph& g = result_.graph;
    std::map<EventId, const PlacedEvent*> reads;
    std::map<std::pair<int, int>, std::vector<EventId>> walks;
    for (const PlacedEvent& e : events_) {
        if (e.local.walk_level == 0) continue;
        reads.emplace(e.id, &e);
        walks[{e.thread, e.instruction}].push_back(e.id);
    }
    for (const auto& [instance, walk] : walks) {
        const std::string name = fmt::format("Walk {}", g.walks.size());
        g.walks.push_back(name);
        for (const EventId e : walk) g.add_to(name, e);
    }
    std::vector<Edge> uses;
    for (const Edge& e : g.edges("iico_data")) {
        const auto from = reads.find(e.from);
        const auto to = reads.find(e.to);
        if (from == reads.end() || to == reads.end()) continue;
        if (from->second->local.walk_level == 2 && to->second->local.walk_level == 3) uses.push_back(e);
    }
    for (const Edge& e : uses) g.add_edge("walk", e.from, e.to, e.when);
    for (const auto& [one, a] : reads) {
        for (const auto& [other, b] : reads) {
            const Formula same = same_symbol(a->local.walked, b->local.walked, ValueKind::address);
            const Formula made = algebra_.pool().both(g.event(one).exec, g.event(other).exec);
            if (!algebra_.pool().both(same, made).is_false())
                g.add_edge("same-va-page-and-context", one, other, same);
        }
    }
}

}  // namespace tlbcheck::model
