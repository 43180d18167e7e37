// SPDX-License-Identifier: Apache-2.0
//
// The questions of docs/formal-model.md as formulas over the choices.
#include "model/graph/schedule/questions.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "model/arch/hardware_update.hpp"
#include "model/arch/leaf_change.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

using logic::false_formula;
using logic::true_formula;

namespace {

/// Permissions, output address, attributes and whether it is global, as a fresh walk would give them; not the
/// Contiguous bit, not the level, not the flags that hardware manages.
bool same_translation(const Descriptor& a, PhysicalPage pa, const Descriptor& b, PhysicalPage pb) {
    return pa == pb && a.writable() == b.writable() && a.el0 == b.el0 && a.not_global == b.not_global &&
           a.attributes == b.attributes;
}

/// The same, with fewer rights.
bool allows_less(const Descriptor& a, PhysicalPage pa, const Descriptor& b, PhysicalPage pb) {
    return pa == pb && a.writable() <= b.writable() && a.el0 <= b.el0 && a.not_global == b.not_global &&
           executes_less(a.attributes, b.attributes);
}

/// One access can hit both entries: they have one ASID or VMID, or one of them is global.
bool hit_by_one(const ScheduleProgram& program, const StaticWrite& v, const WalkAddress& va,
                const StaticWrite& w, const WalkAddress& wa) {
    const auto one = spaces::of(va.va), other = spaces::of(wa.va);
    if (!one || !other) return true;
    const PeContext a{*one, {}, {}, false, va.asid}, b{*other, {}, {}, false, wa.asid};
    return same_tags(program, a, b) ||
           (!program.spaces[*one].stage2 && (!v.value.not_global || !w.value.not_global));
}

LeafTranslation leaf_of(const ReachableTables& tables, const StaticWrite& write, std::uint64_t va) {
    return {write.value, write.slot.level, tables.output_address(write, va), va};
}

}  // namespace

Formula ScheduleQuestionBuilder::coherence_before(EventId a, EventId b) {
    std::vector<Formula> terms;
    for (const Edge& e : graph_.edges("co")) {
        if (e.from == a && e.to == b) terms.push_back(e.when);
    }
    return pool_.disjunction(terms);
}

/// The write is the last one to its slot.
Formula ScheduleQuestionBuilder::final_write(std::size_t write) {
    std::vector<Formula> terms{graph_.event(out_.writes[write].event).exec};
    for (std::size_t other = 0; other < out_.writes.size(); ++other) {
        if (other == write || out_.writes[other].slot != out_.writes[write].slot) continue;
        terms.push_back(pool_.either(!graph_.event(out_.writes[other].event).exec,
                                     coherence_before(out_.writes[other].event, out_.writes[write].event)));
    }
    return pool_.conjunction(terms);
}

/// What a fresh walk of the final tables through `va`'s own descriptors gives, case by case.
std::vector<ScheduleQuestionBuilder::FinalResult> ScheduleQuestionBuilder::final_results(std::uint64_t va) {
    std::vector<FinalResult> results;
    std::map<std::uint32_t, Formula> pages{{0, true_formula}};  // table page generations at the current level
    for (int level = tables_.geometry().start_level(); level <= 3; ++level) {
        std::map<std::uint32_t, Formula> next;
        for (std::size_t i = 0; i < out_.writes.size(); ++i) {
            const StaticWrite& w = out_.writes[i];
            if (w.slot.level != level || !tables_.is_own(w, va) || !pages.contains(w.slot.generation))
                continue;
            const Formula last = schedule_.judging.moment ? may_be_current(i) : final_write(i);
            const Formula when = pool_.both(pages.at(w.slot.generation), last);
            if (when.is_false()) continue;
            if (w.value.kind == DescriptorKind::table) {
                auto& f =
                    next.try_emplace(static_cast<std::uint32_t>(w.value.oa), false_formula).first->second;
                f = pool_.either(f, when);
            } else if (translates(w.value)) {
                results.push_back({true, tables_.output_address(w, va), w.value, w.by_new_owner, when});
            } else {
                results.push_back({false, 0, {}, w.by_new_owner, when});
            }
        }
        pages = std::move(next);
    }
    return results;
}

/// A walk for `va` at the end gives what `write`'s descriptor gives.
Formula ScheduleQuestionBuilder::fresh_walk_agrees(const StaticWrite& write, std::uint64_t va,
                                                   const std::vector<FinalResult>& finals) {
    std::vector<Formula> agreeing;
    for (const FinalResult& f : finals) {
        if (agrees(write, va, f)) agreeing.push_back(f.when);
    }
    return pool_.disjunction(agreeing);
}

bool ScheduleQuestionBuilder::agrees(const StaticWrite& write, std::uint64_t va, const FinalResult& f) const {
    const bool valid = translates(write.value);
    return agrees({valid, valid ? tables_.output_address(write, va) : 0, write.value, write.by_new_owner, {}},
                  f);
}

bool ScheduleQuestionBuilder::agrees(const FinalResult& seen, const FinalResult& f) const {
    const bool same = f.valid == seen.valid && f.by_new_owner == seen.by_new_owner &&
                      (!seen.valid || same_translation(seen.value, seen.page, f.value, f.page));
    if (same || !schedule_.judging.restrictive) return same;
    if (!f.valid || f.by_new_owner || seen.by_new_owner) return false;
    return !seen.valid || allows_less(seen.value, seen.page, f.value, f.page);
}

/// The instruction is before the moment judged, as far as the thread whose moment it is can know: it is its
/// own, or one before something that it read and went by.
Formula ScheduleQuestionBuilder::known(int thread, int instruction) {
    if (thread == static_cast<int>(*schedule_.judging.moment)) return true_formula;
    std::vector<Formula> told;
    for (const KnowingRead& read : events_.knowing_reads()) {
        const auto knows = knows_.find(read.event);
        if (knows == knows_.end() || knows->second.is_false()) continue;
        for (const ReadsFrom& r : graph_.reads_from()) {
            if (r.read != read.event) continue;
            for (const auto& [write, chosen] : r.writes) {
                const Event& source = graph_.event(write);
                if (source.thread != thread || source.instruction < instruction) continue;
                told.push_back(pool_.conjunction({chosen, graph_.event(read.event).exec, knows->second}));
            }
        }
    }
    return pool_.disjunction(told);
}

/// At the moment judged the slot may hold the value: no later one is known of.
Formula ScheduleQuestionBuilder::may_be_current(std::size_t write) {
    if (knows_.empty()) {  // the least relation that is closed, in as many rounds as there are reads
        const auto& reads = events_.knowing_reads();
        for (std::size_t round = 0; round <= reads.size(); ++round) {
            std::map<EventId, Formula> next;
            for (const KnowingRead& read : reads)
                next.emplace(read.event, known(read.thread, read.instruction));
            if (next == knows_) break;
            knows_ = std::move(next);
        }
    }
    std::vector<Formula> overtaken;
    for (std::size_t other = 0; other < out_.writes.size(); ++other) {
        const DescriptorWrite& w = out_.writes[other];
        if (other == write || w.slot != out_.writes[write].slot || w.thread < 0) continue;
        overtaken.push_back(pool_.conjunction({coherence_before(out_.writes[write].event, w.event),
                                               graph_.event(w.event).exec,
                                               known(w.thread, graph_.event(w.event).instruction)}));
    }
    const Event& event = graph_.event(out_.writes[write].event);
    return pool_.either(pool_.both(event.exec, !pool_.disjunction(overtaken)),
                        events_.stopped_before(event.thread, event.instruction));
}

/// no_stale_entry: the judged access translates or faults otherwise than a fresh walk would.
Formula ScheduleQuestionBuilder::stale() {
    if (of_guest()) return guest_stale();
    const JudgedAccess& access = out_.accesses.front();
    std::vector<Formula> terms;
    for (const WalkAddress& a : access.addresses) {
        const auto finals = final_results(a.accessed);
        std::map<Formula, std::vector<Formula>> seen;  // sources, by when a fresh walk agrees
        for (const WalkLevel& level : access.walk) {
            for (const WalkSource& s : level.sources) {
                const StaticWrite& w = out_.writes[s.write];
                if (w.value.kind == DescriptorKind::table || !tables_.serves(w, a.va)) continue;
                if (pool_.excludes(s.chosen, a.chosen)) continue;
                seen[fresh_walk_agrees(w, a.va, finals)].push_back(s.chosen);
                if (manages_flags(schedule_.hardware))
                    terms.push_back(
                        pool_.conjunction({s.chosen, a.chosen, leaves_clear(s.write, a.accessed, finals)}));
            }
        }
        for (const auto& [agrees, chosen] : seen)
            terms.push_back(pool_.conjunction({pool_.disjunction(chosen), a.chosen, !agrees}));
    }
    return pool_.disjunction(terms);
}

Formula ScheduleQuestionBuilder::read_from(EventId read, EventId write) const {
    for (const ReadsFrom& r : graph_.reads_from()) {
        if (r.read != read) continue;
        for (const auto& [from, chosen] : r.writes) {
            if (from == write) return chosen;
        }
    }
    return false_formula;
}

/// The judged access meets the new owner's data.
Formula ScheduleQuestionBuilder::meets(EventId write) {
    const JudgedAccess& access = out_.accesses.front();
    const Formula here = pool_.conjunction({graph_.event(access.access).exec, graph_.event(write).exec,
                                            graph_.same_location(access.access, write)});
    const Formula seen =
        access.store ? coherence_before(write, access.access) : read_from(access.access, write);
    return pool_.both(here, seen);
}

/// no_use_after_free: an access through a translation read before the free meets the new owner's data, or a
/// walk reads the new owner's data as a descriptor.
Formula ScheduleQuestionBuilder::used_after_free() {
    if (of_guest()) return guest_used_after_free();
    const JudgedAccess& access = out_.accesses.front();
    std::vector<Formula> terms;
    for (const WalkLevel& level : access.walk) {
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            if (w.by_new_owner) terms.push_back(s.chosen);
            if (!translates(w.value) || w.by_new_owner) continue;
            std::vector<Formula> met;
            for (const auto& [write, instruction, by_guest] : events_.new_owner_writes()) {
                const Event& freed = graph_.event(write);
                const Event& source = graph_.event(w.event);
                const bool remapped = source.thread == freed.thread && source.instruction > instruction;
                if (remapped) continue;
                met.push_back(meets(write));
            }
            terms.push_back(pool_.both(s.chosen, pool_.disjunction(met)));
        }
    }
    return pool_.disjunction(terms);
}

/// never_invalid: the walk ends at an invalid descriptor, or at contents that are not known, which may be
/// invalid.
Formula ScheduleQuestionBuilder::met_fault() {
    if (of_guest()) return guest_met_fault();
    std::vector<Formula> terms;
    for (const WalkLevel& level : out_.accesses.front().walk) {
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            const bool unknown = w.by_new_owner ||
                                 (w.thread == initial_thread && unknown_at_start(*schedule_.program, w.slot));
            if (unknown || !w.value.valid()) terms.push_back(s.chosen);
        }
    }
    return pool_.disjunction(terms);
}

/// Two live entries match one address and conflict (docs/formal-model.md, "Hazards").
Formula ScheduleQuestionBuilder::conflict() {
    return conflict(candidates_, [](const StaticWrite&, const StaticWrite&) { return true; });
}

/// Some walk for the address can come to what the free handed over.
bool ScheduleQuestionBuilder::reaches(std::uint64_t va, EventId new_owner_write) {
    std::set<std::uint64_t> walked;
    for (const JudgedAccess& access : out_.accesses) {
        for (const WalkAddress& a : access.addresses) {
            if (a.accessed == va) walked.insert(a.va);
        }
    }
    const auto serves = [&](const StaticWrite& w) {
        return std::ranges::any_of(walked, [&](std::uint64_t at) { return tables_.serves(w, at); });
    };
    for (const StaticWrite& w : out_.writes) {
        if (w.event == new_owner_write) return serves(w);
    }
    const LocationId freed = graph_.event(new_owner_write).location.front().what;
    return std::ranges::any_of(out_.writes, [&](const StaticWrite& w) {
        if (!translates(w.value) || w.by_new_owner) return false;
        return std::ranges::any_of(walked, [&](std::uint64_t at) {
            return tables_.serves(w, at) && events_.location_of_page(tables_.output_address(w, at)) == freed;
        });
    });
}

/// At bbm_level 0: the judged access meets conflicting entries, not both of descriptors stored after the
/// free, and the new owner's data, where one of its walks can come to that.
Formula ScheduleQuestionBuilder::used_after_free_through_amalgam() {
    std::vector<Formula> terms;
    for (const AmalgamRead& amalgam : amalgam_reads_) {
        const Event& freed = graph_.event(amalgam.write);
        const auto after_free = [&](const StaticWrite& w) {
            const Event& source = graph_.event(w.event);
            return source.thread == freed.thread && source.instruction > amalgam.instruction;
        };
        std::vector<WalkAddress> near;
        std::ranges::copy_if(candidates_, std::back_inserter(near),
                             [&](const WalkAddress& a) { return reaches(a.va, amalgam.write); });
        const Formula entries = conflict(near, [&](const StaticWrite& v, const StaticWrite& w) {
            return !after_free(v) || !after_free(w);
        });
        terms.push_back(pool_.both(entries, read_from(amalgam.read, amalgam.write)));
    }
    return pool_.disjunction(terms);
}

Formula ScheduleQuestionBuilder::conflict(
    const std::vector<WalkAddress>& addresses,
    const std::function<bool(const StaticWrite&, const StaticWrite&)>& which) {
    if (of_guest()) return guest_conflict(addresses, which);
    std::vector<Formula> terms;
    for (const WalkLevel& x : out_.accesses[0].walk) {
        for (const WalkLevel& y : out_.accesses[1].walk) {
            for (const WalkSource& s : x.sources) {
                for (const WalkSource& t : y.sources) {
                    const StaticWrite& v = out_.writes[s.write];
                    const StaticWrite& w = out_.writes[t.write];
                    if (!translates(v.value) || !translates(w.value) || !which(v, w)) continue;
                    for (const WalkAddress& a : addresses) {
                        for (const WalkAddress& p : out_.accesses[0].addresses) {
                            if (p.accessed != a.va || !tables_.serves(v, p.va)) continue;
                            for (const WalkAddress& q : out_.accesses[1].addresses) {
                                if (q.accessed != a.va || !tables_.serves(w, q.va)) continue;
                                if (!hit_by_one(*schedule_.program, v, p, w, q)) continue;
                                if (conflicting(leaf_of(tables_, v, p.va), leaf_of(tables_, w, q.va),
                                                schedule_.hardware.contiguous_fill))
                                    terms.push_back(
                                        pool_.conjunction({s.chosen, t.chosen, p.chosen, q.chosen}));
                            }
                        }
                    }
                }
            }
        }
    }
    return pool_.disjunction(terms);
}

Formula ScheduleQuestionBuilder::violated() {
    const bool freed = question_.property == PropertyKind::no_use_after_free;
    if (question_.conflict) return freed ? used_after_free_through_amalgam() : conflict();
    if (question_.property == PropertyKind::never_invalid) return met_fault();
    if (question_.property == PropertyKind::no_lost_update) return lost_update();
    return freed ? used_after_free() : stale();
}

bool conflict_conceivable(const JudgedSchedule& schedule) {
    if (!schedule.program->spaces.empty()) return true;  // entries of two spaces may meet
    const ReachableTables tables(schedule, schedule.candidates);
    for (const std::uint64_t va : schedule.candidates) {
        poll_now();
        // Each against each: of two pages that hold what a third does, one may be writable (same_contents).
        std::vector<LeafTranslation> kept;
        for (const StaticWrite& w : tables.writes()) {
            if (!translates(w.value) || !tables.serves(w, va)) continue;
            const LeafTranslation leaf = leaf_of(tables, w, va);
            const auto same = [&](const LeafTranslation& other) {
                return other.value == leaf.value && other.level == leaf.level && other.output == leaf.output;
            };
            if (std::ranges::any_of(kept, same)) continue;
            const auto conflicts = [&](const LeafTranslation& other) {
                return conflicting(other, leaf, schedule.hardware.contiguous_fill);
            };
            if (std::ranges::any_of(kept, conflicts)) return true;
            kept.push_back(leaf);
        }
    }
    return false;
}

}  // namespace tlbcheck::model
