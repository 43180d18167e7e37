// SPDX-License-Identifier: Apache-2.0
//
// Tests whose symbols are laid out (variants mlpt, contig): which reads are of one walk, and what a TLBI has
// in scope (docs/formal-model.md section 11).
#include <fmt/format.h>

#include <map>

#include "model/graph/litmus/builder.hpp"
#include "model/program/cached_translation.hpp"

namespace tlbcheck::model {

namespace {

constexpr int block_level = 2;

bool is_valid_table(const LitmusValue& v) {
    return v.kind == ValueKind::descriptor && v.descriptor.valid != 0 &&
           v.descriptor.type == LitmusDescriptorType::table;
}

/// `page`: first byte of the page that the operand names, none for operations on all.
TlbiScope scope_of(const TlbiOp& op, std::optional<std::uint64_t> page) {
    TlbiScope scope;
    scope.last_level_only = is_last_level(op.base);
    if (page) {
        scope.first = page;
        scope.last = *page + (LitmusLayout::geometry().entry_bytes(3) - 1);
    }
    return scope;
}

}  // namespace

void LitmusGraphBuilder::add_symbol_walk_sets(const PlacedEvent& e) {
    const Formula table = algebra_.where(e.local.value, is_valid_table);
    const bool upper = e.local.walk_level == block_level;
    result_.graph.add_to("Table-TTD", e.id, upper ? table : logic::false_formula);
    result_.graph.add_to("Last-TTD", e.id, upper ? !table : logic::true_formula);
}

/// "`a` is an operand of a TLBI for an address that `test` says is in scope of the place or address `b`."
template <class Test>
Formula LitmusGraphBuilder::named_by(const Symbolic& a, const Symbolic& b, const Test& test) {
    std::vector<Formula> terms;
    for (const auto& x : a.alternatives) {
        const LitmusValue& operand = algebra_.values().value(x.what);
        for (const auto& y : b.alternatives) {
            if (operand.kind == ValueKind::tlb && test(operand, algebra_.values().value(y.what)))
                terms.push_back(algebra_.pool().both(x.when, y.when));
        }
    }
    return algebra_.pool().disjunction(terms);
}

/// Of a walk, by the address that was walked for: an entry of level 3 is for that page, also where it was
/// filled from another slot of a contiguous set; one of level 2 for all that the descriptor covers. A
/// last-level operation leaves table descriptors.
Formula LitmusGraphBuilder::walk_in_scope(const PlacedEvent& tlbi, const PlacedEvent& read) {
    const LitmusLayout& layout = program_.layout;
    const auto removed = [&](const LitmusValue& walked, bool leaf, std::optional<std::uint64_t> page) {
        if (!layout.contains(walked.symbol)) return false;
        const auto entry = entry_at(LitmusLayout::geometry(), layout.address(walked.symbol),
                                    read.local.walk_level, leaf, EntryReach::descriptor);
        return model::in_scope(scope_of(tlbi.local.tlbi, page), entry);
    };
    const auto when_removed = [&](bool leaf) {
        if (!tlbi.local.has_location)
            return algebra_.where(read.local.walked, [&](const LitmusValue& walked) {
                return removed(walked, leaf, std::nullopt);
            });
        return named_by(tlbi.local.location, read.local.walked,
                        [&](const LitmusValue& operand, const LitmusValue& walked) {
                            return removed(walked, leaf, layout.address(operand.symbol));
                        });
    };
    FormulaPool& pool = algebra_.pool();
    const Formula table = algebra_.where(read.local.value, is_valid_table);
    return pool.either(pool.both(table, when_removed(false)), pool.both(!table, when_removed(true)));
}

/// Other accesses to descriptors matter to break-before-make only, by place; what a last-level operation
/// leaves of level 2 is not known there, so it counts for level 3 alone.
Formula LitmusGraphBuilder::place_in_scope(const PlacedEvent& tlbi, const PlacedEvent& access) {
    const bool last = is_last_level(tlbi.local.tlbi.base);
    const Symbolic& place = access.local.location;
    const Formula descriptor = algebra_.where(place, [last](const LitmusValue& v) {
        return v.kind == ValueKind::pte || (v.kind == ValueKind::ttd2 && !last);
    });
    if (descriptor.is_false() || !tlbi.local.has_location) return descriptor;
    const Formula named =
        named_by(tlbi.local.location, place, [&](const LitmusValue& operand, const LitmusValue& at) {
            return at.kind == ValueKind::ttd2 ? in_one_block(operand, at) : operand.symbol == at.symbol;
        });
    return algebra_.pool().both(descriptor, named);
}

bool LitmusGraphBuilder::in_one_block(const LitmusValue& a, const LitmusValue& b) const {
    return program_.layout.block_of(a.symbol) == program_.layout.block_of(b.symbol);
}

void LitmusGraphBuilder::add_symbol_scopes() {
    EventGraph& g = result_.graph;
    for (const PlacedEvent& tlbi : events_) {
        if (tlbi.local.role != EventRole::tlbi) continue;
        for (const PlacedEvent& access : events_) {
            if (!access.local.is_read() && !access.local.is_write()) continue;
            const Formula when =
                access.local.walk_level != 0 ? walk_in_scope(tlbi, access) : place_in_scope(tlbi, access);
            if (when.is_false()) continue;
            g.add_edge("inv-domain", tlbi.id, access.id, when);
            g.add_edge("inv-domain", access.id, tlbi.id, when);
        }
    }
}

/// "Both are for one page."
Formula LitmusGraphBuilder::same_page(const Symbolic& a, const Symbolic& b) {
    std::vector<Formula> terms;
    for (const auto& x : a.alternatives) {
        for (const auto& y : b.alternatives) {
            if (algebra_.values().value(x.what).symbol == algebra_.values().value(y.what).symbol)
                terms.push_back(algebra_.pool().both(x.when, y.when));
        }
    }
    return algebra_.pool().disjunction(terms);
}

void LitmusGraphBuilder::add_symbol_walks() {
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
        if (from->second->local.walk_level < to->second->local.walk_level) uses.push_back(e);
    }
    for (const Edge& e : uses) g.add_edge("walk", e.from, e.to, e.when);
    for (const auto& [one, a] : reads) {
        for (const auto& [other, b] : reads) {
            const Formula same = same_page(a->local.walked, b->local.walked);
            const Formula made = algebra_.pool().both(g.event(one).exec, g.event(other).exec);
            if (!algebra_.pool().both(same, made).is_false())
                g.add_edge("same-va-page-and-context", one, other, same);
        }
    }
}

}  // namespace tlbcheck::model
