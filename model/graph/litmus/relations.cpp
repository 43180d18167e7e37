// SPDX-License-Identifier: Apache-2.0
//
// Primitive relations of the model that depend on places and values: reads-from, read-modify-write pairs, the
// scope of TLBIs, and relations between descriptors.
#include <algorithm>

#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

namespace {

bool is_explicit(const PlacedEvent& e) {
    return e.local.origin == EventOrigin::explicit_access;
}

/// A write that the read cannot see in any allowed execution: its own or a later one of the same thread
/// (internal visibility for explicit accesses, `lmws` and `aob` for TTD reads). An explicit read may see a
/// later hardware update.
bool never_seen(const PlacedEvent& read, const PlacedEvent& write) {
    if (write.initial || read.thread != write.thread || write.instruction < read.instruction) return false;
    return !is_explicit(read) || is_explicit(write) || read.spontaneous;
}

}  // namespace

Formula LitmusGraphBuilder::same_place(const PlacedEvent& a, const PlacedEvent& b) {
    return result_.graph.same_location(a.id, b.id);
}

void LitmusGraphBuilder::add_reads_from() {
    for (const PlacedEvent& read : events_) {
        if (!read.local.is_read()) continue;
        std::vector<EventId> candidates;
        for (const PlacedEvent& write : events_) {
            if (write.local.is_write() && !never_seen(read, write)) candidates.push_back(write.id);
        }
        result_.graph.add_reads_from(read.id, candidates);
    }
}

/// cat amo: explicit atomic accesses of one instruction at one place; a TTD read and the hardware update that
/// follows.
void LitmusGraphBuilder::add_atomic_pairs() {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    for (const PlacedEvent& read : events_) {
        if (!read.local.is_read() || !read.local.marks.atomic) continue;
        for (const PlacedEvent& write : events_) {
            if (!write.local.is_write() || !write.local.marks.atomic || write.initial) continue;
            if (write.thread != read.thread || write.instruction != read.instruction) continue;
            if (is_explicit(read) != is_explicit(write)) continue;
            Formula when = same_place(read, write);
            if (!is_explicit(read)) {
                const auto& edges = g.edges("iico_data");
                const auto it = std::ranges::find_if(
                    edges, [&](const Edge& e) { return e.from == read.id && e.to == write.id; });
                when = it == edges.end() ? logic::false_formula : pool.both(when, it->when);
            }
            if (pool.conjunction({when, g.event(read.id).exec, g.event(write.id).exec}).is_false()) continue;
            g.add_edge("amo", read.id, write.id, when);
            g.add_edge("rmw", read.id, write.id, when);
        }
    }
}

/// cat lxsx: a load-exclusive and the store-exclusive after it with no other exclusive access between them.
void LitmusGraphBuilder::add_exclusive_pairs() {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    std::vector<const PlacedEvent*> exclusives;
    for (const PlacedEvent& e : events_) {
        if (e.local.marks.exclusive && (e.local.is_read() || e.local.is_write())) exclusives.push_back(&e);
    }
    for (const PlacedEvent* read : exclusives) {
        for (const PlacedEvent* write : exclusives) {
            if (!read->local.is_read() || !write->local.is_write() || !g.program_order(read->id, write->id))
                continue;
            std::vector<Formula> between;
            for (const PlacedEvent* e : exclusives) {
                if (g.program_order(read->id, e->id) && g.program_order(e->id, write->id))
                    between.push_back(g.event(e->id).exec);
            }
            const Formula when = !pool.disjunction(between);
            if (pool.conjunction({when, g.event(read->id).exec, g.event(write->id).exec}).is_false())
                continue;
            g.add_edge("lxsx", read->id, write->id, when);
            g.add_edge("rmw", read->id, write->id, when);
        }
    }
}

/// A TLBI by address and the accesses to the descriptor of that page; a TLBI of all, and every descriptor
/// access.
void LitmusGraphBuilder::add_invalidation_domain() {
    if (program_.translation) return add_scopes();
    if (laid_out()) return add_symbol_scopes();
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    for (const PlacedEvent& tlbi : events_) {
        if (tlbi.local.role != EventRole::tlbi) continue;
        for (const PlacedEvent& access : events_) {
            if (!access.local.is_read() && !access.local.is_write()) continue;
            std::vector<Formula> terms;
            for (const auto& l : access.local.location.alternatives) {
                const LitmusValue& place = algebra_.values().value(l.what);
                if (place.kind != ValueKind::pte) continue;
                if (!tlbi.local.has_location) terms.push_back(l.when);
                for (const auto& t : tlbi.local.location.alternatives) {
                    const LitmusValue& page = algebra_.values().value(t.what);
                    if (page.kind == ValueKind::tlb && page.symbol == place.symbol)
                        terms.push_back(pool.both(l.when, t.when));
                }
            }
            const Formula when = pool.disjunction(terms);
            g.add_edge("inv-domain", tlbi.id, access.id, when);
            g.add_edge("inv-domain", access.id, tlbi.id, when);
        }
    }
}

/// What aarch64bbm.cat asks of descriptors: same-oa, at-least-one-writable, PTEtoPA; and of other writes,
/// different-values.
void LitmusGraphBuilder::add_descriptor_relations() {
    std::vector<const PlacedEvent*> accesses;
    for (const PlacedEvent& e : events_) {
        if (e.local.is_read() || e.local.is_write()) accesses.push_back(&e);
    }
    for (const PlacedEvent* a : accesses) {
        const Formula descriptor = result_.graph.in("PTE", a->id);
        for (const PlacedEvent* b : accesses) {
            if (!descriptor.is_false()) relate_descriptor(*a, *b, descriptor);
            if (a->local.is_write() && b->local.is_write()) relate_values(*a, *b);
        }
    }
}

void LitmusGraphBuilder::relate_values(const PlacedEvent& a, const PlacedEvent& b) {
    FormulaPool& pool = algebra_.pool();
    std::vector<Formula> different;
    for (const auto& x : a.local.value.alternatives) {
        for (const auto& y : b.local.value.alternatives) {
            if (x.what != y.what) different.push_back(pool.both(x.when, y.when));
        }
    }
    if (a.id != b.id) result_.graph.add_edge("different-values", a.id, b.id, pool.disjunction(different));
}

void LitmusGraphBuilder::relate_descriptor(const PlacedEvent& a, const PlacedEvent& b,
                                           Formula a_is_descriptor) {
    if (program_.translation) return relate_words(a, b, a_is_descriptor);
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    const bool ha = program_.hardware.any();
    const bool hd = program_.hardware.any_hd();
    std::vector<Formula> same_oa;
    std::vector<Formula> writable_pair;
    std::vector<Formula> target;
    for (const auto& x : a.local.value.alternatives) {
        const LitmusValue& p = algebra_.values().value(x.what);
        if (p.kind != ValueKind::descriptor) continue;
        for (const auto& l : b.local.location.alternatives) {
            const LitmusValue& place = algebra_.values().value(l.what);
            const bool there = place.kind == ValueKind::physical && !p.descriptor.oa_is_pte &&
                               place.symbol == p.descriptor.oa;
            if (there) target.push_back(pool.both(x.when, l.when));
        }
        for (const auto& y : b.local.value.alternatives) {
            const LitmusValue& q = algebra_.values().value(y.what);
            if (q.kind != ValueKind::descriptor) continue;
            const Formula meet = pool.both(x.when, y.when);
            if (p.descriptor.oa == q.descriptor.oa && p.descriptor.oa_is_pte == q.descriptor.oa_is_pte)
                same_oa.push_back(meet);
            if (writable(p.descriptor, ha, hd) || writable(q.descriptor, ha, hd))
                writable_pair.push_back(meet);
        }
    }
    g.add_edge("PTEtoPA", a.id, b.id, pool.both(a_is_descriptor, pool.disjunction(target)));
    const Formula descriptors = pool.both(a_is_descriptor, g.in("PTE", b.id));
    g.add_edge("same-oa", a.id, b.id, pool.both(descriptors, pool.disjunction(same_oa)));
    g.add_edge("at-least-one-writable", a.id, b.id, pool.both(descriptors, pool.disjunction(writable_pair)));
}

}  // namespace tlbcheck::model
