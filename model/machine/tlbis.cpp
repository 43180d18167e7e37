// SPDX-License-Identifier: Apache-2.0
//
// Removal of entries: TLBIs that take effect on the judged PE, and eviction.
#include <algorithm>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

void Machine::log_effect(std::uint32_t tlbi) const {
    MachineEvent event;
    event.kind = StepKind::remove;
    event.thread = scenario_.tlbis()[tlbi].thread;
    event.position = scenario_.tlbis()[tlbi].position;
    event.tlbi = tlbi;
    log(event);
}

void Machine::take_effect(MachineState& state, std::uint32_t tlbi) const {
    log_effect(tlbi);
    for (std::size_t w = 0; state.phase == Phase::waiting && w < scenario_.question().targets.size(); ++w) {
        if (removes_entry(state, scenario_.tlbis()[tlbi], w)) evict(state, w);
    }
    outlive(state, tlbi);
    state.pending.erase(std::find(state.pending.begin(), state.pending.end(), tlbi));
}

void Machine::evict(MachineState& state, std::size_t w) const {
    state.walks[w] = WalkState{};
    state.walks[w].level = scenario_.root_level();
}

bool Machine::apply_harmless_tlbis(MachineState& state) const {
    const auto kept = std::remove_if(state.pending.begin(), state.pending.end(), [&](std::uint32_t id) {
        const MachineTlbi& tlbi = scenario_.tlbis()[id];
        if (!harmless(state, tlbi)) return false;
        outlive(state, id);
        log_effect(id);
        return true;
    });
    const bool changed = kept != state.pending.end();
    state.pending.erase(kept, state.pending.end());
    return changed;
}

/// A TLBI waits while a judged walk still needs an entry it removes, and while an access in flight on another
/// PE uses one (cat: TLBI-ob, the accesses translated by T; on the TLBI's own PE T alone is ordered).
bool Machine::harmless(const MachineState& state, const MachineTlbi& tlbi) const {
    if (state.phase == Phase::violated) return true;
    const bool used = in_flight(state);
    if (state.phase == Phase::updated && !used) return true;
    if (used && scenario_.question().observer.thread == tlbi.thread) return true;
    if (access_made(state)) return true;
    if (used && scenario_.question().kind == PropertyKind::no_lost_update && may_be_done(state)) return true;
    if (used && scenario_.hardware().repeat_tlbi) return !repeated(state, tlbi);
    for (std::size_t w = 0; w < scenario_.question().targets.size(); ++w) {
        if (used && !state.walks[w].leaf && !state.fault) continue;
        if (removes_entry(state, tlbi, w)) return false;
    }
    return true;
}

/// With the erratum of repeat_tlbi a TLBI waits for an access in flight on another PE only where an earlier
/// one, which the access outlived, was completed before this was issued; whatever this one names.
bool Machine::repeated(const MachineState& state, const MachineTlbi& tlbi) const {
    return std::ranges::any_of(tlbi.repeats, [&](const MachineTlbi::Repeat& repeat) {
        return !went_past(state.threads[tlbi.thread], repeat.dsb) &&
               std::ranges::find(state.outlived, repeat.earlier) != state.outlived.end();
    });
}

/// Notes that the access in flight is none the less for this TLBI.
void Machine::outlive(MachineState& state, std::uint32_t id) const {
    const MachineTlbi& tlbi = scenario_.tlbis()[id];
    if (!scenario_.hardware().repeat_tlbi || state.phase == Phase::violated || !in_flight(state) ||
        scenario_.question().observer.thread == tlbi.thread) {
        return;
    }
    bool meets = false;
    for (std::size_t w = 0; w < scenario_.question().targets.size(); ++w) {
        if (!state.walks[w].leaf && !state.fault) continue;
        meets = meets || removes_entry(state, tlbi, w);
    }
    if (!meets) return;
    state.outlived.insert(std::ranges::lower_bound(state.outlived, id), id);
}

bool Machine::removes_entry(const MachineState& state, const MachineTlbi& tlbi, std::size_t w) const {
    if (scenario_.guest()) return guest_removes(state, tlbi, w);
    const WalkState& walk = state.walks[w];
    if (walk.leaf) {
        return scenario_.removes(tlbi, w, walk.level, leaf(state, w),
                                 walk.combined ? EntrySpan::combined : walk.span);
    }
    // An access that faults in flight uses what its walk read, though no entry holds that.
    if (state.phase == Phase::latched && state.fault) {
        return scenario_.removes(tlbi, w, walk.level, leaf(state, w), EntrySpan::own);
    }
    if (walk.level == scenario_.root_level() &&
        (!walk.begun || walk.level == scenario_.geometry().start_level()))
        return false;
    return scenario_.removes(tlbi, w, walk.level - 1, {}, EntrySpan::table);
}

}  // namespace tlbcheck::model
