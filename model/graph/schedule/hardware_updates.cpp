// SPDX-License-Identifier: Apache-2.0
//
// What hardware writes to descriptors (FEAT_HAFDBS), and whether the schedule loses it (docs/formal-model.md,
// no_lost_update).
#include "model/arch/hardware_update.hpp"

#include "model/graph/schedule/questions.hpp"

namespace tlbcheck::model {

/// An atomic read-modify-write of the descriptor that the T read, which an entry may have held since (cat:
/// HU, rmw, aob). Where it cannot be one, the value having been overwritten, the access walks anew or faults.
void ScheduleWalks::add_update(WalkLevel& level, const JudgedAccess& access) {
    std::vector<Formula> made;
    std::map<LocationId, std::vector<Formula>> places;
    std::map<ValueId, std::vector<Formula>> values;
    for (const WalkSource& s : level.sources) {
        const StaticWrite& w = out_.writes[s.write];
        const auto updated = w.by_new_owner ? std::nullopt : hardware_update(w.value, access.store);
        if (!updated) continue;
        made.push_back(s.chosen);
        places[events_.location_of_slot(w.slot)].push_back(s.chosen);
        values[events_.value_of(*updated)].push_back(s.chosen);
    }
    if (made.empty()) return;
    const EventId write = events_.add("HU", {"W", "NExp", "PTE"});
    graph_.event(write).exec = pool_.disjunction(made);
    for (const auto& [place, terms] : places) {
        graph_.event(write).location.push_back({place, pool_.disjunction(terms)});
        events_.note_write(write, place);
    }
    for (const auto& [value, terms] : values)
        graph_.event(write).value.push_back({value, pool_.disjunction(terms)});
    graph_.add_edge("rmw", level.event, write);
    graph_.add_edge("iico_ctrl", access.branch, write);
    level.update = write;
}

/// no_stale_entry: an entry of before, or of another space, in which hardware has set what the final tables
/// have clear. Accesses by it leave that clear. Of a moment flags are not judged.
Formula ScheduleQuestionBuilder::leaves_clear(std::size_t write, std::uint64_t accessed,
                                              const std::vector<FinalResult>& finals) {
    const StaticWrite& w = out_.writes[write];
    if (!translates(w.value) || w.by_new_owner || schedule_.judging.moment) return logic::false_formula;
    std::vector<Formula> clear;
    for (const FinalResult& f : finals) {
        if (f.valid && !f.by_new_owner && may_leave_clear(w.value, f.value)) clear.push_back(f.when);
    }
    const Formula current = tables_.serves(w, accessed) ? final_write(write) : logic::false_formula;
    return pool_.both(pool_.disjunction(clear), !current);
}

/// Of a combined entry of a guest's, stage by stage: its leaf of that stage is not the one that a fresh walk
/// reads.
Formula ScheduleQuestionBuilder::guest_leaves_clear(const EntryOfGuest& entry,
                                                    const std::vector<FinalResult>& finals) {
    const auto replaced = [&](const StaticWrite& source, std::uint64_t address) {
        const auto write = static_cast<std::size_t>(&source - out_.writes.data());
        return tables_.serves(source, address) ? !final_write(write) : logic::true_formula;
    };
    std::vector<Formula> terms;
    for (const FinalResult& f : finals) {
        if (!f.leaves) continue;
        std::vector<Formula> clear;
        if (may_leave_clear(entry.leaf.value, f.leaves->stage1))
            clear.push_back(replaced(*entry.stage1, entry.accessed));
        if (may_leave_clear(entry.leaf.value, f.leaves->stage2))
            clear.push_back(replaced(*entry.stage2, f.leaves->ipa));
        terms.push_back(pool_.both(f.when, pool_.disjunction(clear)));
    }
    return pool_.disjunction(terms);
}

/// The next write to the slot after hardware's is this one.
Formula ScheduleQuestionBuilder::follows_at_once(EventId update, const StaticWrite& later) {
    std::vector<Formula> terms{graph_.event(later.event).exec, coherence_before(update, later.event)};
    for (const StaticWrite& other : out_.writes) {
        if (other.slot != later.slot || other.event == later.event) continue;
        terms.push_back(
            !pool_.conjunction({graph_.event(other.event).exec, coherence_before(update, other.event),
                                coherence_before(other.event, later.event)}));
    }
    return pool_.conjunction(terms);
}

/// no_lost_update: the next write to the descriptor is a plain store, of a value that was made without what
/// hardware set; or a walk came to what a new owner wrote to a table page, where hardware then sets flags.
Formula ScheduleQuestionBuilder::lost_update() {
    const JudgedAccess& access = out_.accesses.front();
    std::vector<Formula> terms;
    for (const WalkLevel& level : access.walk) {
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            if (w.by_new_owner &&
                managed_flags(schedule_.hardware, of_stage2(*schedule_.program, w.slot.va)).access)
                terms.push_back(s.chosen);
            const auto updated = w.by_new_owner ? std::nullopt : hardware_update(w.value, access.store);
            if (!updated) continue;
            for (std::size_t i = 0; i < out_.writes.size(); ++i) {
                const StaticWrite& later = out_.writes[i];
                if (later.slot != w.slot || later.thread == initial_thread || later.atomic) continue;
                if (!later.by_new_owner && !loses_update(w.value, *updated, later.value)) continue;
                terms.push_back(pool_.both(s.chosen, follows_at_once(*level.update, later)));
                out_.losing.emplace_back(i, terms.back());
            }
        }
    }
    return pool_.disjunction(terms);
}

}  // namespace tlbcheck::model
