// SPDX-License-Identifier: Apache-2.0
//
// A TLBI takes effect at some moment between itself and the first DSB that completes it. It leaves the entry
// if such a moment can be chosen before the first descriptor on the way was read, after the moment asked
// about, or while only entries that it does not remove were needed: the entry on the way that was filled last
// is all that the next one needs.
#include "model/break_before_make/bbm_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/limits/budget.hpp"
#include "model/program/cached_translation.hpp"
#include "model/program/pe_contexts.hpp"
#include "model/program/tlbi_scope_at.hpp"

namespace tlbcheck::model {

using logic::Formula;

ChosenPe::ChosenPe(BbmFormulas& formulas, const JudgedSchedule& schedule) : pes_(observed_pes(schedule)) {
    auto& pool = formulas.pool;
    if (pes_.size() == 1) {
        is_.push_back(logic::true_formula);
        return;
    }
    for (const ObservedPe pe : pes_)
        is_.push_back(pool.variable(fmt::format("held by the PE of P{}", pe.value_or(0))));
    formulas.required.push_back(pool.disjunction(is_));
    for (std::size_t a = 0; a < is_.size(); ++a)
        for (std::size_t b = a + 1; b < is_.size(); ++b)
            formulas.required.push_back(!pool.both(is_[a], is_[b]));
}

BbmEntry::BbmEntry(BbmFormulas& formulas, BbmOrder& order, BbmSources& sources, const ChosenPe& pe,
                   const Cut& now, const std::string& name, bool tables_only)
    : formulas_(&formulas), order_(&order), sources_(&sources), first_(sources.geometry().start_level()) {
    choose(name, tables_only);
    combined_ = logic::false_formula;
    if (!tables_only && uses_vms(*sources.schedule().program)) choose_combined(name, now);
    require_order(now);
    require_walked();
    for (EventIndex e = 0; e < order.size(); ++e) {
        if (std::holds_alternative<TlbiInstruction>(order.event(e).instruction->operation))
            require_survives(e, pe, now);
    }
}

void BbmEntry::choose(const std::string& name, bool tables_only) {
    auto& pool = formulas_->pool;
    const std::vector<std::uint64_t>& candidates = sources_->schedule().candidates;
    for (int level = first_; level <= 3; ++level)
        levels_.push_back({order_->cut(fmt::format("{} level {} read", name, level)), {}, {}, {}, {}});
    for (const std::uint64_t va : candidates)
        address_.push_back(pool.variable(fmt::format("{} walked for {:#x}", name, va)));
    entries_.resize(sources_->all().size());
    for (std::size_t s = 0; s < sources_->all().size(); ++s) {
        poll_now();
        const BbmSource& source = sources_->all()[s];
        if (!source.value.cacheable() || source.slot.level < first_) continue;
        const bool table = source.value.kind == DescriptorKind::table;
        const std::string what = fmt::format(
            "{} source {} (level {} {:#x} table {}, {}{})", name, s, source.slot.level, source.slot.va,
            source.slot.generation, to_string(source.value),
            source.event ? ", by " + order_->event(*source.event).name : std::string(", initial"));
        if (table && source.slot.level < 3) at(source.slot.level).path.emplace_back(s, pool.variable(what));
        if (tables_only && !table) continue;
        at(source.slot.level).ends.push_back(s);
        for (const std::size_t c : source.serves)
            entries_[s].push_back(pool.variable(fmt::format("{} for {:#x}", what, candidates[c])));
    }
    for (Level& level : levels_) {
        std::vector<Formula> path, ends;
        for (const auto& [source, chosen] : level.path) path.push_back(chosen);
        for (const std::size_t s : level.ends) ends.push_back(held(s));
        level.on_path = pool.disjunction(path);
        level.at_end = pool.disjunction(ends);
    }
}

bool BbmEntry::of_vm(const BbmSource& source) const {
    const auto space = spaces::of(source.slot.va);
    return space && sources_->schedule().program->spaces[*space].stage2;
}

/// Made at some moment when the leaf's entry was there; that may have gone since.
void BbmEntry::choose_combined(const std::string& name, const Cut& now) {
    auto& pool = formulas_->pool;
    combined_ = pool.variable(fmt::format("{} combines both stages", name));
    made_ = order_->cut(fmt::format("{} combined", name));
    order_->in_order(levels_.back().filled, made_);
    order_->in_order(made_, now);
    std::vector<Formula> leaves;
    for (const Level& level : levels_) {
        for (const std::size_t s : level.ends) {
            const BbmSource& source = sources_->all()[s];
            if (source.value.kind == DescriptorKind::leaf && of_vm(source)) leaves.push_back(held(s));
        }
    }
    formulas_->required.push_back(pool.implication(combined_, pool.disjunction(leaves)));
}

/// Levels are read one after the other, and the entry held is the last.
void BbmEntry::require_order(const Cut& now) {
    auto& pool = formulas_->pool;
    for (std::size_t a = 0; a < levels_.size(); ++a) {
        order_->in_order(levels_[a].filled, a + 1 < levels_.size() ? levels_[a + 1].filled : now);
        for (std::size_t b = a; b < levels_.size(); ++b) {
            formulas_->required.push_back(!pool.both(levels_[a].at_end, levels_[b].on_path));
            if (a != b) formulas_->required.push_back(!pool.both(levels_[a].at_end, levels_[b].at_end));
        }
    }
}

/// Some table descriptor gone through leads to the table page.
Formula BbmEntry::leads_to(int level, std::uint32_t generation) const {
    if (level == first_) return generation == 0 ? logic::true_formula : logic::false_formula;
    std::vector<Formula> ways;
    for (const auto& [source, chosen] : at(level - 1).path)
        if (sources_->all()[source].value.oa == generation) ways.push_back(chosen);
    return formulas_->pool.disjunction(ways);
}

void BbmEntry::require_filled(const BbmSource& source, Formula chosen) {
    auto& pool = formulas_->pool;
    const Cut& filled = at(source.slot.level).filled;
    formulas_->required.push_back(pool.implication(chosen, sources_->readable(source, filled)));
    formulas_->required.push_back(
        pool.implication(chosen, leads_to(source.slot.level, source.slot.generation)));
}

/// With walk_cache = per_page the walk that fills from a neighbour's slot of a contiguous set is the one for
/// the page in that slot.
std::size_t BbmEntry::walked_for(const BbmSource& source, std::size_t candidate) const {
    const JudgedSchedule& schedule = sources_->schedule();
    if (schedule.hardware.walk_cache != WalkCache::per_page) return candidate;
    const std::uint64_t va = schedule.candidates[candidate];
    const std::uint64_t page = source.slot.va + (va - sources_->geometry().entry_base(va, source.slot.level));
    const auto place = std::ranges::lower_bound(schedule.candidates, page);
    if (place == schedule.candidates.end() || *place != page) return candidate;
    return static_cast<std::size_t>(place - schedule.candidates.begin());
}

void BbmEntry::require_walked() {
    auto& pool = formulas_->pool;
    for (const Level& level : levels_) {
        for (const auto& [s, chosen] : level.path) {
            const BbmSource& source = sources_->all()[s];
            require_filled(source, chosen);
            for (std::size_t c = 0; c < address_.size(); ++c) {
                if (!std::ranges::binary_search(source.serves, c))
                    formulas_->required.push_back(!pool.both(chosen, address_[c]));
            }
        }
        for (const std::size_t s : level.ends) {
            const BbmSource& source = sources_->all()[s];
            require_filled(source, held(s));
            for (std::size_t i = 0; i < source.serves.size(); ++i)
                formulas_->required.push_back(
                    pool.implication(entries_[s][i], address_[walked_for(source, source.serves[i])]));
        }
    }
}

/// An entry from a contiguous value may be for one page of the set only: shattered is the weakest hardware.
bool BbmEntry::removes(const Removal& tlbi, const BbmSource& source, std::size_t candidate) const {
    if (tlbi.op.nxs && has(source.value.attributes, Attr::xs)) return false;
    const JudgedSchedule& schedule = sources_->schedule();
    const std::uint64_t va = schedule.candidates[candidate];
    if (!names_vmid(*schedule.program, tlbi.op, tlbi.vms, va)) return false;
    const bool leaf = source.value.kind == DescriptorKind::leaf;
    const bool per_page = !leaf && schedule.hardware.walk_cache == WalkCache::per_page;
    return in_scope(tlbi.scope,
                    cached_translation(*schedule.program, sources_->geometry(), va, source.slot.level, leaf,
                                       per_page ? EntryReach::page : EntryReach::descriptor,
                                       leaf ? std::optional(!source.value.not_global) : std::nullopt));
}

bool BbmEntry::removes_combined(const Removal& tlbi, const BbmSource& source, std::size_t candidate) const {
    if (tlbi.op.nxs && has(source.value.attributes, Attr::xs)) return false;
    CachedTranslation entry;
    entry.stage = CachedTranslation::Stage::combined;
    const JudgedSchedule& schedule = sources_->schedule();
    return in_scope(tlbi.scope, entry) &&
           names_vmid(*schedule.program, tlbi.op, tlbi.vms, schedule.candidates[candidate]);
}

/// What is held combines both stages, and is in the TLBI's scope.
Formula BbmEntry::combined_removed(const Removal& tlbi) const {
    if (combined_.is_false()) return combined_;
    std::vector<Formula> found;
    for (const Level& level : levels_) {
        for (const std::size_t s : level.ends) {
            const BbmSource& source = sources_->all()[s];
            for (std::size_t i = 0; i < source.serves.size(); ++i)
                if (removes_combined(tlbi, source, source.serves[i])) found.push_back(entries_[s][i]);
        }
    }
    return formulas_->pool.both(combined_, formulas_->pool.disjunction(found));
}

/// Of each PE that the TLBI reaches, and for which a DSB completes it.
void BbmEntry::require_survives(EventIndex tlbi, const ChosenPe& pe, const Cut& now) {
    auto& pool = formulas_->pool;
    poll_now();
    const std::uint32_t issuer = order_->event(tlbi).thread;
    const TlbiOp& op = std::get<TlbiInstruction>(order_->event(tlbi).instruction->operation).op;
    std::map<EventIndex, std::vector<Formula>> on;  // by the DSB
    for (std::size_t k = 0; k < pe.pes().size(); ++k) {
        if (!reaches(op, issuer, pe.pes()[k])) continue;
        const auto complete = order_->next(tlbi, [&](const Operation& operation) {
            const auto* barrier = std::get_if<Barrier>(&operation);
            return barrier != nullptr && completes_for(*barrier, op, issuer, pe.pes()[k]);
        });
        if (complete) on[*complete].push_back(pe.is()[k]);
    }
    for (const auto& [complete, chosen] : on) {
        const Formula here =
            chosen.size() == pe.pes().size() ? logic::true_formula : pool.disjunction(chosen);
        formulas_->required.push_back(pool.implication(here, survives(tlbi, complete, now)));
    }
}

Formula BbmEntry::survives(EventIndex tlbi, EventIndex complete, const Cut& now) {
    auto& pool = formulas_->pool;
    const BbmEvent& event = order_->event(tlbi);
    const JudgedSchedule& schedule = sources_->schedule();
    const Removal removal{std::get<TlbiInstruction>(event.instruction->operation).op,
                          tlbi_scope_at(schedule, event.thread, event.position, sources_->geometry()),
                          vms_at(schedule, event.thread, event.position)};
    const auto in_scope_of = [&](const BbmSource& source, std::size_t c) {
        return removes(removal, source, c);
    };
    std::vector<Formula> removed;  // something chosen is in its scope
    std::vector<Formula> ways{levels_.front().filled.after[tlbi], !now.after[complete]};
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const Level& level = levels_[k];
        std::vector<Formula> path, ends;
        for (const auto& [s, chosen] : level.path) {
            const BbmSource& source = sources_->all()[s];
            for (const std::size_t c : source.serves)
                if (in_scope_of(source, c)) path.push_back(pool.both(chosen, address_[c]));
        }
        for (const std::size_t s : level.ends) {
            const BbmSource& source = sources_->all()[s];
            for (std::size_t i = 0; i < source.serves.size(); ++i)
                if (in_scope_of(source, source.serves[i])) ends.push_back(entries_[s][i]);
        }
        const Formula path_removed = pool.disjunction(path), end_removed = pool.disjunction(ends);
        removed.insert(removed.end(), {path_removed, end_removed});
        const Formula not_over = !level.filled.after[complete];
        if (k + 1 < levels_.size())
            ways.push_back(pool.conjunction(
                {level.on_path, !path_removed, levels_[k + 1].filled.after[tlbi], not_over}));
        const Formula next = combined_.is_false() ? now.after[tlbi]
                                                  : pool.either(pool.both(combined_, made_.after[tlbi]),
                                                                pool.both(!combined_, now.after[tlbi]));
        ways.push_back(pool.conjunction({level.at_end, !end_removed, next, not_over}));
    }
    if (!combined_.is_false()) {
        const Formula met = combined_removed(removal);
        removed.push_back(met);
        ways.push_back(pool.conjunction({combined_, !met, now.after[tlbi], !made_.after[complete]}));
    }
    return pool.implication(pool.disjunction(removed), pool.disjunction(ways));
}

Formula BbmEntry::held(std::size_t source, std::size_t candidate) const {
    const std::vector<std::size_t>& serves = sources_->all()[source].serves;
    const auto place = std::ranges::lower_bound(serves, candidate);
    if (entries_[source].empty() || place == serves.end() || *place != candidate) return logic::false_formula;
    return entries_[source][static_cast<std::size_t>(place - serves.begin())];
}

Formula BbmEntry::through(std::size_t source) const {
    for (const Level& level : levels_) {
        for (const auto& [s, chosen] : level.path)
            if (s == source) return chosen;
    }
    return logic::false_formula;
}

Formula BbmEntry::held(std::size_t source) const {
    return formulas_->pool.disjunction(entries_[source]);
}

}  // namespace tlbcheck::model
