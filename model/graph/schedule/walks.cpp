// SPDX-License-Identifier: Apache-2.0
//
// Accesses with every level of their walk. Which descriptor a level reads is a choice of its reads-from;
// where that is, what table comes next, the output address and the span of the entry all follow from it.
#include "model/graph/schedule/walks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/program/cached_translation.hpp"

namespace tlbcheck::model {

using logic::false_formula;
using logic::true_formula;

ScheduleWalks::ScheduleWalks(ScheduleEvents& events)
    : events_(events),
      schedule_(events.schedule()),
      tables_(events.tables()),
      out_(events.out()),
      graph_(out_.graph),
      pool_(graph_.pool()),
      guest_tables_(*schedule_.program) {}

void ScheduleWalks::add_instructions() {
    for (std::size_t t = 0; t < schedule_.threads.size(); ++t) {
        const std::vector<PlainInstruction>& code = schedule_.threads[t].code;
        for (std::size_t i = 0; i < code.size(); ++i) {
            if (!translated(code[i].operation)) continue;
            events_.go_to(t, i);
            if (const auto* access = std::get_if<Access>(&code[i].operation)) add_operation(*access);
            if (const auto* await = std::get_if<Await>(&code[i].operation)) add_operation(*await);
        }
    }
    events_.at = {};
}

void ScheduleWalks::add_operation(const Access& access) {
    set_contexts(own_contexts(access.va), own_vm_contexts(access.va));
    const JudgedAccess made = add_access({{access.va, true_formula}}, is_store(access.kind), access.value);
    if (const char* ordering = ordering_set(access.kind)) graph_.add_to(ordering, made.access);
}

void ScheduleWalks::add_operation(const Await& await) {
    set_contexts(own_contexts(await.va), own_vm_contexts(await.va));
    const JudgedAccess made = add_access({{await.va, true_formula}}, false, 0);
    graph_.require(pool_.either(!events_.at.guard, graph_.event(made.access).exec));
    graph_.add_to("await", made.access);
    events_.note_read(made.access, await.value);
}

void ScheduleWalks::finish() {
    add_scopes();
    add_same_page_pairs();
}

Formula ScheduleWalks::any_source(const WalkLevel& level,
                                  const std::function<bool(const StaticWrite&)>& which) const {
    std::vector<Formula> terms;
    for (const WalkSource& s : level.sources) {
        if (which(out_.writes[s.write])) terms.push_back(s.chosen);
    }
    return pool_.disjunction(terms);
}

/// A T may read this write: it is in the table page the walk came to, and it is the address's own slot or a
/// contiguous neighbour's (docs/formal-model.md section 2, "Fill").
Formula ScheduleWalks::source_condition(const StaticWrite& write, const WalkLevel* parent,
                                        const std::vector<WalkAddress>& addresses) {
    Formula reached = true_formula;
    if (parent != nullptr) {
        reached = any_source(*parent, [&](const StaticWrite& w) {
            return w.value.kind == DescriptorKind::table && w.value.oa == write.slot.generation;
        });
    } else if (write.slot.generation != 0) {
        return false_formula;
    }
    std::vector<Formula> served;
    for (const WalkAddress& a : addresses) {
        if (tables_.serves(write, a.va)) served.push_back(a.chosen);
    }
    const bool all = served.size() == addresses.size();
    return pool_.both(reached, all ? true_formula : pool_.disjunction(served));
}

void ScheduleWalks::add_level(std::vector<WalkLevel>& walk, int level,
                              const std::vector<WalkAddress>& addresses, const std::string& label,
                              Formula when) {
    const WalkLevel* parent = walk.empty() ? nullptr : &walk.back();
    WalkLevel made;
    made.level = level;
    made.event = events_.add(label, {"R", "NExp", "PTE", "D-PTE"});
    Formula reached = graph_.event(made.event).exec;
    if (parent != nullptr)
        reached =
            any_source(*parent, [](const StaticWrite& w) { return w.value.kind == DescriptorKind::table; });
    graph_.event(made.event).exec = pool_.both(reached, when);
    std::vector<std::pair<EventId, Formula>> candidates;
    for (const std::size_t index : tables_.sources(level)) {
        const StaticWrite& w = out_.writes[index];
        const Formula condition =
            pool_.conjunction({graph_.event(made.event).exec, graph_.event(w.event).exec,
                               source_condition(w, parent, addresses)});
        if (condition.is_false()) continue;
        candidates.emplace_back(w.event, condition);
        made.sources.push_back({index, true_formula, !is_contiguous_leaf(w.value)});
    }
    const std::vector<Formula> variables = graph_.choose_source(made.event, candidates);
    std::map<LocationId, std::vector<Formula>> places;
    std::map<ValueId, std::vector<Formula>> values;
    for (std::size_t i = 0; i < variables.size(); ++i) {
        const StaticWrite& w = out_.writes[made.sources[i].write];
        made.sources[i].chosen = variables[i];
        places[events_.location_of_slot(w.slot)].push_back(variables[i]);
        values[events_.value_of(w.value)].push_back(variables[i]);
    }
    const bool one_place = places.size() == 1;
    for (const auto& [place, terms] : places) {
        graph_.event(made.event)
            .location.push_back({place, one_place ? true_formula : pool_.disjunction(terms)});
    }
    for (const auto& [value, terms] : values)
        graph_.event(made.event).value.push_back({value, pool_.disjunction(terms)});
    if (parent != nullptr) graph_.add_edge("walk", parent->event, made.event);
    walk.push_back(std::move(made));
}

void ScheduleWalks::put_in_sets(const WalkLevel& level, const std::string& walk_name,
                                const std::function<bool(const StaticWrite&)>& used) {
    const EventId T = level.event;
    const Formula table = any_source(level, [&](const StaticWrite& w) {
        return w.value.kind == DescriptorKind::table || (used && used(w));
    });
    graph_.add_to("Table-TTD", T, table);
    graph_.add_to("Last-TTD", T, !table);
    graph_.add_to("PTEINV", T, any_source(level, [](const StaticWrite& w) { return !w.value.valid(); }));
    graph_.add_to("PTEAF0", T, any_source(level, [](const StaticWrite& w) {
                      return w.value.kind == DescriptorKind::leaf && !w.value.af;
                  }));
    graph_.add_to("PTEXS", T,
                  any_source(level, [](const StaticWrite& w) { return has(w.value.attributes, Attr::xs); }));
    graph_.add_to(walk_name, T);
}

Formula ScheduleWalks::covered_by_kind(const IssuedTlbi& tlbi, int level, bool leaf, bool set_span,
                                       std::optional<bool> global,
                                       const std::vector<WalkAddress>& addresses) {
    std::vector<Formula> terms;
    for (const WalkAddress& a : addresses) {
        const EntryReach reach = set_span ? EntryReach::contiguous_set : EntryReach::descriptor;
        const auto entry = cached_translation(*schedule_.program, tables_.geometry(), a.va, level, leaf,
                                              reach, global, a.asid);
        if (names_vmid(*schedule_.program, tlbi, a.va) && in_scope(tlbi.scope, entry))
            terms.push_back(a.chosen);
    }
    return terms.size() == addresses.size() ? true_formula : pool_.disjunction(terms);
}

/// walk_cache = per_page: an upper entry is the walked-for page's own, which for a neighbour's fill is slot
/// j's.
Formula ScheduleWalks::covered_per_page(const IssuedTlbi& tlbi, const std::vector<WalkLevel>& walk, int level,
                                        const std::vector<WalkAddress>& addresses) {
    const Geometry& g = tables_.geometry();
    const auto page_in_scope = [&](std::uint64_t va, std::optional<std::uint16_t> asid) {
        return names_vmid(*schedule_.program, tlbi, va) &&
               in_scope(tlbi.scope, cached_translation(*schedule_.program, g, va, level, false,
                                                       EntryReach::page, std::nullopt, asid));
    };
    std::vector<Formula> terms;
    for (const WalkAddress& a : addresses) {
        std::vector<Formula> neighbours;
        for (const WalkLevel& below : walk) {
            for (const WalkSource& s : below.sources) {
                const StaticWrite& w = out_.writes[s.write];
                if (below.level <= level || s.own_only || tables_.is_own(w, a.va)) continue;
                if (!tables_.serves_neighbour(w, a.va)) continue;
                neighbours.push_back(s.chosen);
                const std::uint64_t walked_for = w.slot.va + (a.va - g.entry_base(a.va, below.level));
                if (page_in_scope(walked_for, a.asid)) terms.push_back(pool_.both(a.chosen, s.chosen));
            }
        }
        if (page_in_scope(a.va, a.asid))
            terms.push_back(pool_.both(a.chosen, !pool_.disjunction(neighbours)));
    }
    return pool_.disjunction(terms);
}

/// region(T) against what the TLBI names (formal-model.md section 2, "Entry span"; section 3; section 4).
Formula ScheduleWalks::covered(const IssuedTlbi& tlbi, const WalkLevel& level,
                               const std::vector<WalkAddress>& addresses,
                               const std::vector<WalkLevel>& walk) {
    const auto is_table = [](const StaticWrite& w) { return w.value.kind == DescriptorKind::table; };
    const Formula table = any_source(level, is_table);
    const Formula table_covered =
        schedule_.hardware.walk_cache == WalkCache::per_entry
            ? covered_by_kind(tlbi, level.level, false, false, std::nullopt, addresses)
            : covered_per_page(tlbi, walk, level.level, addresses);
    std::vector<Formula> terms{pool_.both(table, table_covered)};
    // A valid leaf says itself whether it is global; of what faults, the region does.
    for (const std::optional<bool> global :
         {std::optional(true), std::optional(false), std::optional<bool>()}) {
        const auto of_kind = [&](bool contiguous) {
            return any_source(level, [&](const StaticWrite& w) {
                const auto leaf_global = w.value.valid() ? std::optional(!w.value.not_global) : std::nullopt;
                return !is_table(w) && leaf_global == global && is_contiguous_leaf(w.value) == contiguous;
            });
        };
        const Formula plain = of_kind(false);
        const Formula contiguous = of_kind(true);
        const Formula single = pool_.either(plain, pool_.both(contiguous, level.shattered));
        const Formula whole_set = pool_.both(contiguous, !level.shattered);
        if (!single.is_false()) {
            terms.push_back(
                pool_.both(single, covered_by_kind(tlbi, level.level, true, false, global, addresses)));
        }
        if (!whole_set.is_false()) {
            terms.push_back(
                pool_.both(whole_set, covered_by_kind(tlbi, level.level, true, true, global, addresses)));
        }
    }
    return pool_.disjunction(terms);
}

void ScheduleWalks::add_scopes() {
    for (const MadeAccess& made : made_) {
        if (!made.access.addresses.empty() &&
            guest_of(*schedule_.program, made.access.addresses.front().va)) {
            add_guest_scopes(made.access);
            continue;
        }
        for (const WalkLevel& level : made.access.walk) {
            for (const IssuedTlbi& tlbi : events_.tlbis()) {
                if (tlbi.scope.nothing || !(of_stage2(made.access) ? tlbi.scope.stage2 : tlbi.scope.stage1))
                    continue;
                graph_.add_edge("inv-domain", tlbi.event, level.event,
                                covered(tlbi, level, made.addresses, made.access.walk));
            }
        }
        if (!made.access.combined) continue;
        for (const IssuedTlbi& tlbi : events_.tlbis())
            graph_.add_edge("inv-domain", tlbi.event, *made.access.combined,
                            combined_covered(tlbi, made.access));
    }
}

/// TLBI-ob's third clause asks for the same VA page and context (docs/formal-model.md section 4); page
/// offsets are all 0 here.
void ScheduleWalks::add_same_page_pairs() {
    for (const MadeAccess& a : made_) {
        for (const MadeAccess& b : made_) {
            std::vector<Formula> same;
            for (const WalkAddress& x : a.addresses) {
                for (const WalkAddress& y : b.addresses) {
                    const int bits = granule_bits(tables_.geometry().granule());
                    const auto space = spaces::of(x.va);
                    const bool any_asid = space && schedule_.program->spaces[*space].upper && !x.asid;
                    if (x.va >> bits == y.va >> bits && x.asid == y.asid && !any_asid)
                        same.push_back(pool_.both(x.chosen, y.chosen));
                }
            }
            const Formula together = pool_.disjunction(same);
            for (const WalkLevel& k : a.access.walk) {
                for (const WalkLevel& l : b.access.walk) {
                    graph_.add_edge("same-va-page-and-context", k.event, l.event, together);
                }
            }
        }
    }
}

JudgedAccess ScheduleWalks::add_access(const std::vector<WalkAddress>& accessed, bool store,
                                       std::uint64_t stored_value) {
    if (!accessed.empty() && guest_of(*schedule_.program, accessed.front().va))
        return add_guest_access(accessed, store, stored_value);
    JudgedAccess access;
    access.addresses = in_contexts(access, accessed);
    const std::vector<WalkAddress>& addresses = access.addresses;
    access.thread = events_.at.thread;
    access.store = store;
    access.instruction = events_.at.instruction;
    for (int level = tables_.geometry().start_level(); level <= 3; ++level) {
        const bool reachable =
            access.walk.empty() || !any_source(access.walk.back(), [](const StaticWrite& w) {
                                        return w.value.kind == DescriptorKind::table;
                                    }).is_false();
        if (!reachable) break;
        add_level(access.walk, level, addresses, fmt::format("T{}", level), true_formula);
    }
    const std::string name = fmt::format("Walk {}", graph_.walks.size());
    graph_.walks.push_back(name);
    const bool combined = of_stage2(access) && !stop_at_stage2_;
    for (WalkLevel& level : access.walk) {
        put_in_sets(level, name,
                    combined ? [](const StaticWrite& w) { return translates(w.value); }
                             : std::function<bool(const StaticWrite&)>());
        // `any` is judged as `shattered`: the entry span enters the axioms only through the TLBIs in scope,
        // each of which only adds orderings, and a shattered entry is in scope of fewest. Whatever `any`
        // hardware may do, it may do so.
        const bool coalesced = schedule_.hardware.contiguous_fill == ContiguousFill::coalesced;
        level.shattered = coalesced ? false_formula : true_formula;
    }
    if (combined) add_combined(access, name);
    add_explicit_access(access, addresses, stored_value);
    if (follow_updates_) {
        for (WalkLevel& level : access.walk) add_update(level, access);
    }
    if (access.combined) graph_.add_edge("iico_data", *access.combined, access.branch);
    if (!access.contexts.empty()) {
        add_context_order(access);
        restrict_to_hits(access);
    }
    made_.push_back({access, addresses});
    return access;
}

/// The pages that an access can come to, with when. For each address the sources of a contiguous set are one
/// formula, the same for every page of the set.
std::map<PhysicalPage, std::vector<Formula>> ScheduleWalks::pages_through(
    const std::vector<WalkSource>& sources, const std::vector<WalkAddress>& addresses) {
    std::map<PhysicalPage, std::vector<Formula>> pages;
    for (const WalkAddress& a : addresses) {
        std::map<PhysicalPage, std::vector<Formula>> of_address;
        for (const WalkSource& s : sources) {
            const StaticWrite& w = out_.writes[s.write];
            if (!tables_.serves(w, a.va)) continue;
            if (!pool_.excludes(s.chosen, a.chosen))
                of_address[tables_.output_address(w, a.va)].push_back(s.chosen);
        }
        for (const auto& [page, chosen] : of_address)
            pages[page].push_back(pool_.both(a.chosen, pool_.disjunction(chosen)));
    }
    return pages;
}

void ScheduleWalks::add_explicit_access(JudgedAccess& access, const std::vector<WalkAddress>& addresses,
                                        std::uint64_t stored_value) {
    const bool store = access.store;
    const EventId branch = events_.add("translated", {"B"});
    access.branch = branch;
    access.access = events_.add(store ? "W" : "R", {"Exp"});
    access.fault = events_.add("fault", {"MMU", "FAULT", "D-MMU"});
    graph_.add_to(store ? "W" : "R", access.access);
    graph_.add_edge("iico_ctrl", branch, access.access);
    graph_.add_edge("iico_ctrl", branch, access.fault);
    std::vector<Formula> invalid;
    std::vector<Formula> no_af;
    std::vector<WalkSource> translating;
    for (const WalkLevel& level : access.walk) {
        graph_.add_edge("iico_data", level.event, branch);
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            const Outcome outcome = outcome_of(w, store);
            if (outcome == Outcome::translation_fault) invalid.push_back(s.chosen);
            if (outcome == Outcome::access_flag_fault) no_af.push_back(s.chosen);
            if (outcome == Outcome::output) translating.push_back(s);
        }
    }
    std::vector<Formula> translated;
    for (const WalkSource& s : translating) translated.push_back(s.chosen);
    const Formula works = pool_.disjunction(translated);
    graph_.event(access.access).exec = works;
    graph_.event(access.fault).exec = pool_.both(events_.at.guard, !works);
    graph_.add_to("Translation", access.fault, pool_.disjunction(invalid));
    graph_.add_to("AccessFlag", access.fault, pool_.disjunction(no_af));
    const auto pages = pages_through(translating, addresses);
    for (const auto& [page, terms] : pages) {
        graph_.event(access.access)
            .location.push_back({events_.location_of_page(page), pool_.disjunction(terms)});
    }
    if (!store) {
        events_.note_read(access.access, any_value);
        return;
    }
    graph_.event(access.access).value = {{events_.value_of_number(stored_value), true_formula}};
    for (const auto& [page, terms] : pages) events_.note_write(access.access, events_.location_of_page(page));
}

void ScheduleWalks::link_co_live(const JudgedAccess& first, const JudgedAccess& second) {
    const auto events = [](const JudgedAccess& access) {
        std::vector<EventId> result;
        for (const WalkLevel& level : access.walk) result.push_back(level.event);
        for (const Stage2Walk& under : access.under)
            for (const WalkLevel& level : under.levels) result.push_back(level.event);
        if (access.combined) result.push_back(*access.combined);
        return result;
    };
    for (const EventId a : events(first)) {
        for (const EventId b : events(second)) {
            const Formula both_last = pool_.both(graph_.in("Last-TTD", a), graph_.in("Last-TTD", b));
            graph_.add_edge("co-live", a, b, both_last);
            graph_.add_edge("co-live", b, a, both_last);
        }
    }
}

}  // namespace tlbcheck::model
