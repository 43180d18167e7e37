// SPDX-License-Identifier: Apache-2.0
//
// Stage 2 on the timeline: what a guest's access hits combines an entry of stage 2 with the guest's own
// stage 1, and stays when that entry goes (docs/formal-model.md section 10).
#include "model/break_before_make/bbm_machine.hpp"
#include "model/program/pe_contexts.hpp"

namespace tlbcheck::model {

/// Of a stage 2 leaf's entries, those that combine it with stage 1 are made anew at any time. One made
/// through an entry that a TLBI not yet complete removes goes with it, where that TLBI meets it as well.
void BbmMachine::combine(Source& source) const {
    if (source.value.kind != DescriptorKind::leaf || source.live.none()) return;
    const auto space = spaces::of(source.slot.va);
    if (!space || !schedule_->program->spaces[*space].stage2) return;
    for (std::size_t t = 0; t < issued_.size(); ++t) {
        const Addresses staying = source.doomed[t].empty() ? source.live : source.live - source.doomed[t];
        Addresses doomed = source.combined_doomed[t].empty() ? none() : source.combined_doomed[t] - staying;
        if (!source.doomed[t].empty())
            doomed |=
                removed_combined(issued_[t], source, (source.live - source.combined) & source.doomed[t]);
        source.combined_doomed[t] = doomed.any() ? doomed : Addresses{};
    }
    source.combined |= source.live;
}

BbmMachine::Addresses BbmMachine::removed_combined(const IssuedTlbi& tlbi, const Source& source,
                                                   const Addresses& of) const {
    Addresses result = none();
    if (tlbi.instruction.op.nxs && has(source.value.attributes, Attr::xs)) return result;
    CachedTranslation entry;
    entry.stage = CachedTranslation::Stage::combined;
    if (!in_scope(tlbi.scope, entry)) return result;
    for (std::size_t c = of.find_first(); c != Addresses::npos; c = of.find_next(c)) {
        if (names_vmid(*schedule_->program, tlbi.instruction.op, tlbi.vms, schedule_->candidates[c]))
            result.set(c);
    }
    return result;
}

/// What the TLBI just issued removes for certain: not what is combined again from an entry of stage 2 that
/// it leaves.
void BbmMachine::doom_combined(std::size_t place) {
    for (Source& source : sources_) {
        if (source.combined.none()) continue;
        const Addresses& doomed = source.doomed[place];
        const Addresses staying = doomed.empty() ? source.live : source.live - doomed;
        const Addresses gone = removed_combined(issued_[place], source, source.combined - staying);
        if (gone.any()) source.combined_doomed[place] = gone;
    }
}

/// A DSB completes the TLBI, which is taken out of the list.
void BbmMachine::remove_combined(Source& source, std::size_t place) const {
    const Addresses gone = source.combined_doomed[place];
    source.combined_doomed.erase(source.combined_doomed.begin() + static_cast<std::ptrdiff_t>(place));
    if (gone.empty()) return;
    source.combined -= gone;
    for (Addresses& doomed : source.combined_doomed)
        if (!doomed.empty()) doomed -= gone;
}

}  // namespace tlbcheck::model
