// SPDX-License-Identifier: Apache-2.0
//
// Accesses of a guest whose stage 1 is written (docs/formal-model.md section 14): the walk of stage 1, the
// walks of stage 2 that it needs, and the entry that combines both.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/graph/schedule/walks.hpp"
#include "model/program/cached_translation.hpp"

namespace tlbcheck::model {

using logic::false_formula;
using logic::true_formula;

namespace {

bool is_table(const StaticWrite& w) {
    return w.value.kind == DescriptorKind::table;
}
/// What a new owner wrote ends a walk: nobody knows where it leads.
bool leads_on(const StaticWrite& w) {
    return translates(w.value) && !w.by_new_owner;
}
bool faults(const StaticWrite& w) {
    return !is_table(w) && !translates(w.value);
}

/// One for each address, in order.
std::vector<WalkAddress> collected(FormulaPool& pool,
                                   const std::map<std::uint64_t, std::vector<Formula>>& terms) {
    std::vector<WalkAddress> result;
    for (const auto& [ipa, when] : terms) result.push_back({ipa, pool.disjunction(when), ipa});
    return result;
}

}  // namespace

std::uint64_t ScheduleWalks::ipa_of(const StaticWrite& leaf, std::uint64_t va) const {
    return spaces::within(spaces::plain(tables_.output_address(leaf, va)), *guest_of(*schedule_.program, va));
}

/// Where the table pages at the level are that the walk may have come to.
std::vector<WalkAddress> ScheduleWalks::table_ipas(const JudgedAccess& access, int level) const {
    std::map<std::uint64_t, std::vector<Formula>> terms;
    const Geometry& g = tables_.geometry();
    for (const WalkAddress& a : access.addresses) {
        const auto add = [&](std::uint32_t generation, Formula when) {
            const auto ipa = guest_tables_.ipa({g.entry_base(a.va, level), level, generation});
            if (ipa && !when.is_false()) terms[*ipa].push_back(when);
        };
        if (access.walk.empty()) {
            add(0, pool_.both(a.chosen, events_.at.guard));
            continue;
        }
        for (const WalkSource& s : access.walk.back().sources) {
            const StaticWrite& w = out_.writes[s.write];
            if (is_table(w) && tables_.serves(w, a.va))
                add(static_cast<std::uint32_t>(w.value.oa), pool_.both(a.chosen, s.chosen));
        }
    }
    return collected(pool_, terms);
}

std::vector<WalkAddress> ScheduleWalks::output_ipas(const JudgedAccess& access) const {
    std::map<std::uint64_t, std::vector<Formula>> terms;
    for (const WalkLevel& level : access.walk) {
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            if (!leads_on(w)) continue;
            for (const WalkAddress& a : access.addresses) {
                if (!tables_.serves(w, a.va) || pool_.excludes(s.chosen, a.chosen)) continue;
                terms[ipa_of(w, a.va)].push_back(pool_.both(s.chosen, a.chosen));
            }
        }
    }
    return collected(pool_, terms);
}

/// The write that is the IPA's leaf, where nothing ever writes to what maps it.
std::optional<std::size_t> ScheduleWalks::fixed_leaf(std::uint64_t ipa) const {
    std::optional<std::size_t> leaf;
    for (std::size_t i = 0; i < out_.writes.size(); ++i) {
        const StaticWrite& w = out_.writes[i];
        if (!tables_.serves(w, ipa)) continue;
        if (w.thread != initial_thread) return std::nullopt;
        if (w.slot.generation == 0 && tables_.is_own(w, ipa) && leads_on(w) && !leaf) leaf = i;
    }
    return leaf;
}

/// Table descriptors that nothing writes need no T, unless a context that ends bounds the walk's first.
int ScheduleWalks::first_level(const Stage2Walk& under) const {
    int level = tables_.geometry().start_level();
    if (vm_contexts_.all.size() > 1) return level;
    const auto passed = [&](int at) {
        return std::ranges::all_of(under.addresses, [&](const WalkAddress& a) {
            return std::ranges::all_of(out_.writes, [&](const StaticWrite& w) {
                if (w.slot.level != at || w.slot.generation != 0 || !tables_.serves(w, a.va)) return true;
                return w.thread == initial_thread && is_table(w) && w.value.oa == 0;
            });
        });
    };
    while (level < 3 && passed(level)) ++level;
    return level;
}

/// Of VTTBR: an entry of stage 2 may be older than the walk that uses it, and older than what TTBR0 holds.
void ScheduleWalks::choose_context(JudgedAccess& access, Stage2Walk& under) {
    const std::vector<PeContext>& all = vm_contexts_.all;
    const SpaceId vm = *spaces::of(under.addresses.front().va);
    std::vector<std::string> names;
    for (std::size_t k = 0; k < all.size(); ++k) names.push_back(fmt::format("VM context {}", k));
    under.contexts = names.size() == 1 ? std::vector{true_formula} : graph_.choose_one(true_formula, names);
    const WalkLevel& first = under.levels.front();
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (all[k].space != vm) graph_.require(!under.contexts[k]);
        if (!all[k].ended()) continue;
        const Formula fault = any_source(first, [](const StaticWrite& w) { return faults(w); });
        graph_.require(!pool_.both(under.contexts[k], fault));
    }
    order_in_contexts(access.thread, first.event, vm_contexts_, under.contexts);
}

void ScheduleWalks::add_under(JudgedAccess& access, int for_level, std::vector<WalkAddress> ipas) {
    Stage2Walk under;
    under.for_level = for_level;
    for (const WalkAddress& a : ipas) {
        if (const auto leaf = fixed_leaf(a.va))
            under.fixed.emplace_back(a, *leaf);
        else
            under.addresses.push_back(a);
    }
    if (under.addresses.empty() && under.fixed.empty()) return;
    std::vector<Formula> needed;
    for (const WalkAddress& a : under.addresses) needed.push_back(a.chosen);
    for (int level = under.addresses.empty() ? 4 : first_level(under); level <= 3; ++level) {
        if (!under.levels.empty() && any_source(under.levels.back(), is_table).is_false()) break;
        const std::string of = for_level == Stage2Walk::output ? "" : fmt::format(" for T{}", for_level);
        add_level(under.levels, level, under.addresses, fmt::format("T{} of stage 2{}", level, of),
                  under.levels.empty() ? pool_.disjunction(needed) : true_formula);
    }
    if (!under.levels.empty() && !vm_contexts_.all.empty()) choose_context(access, under);
    link_under(access, under);
    access.under.push_back(std::move(under));
}

/// A fault is met at once: by the walk whose T it stops.
void ScheduleWalks::link_under(JudgedAccess& access, const Stage2Walk& under) {
    for (const WalkLevel& above : access.walk) {
        const bool table = under.for_level != Stage2Walk::output;
        if (table && &above != &access.walk.back()) continue;
        const Formula used = any_source(above, table ? is_table : leads_on);
        for (const WalkLevel& level : under.levels) {
            const Formula fault = any_source(level, [](const StaticWrite& w) { return faults(w); });
            graph_.add_edge("walk", above.event, level.event, pool_.both(used, fault));
        }
    }
}

std::vector<ScheduleWalks::Output> ScheduleWalks::outputs(const Stage2Walk& under, std::uint64_t ipa) const {
    std::vector<Output> result;
    for (const auto& [address, leaf] : under.fixed) {
        if (address.va == ipa) result.push_back({leaf, true_formula});
    }
    for (const WalkLevel& level : under.levels) {
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            if (!is_table(w) && tables_.serves(w, ipa)) result.push_back({s.write, s.chosen});
        }
    }
    return result;
}

JudgedAccess ScheduleWalks::add_guest_access(const std::vector<WalkAddress>& accessed, bool store,
                                             std::uint64_t stored_value) {
    JudgedAccess access;
    access.addresses = in_contexts(access, accessed);
    access.thread = events_.at.thread;
    access.store = store;
    access.instruction = events_.at.instruction;
    for (int level = tables_.geometry().start_level(); level <= 3; ++level) {
        if (!access.walk.empty() && any_source(access.walk.back(), is_table).is_false()) break;
        const std::size_t before = access.under.size();
        add_under(access, level, table_ipas(access, level));
        std::vector<Formula> mapped{true_formula};
        if (access.under.size() > before) {
            mapped.clear();
            const Stage2Walk& under = access.under.back();
            std::vector<Formula> placed;  // else the space does not say where its tables are
            for (const auto& [address, leaf] : under.fixed) mapped.push_back(address.chosen);
            for (const auto& [address, leaf] : under.fixed) placed.push_back(address.chosen);
            for (const WalkAddress& address : under.addresses) placed.push_back(address.chosen);
            for (const WalkLevel& l : under.levels) mapped.push_back(any_source(l, leads_on));
            mapped.push_back(!pool_.disjunction(placed));
        }
        add_level(access.walk, level, access.addresses, fmt::format("T{}", level), pool_.disjunction(mapped));
        if (access.under.size() == before) continue;
        for (const WalkLevel& l : access.under.back().levels)
            graph_.add_edge("walk", l.event, access.walk.back().event, any_source(l, leads_on));
    }
    add_under(access, Stage2Walk::output, output_ipas(access));
    const std::string name = fmt::format("Walk {}", graph_.walks.size());
    graph_.walks.push_back(name);
    const bool coalesced = schedule_.hardware.contiguous_fill == ContiguousFill::coalesced;
    const auto finish = [&](WalkLevel& level, const std::function<bool(const StaticWrite&)>& used) {
        put_in_sets(level, name, used);
        level.shattered = coalesced ? false_formula : true_formula;
    };
    for (WalkLevel& level : access.walk) finish(level, leads_on);
    for (Stage2Walk& under : access.under) {
        for (WalkLevel& level : under.levels) {
            if (under.for_level == Stage2Walk::output)
                finish(level, [](const StaticWrite& w) { return translates(w.value); });
            else
                finish(level, leads_on);
        }
    }
    add_guest_combined(access, name);
    add_guest_result(access, stored_value);
    if (!access.contexts.empty()) {
        add_context_order(access);
        restrict_to_hits(access);
        for (std::size_t k = 0; k < contexts_.all.size(); ++k) {
            // Nothing was read in a context that is over: there is no entry to hit.
            if (contexts_.all[k].ended())
                graph_.require(
                    !pool_.both(access.contexts[k], !graph_.event(access.walk.front().event).exec));
        }
    }
    made_.push_back({access, access.addresses});
    return access;
}

/// Made of the last T of each stage, which it uses.
void ScheduleWalks::add_guest_combined(JudgedAccess& access, const std::string& walk_name) {
    const EventId entry = add_combined_entry(access, walk_name);
    std::vector<Formula> made;
    std::vector<Formula> xs;
    const auto has_xs = [](const StaticWrite& w) {
        return translates(w.value) && has(w.value.attributes, Attr::xs);
    };
    for (const WalkLevel& level : access.walk) {
        graph_.add_edge("walk", level.event, entry, any_source(level, leads_on));
        xs.push_back(any_source(level, has_xs));
    }
    for (const Stage2Walk& under : access.under) {
        if (under.for_level != Stage2Walk::output) continue;
        for (const auto& [address, leaf] : under.fixed) {
            made.push_back(address.chosen);
            if (has_xs(out_.writes[leaf])) xs.push_back(address.chosen);
        }
        for (const WalkLevel& level : under.levels) {
            const Formula leaf = any_source(level, [](const StaticWrite& w) { return translates(w.value); });
            made.push_back(leaf);
            xs.push_back(any_source(level, has_xs));
            graph_.add_edge("walk", level.event, entry, leaf);
        }
    }
    graph_.event(entry).exec = pool_.disjunction(made);
    graph_.add_to("PTEXS", entry, pool_.disjunction(xs));
}

void ScheduleWalks::add_guest_result(JudgedAccess& access, std::uint64_t stored_value) {
    const bool store = access.store;
    access.branch = events_.add("translated", {"B"});
    access.access = events_.add(store ? "W" : "R", {"Exp"});
    access.fault = events_.add("fault", {"MMU", "FAULT", "D-MMU"});
    graph_.add_to(store ? "W" : "R", access.access);
    graph_.add_edge("iico_ctrl", access.branch, access.access);
    graph_.add_edge("iico_ctrl", access.branch, access.fault);
    graph_.add_edge("iico_data", *access.combined, access.branch);
    std::vector<Formula> invalid;
    std::vector<Formula> no_af;
    std::map<PhysicalPage, std::vector<Formula>> pages;
    const auto look_at = [&](const WalkLevel& level) {
        graph_.add_edge("iico_data", level.event, access.branch);
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            const Outcome outcome = outcome_of(w, store);
            if (outcome == Outcome::translation_fault) invalid.push_back(s.chosen);
            if (outcome == Outcome::access_flag_fault) no_af.push_back(s.chosen);
            // Nobody knows where it leads, but out of what is judged here.
            if (w.by_new_owner) pages[w.value.oa].push_back(s.chosen);
        }
    };
    for (const WalkLevel& level : access.walk) look_at(level);
    for (const Stage2Walk& under : access.under) {
        for (const WalkLevel& level : under.levels) look_at(level);
    }
    for_each_output(access,
                    [&](const StaticWrite& leaf, std::uint64_t va, const StaticWrite& output, Formula when) {
                        if (!leads_on(output) || outcome_of(leaf, store) != Outcome::output ||
                            outcome_of(output, store) != Outcome::output)
                            return;
                        pages[tables_.output_address(output, ipa_of(leaf, va))].push_back(when);
                    });
    std::vector<Formula> translated;
    for (const auto& [page, terms] : pages) {
        const Formula here = pool_.disjunction(terms);
        translated.push_back(here);
        graph_.event(access.access).location.push_back({events_.location_of_page(page), here});
    }
    const Formula works = pool_.disjunction(translated);
    graph_.event(access.access).exec = works;
    graph_.event(access.fault).exec = pool_.both(events_.at.guard, !works);
    graph_.add_to("Translation", access.fault, pool_.disjunction(invalid));
    graph_.add_to("AccessFlag", access.fault, pool_.disjunction(no_af));
    if (!store) {
        events_.note_read(access.access, any_value);
        return;
    }
    graph_.event(access.access).value = {{events_.value_of_number(stored_value), true_formula}};
    for (const auto& [page, terms] : pages) events_.note_write(access.access, events_.location_of_page(page));
}

void ScheduleWalks::for_each_output(
    const JudgedAccess& access,
    const std::function<void(const StaticWrite& leaf, std::uint64_t va, const StaticWrite& output,
                             Formula when)>& each) const {
    for (const WalkLevel& level : access.walk) {
        for (const WalkSource& s : level.sources) {
            const StaticWrite& leaf = out_.writes[s.write];
            if (!leads_on(leaf)) continue;
            for (const WalkAddress& a : access.addresses) {
                if (!tables_.serves(leaf, a.va) || pool_.excludes(s.chosen, a.chosen)) continue;
                for (const Stage2Walk& under : access.under) {
                    if (under.for_level != Stage2Walk::output) continue;
                    for (const Output& output : outputs(under, ipa_of(leaf, a.va)))
                        each(leaf, a.va, out_.writes[output.write],
                             pool_.conjunction({s.chosen, a.chosen, output.when}));
                }
            }
        }
    }
}

/// By VA, ASID and VMID, as the leaf of stage 1. The entry serves a whole contiguous set only where stage 2
/// maps as much by one entry.
Formula ScheduleWalks::guest_combined_covered(const IssuedTlbi& tlbi, const JudgedAccess& access) {
    const Geometry& g = tables_.geometry();
    const bool coalesced = schedule_.hardware.contiguous_fill == ContiguousFill::coalesced;
    std::vector<Formula> terms;
    for_each_output(
        access, [&](const StaticWrite& leaf, std::uint64_t va, const StaticWrite& output, Formula when) {
            if (!names_vmid(*schedule_.program, tlbi, va)) return;
            const int level = leaf.slot.level;
            const StageLeaf below{output.value, output.slot.level};
            const bool set = coalesced && is_contiguous_leaf(leaf.value) &&
                             nominal_bytes(g, below) >= g.contiguous_bytes(level);
            const auto entry = cached_translation(*schedule_.program, g, va, level, true,
                                                  set ? EntryReach::contiguous_set : EntryReach::descriptor,
                                                  !leaf.value.not_global);
            if (in_scope(tlbi.scope, entry)) terms.push_back(when);
        });
    return pool_.disjunction(terms);
}

void ScheduleWalks::add_guest_scopes(const JudgedAccess& access) {
    for (const IssuedTlbi& tlbi : events_.tlbis()) {
        if (tlbi.scope.nothing) continue;
        if (tlbi.scope.stage1) {
            for (const WalkLevel& level : access.walk)
                graph_.add_edge("inv-domain", tlbi.event, level.event,
                                covered(tlbi, level, access.addresses, access.walk));
            graph_.add_edge("inv-domain", tlbi.event, *access.combined, guest_combined_covered(tlbi, access));
        }
        if (!tlbi.scope.stage2) continue;
        for (const Stage2Walk& under : access.under) {
            for (const WalkLevel& level : under.levels)
                graph_.add_edge("inv-domain", tlbi.event, level.event,
                                covered(tlbi, level, under.addresses, under.levels));
        }
    }
}

}  // namespace tlbcheck::model
