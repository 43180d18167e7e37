// SPDX-License-Identifier: Apache-2.0
//
// Guest accesses (docs/formal-model.md section 10): a walk of stage 2, and the entry that combines what it
// gave with the guest's stage 1, which does not change and whose addresses nobody but the guest knows.
#include "model/graph/schedule/walks.hpp"

namespace tlbcheck::model {

using logic::true_formula;

bool ScheduleWalks::of_stage2(const JudgedAccess& access) const {
    const auto space = spaces::of(access.addresses.front().va);
    return space && schedule_.program->spaces[*space].stage2;
}

/// What the access hits. When it is there, and when it has XS, is for the caller to say.
EventId ScheduleWalks::add_combined_entry(JudgedAccess& access, const std::string& walk_name) {
    const LocationId stage1 = events_.location_of_stage1();
    const EventId entry = events_.add("combined entry", {"R", "NExp", "PTE", "D-PTE"});
    graph_.event(entry).location = {{stage1, true_formula}};
    events_.note_read(entry, any_value);
    graph_.add_to("Last-TTD", entry);
    graph_.add_to(walk_name, entry);
    access.combined = entry;
    return entry;
}

/// The combined entry is made after the T of stage 2 that it uses.
void ScheduleWalks::add_combined(JudgedAccess& access, const std::string& walk_name) {
    const EventId entry = add_combined_entry(access, walk_name);
    std::vector<Formula> translated;
    std::vector<Formula> xs;
    for (const WalkLevel& level : access.walk) {
        const Formula leaf = any_source(level, [](const StaticWrite& w) { return translates(w.value); });
        translated.push_back(leaf);
        xs.push_back(any_source(level, [](const StaticWrite& w) {
            return translates(w.value) && has(w.value.attributes, Attr::xs);
        }));
        graph_.add_edge("walk", level.event, entry, leaf);
    }
    graph_.event(entry).exec = pool_.disjunction(translated);
    graph_.add_to("PTEXS", entry, pool_.disjunction(xs));
}

/// Only operations that name no address and no ASID are known to meet it.
Formula ScheduleWalks::combined_covered(const IssuedTlbi& tlbi, const JudgedAccess& access) {
    CachedTranslation entry;
    entry.stage = CachedTranslation::Stage::combined;
    if (!in_scope(tlbi.scope, entry)) return logic::false_formula;
    std::vector<Formula> terms;
    for (const WalkAddress& a : access.addresses) {
        if (names_vmid(*schedule_.program, tlbi, a.va)) terms.push_back(a.chosen);
    }
    return terms.size() == access.addresses.size() ? true_formula : pool_.disjunction(terms);
}

}  // namespace tlbcheck::model
