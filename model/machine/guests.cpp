// SPDX-License-Identifier: Apache-2.0
//
// A guest's walk in the machine (docs/formal-model.md section 14): stage 1 reads its descriptors, and reaches
// memory, by entries of stage 2, each of which is followed as a walk of its own.
#include <algorithm>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

/// The root table is mapped before the schedule.
bool Machine::stage2_at_start(std::size_t w) const {
    if (!scenario_.guest() || is_under(w)) return true;
    const auto ipa = scenario_.table_ipa(w, scenario_.root_level(), 0);
    return !ipa || scenario_.mapped_at_start(*ipa);
}

/// What the walk needs of stage 2 next; nullopt: nothing.
std::optional<Stage2Need> Machine::need(const MachineState& state, std::size_t w) const {
    const WalkState& walk = state.walks[w];
    if (!walk.leaf) {
        const auto ipa =
            scenario_.table_ipa(w, walk.level, walk.generations[static_cast<std::size_t>(walk.level)]);
        return ipa ? std::optional(Stage2Need{walk.level, *ipa}) : std::nullopt;
    }
    if (walk.combined || is_garbage_leaf(state, w)) return std::nullopt;
    return Stage2Need{UnderWalk::output, scenario_.within_vm(stage1_result(state, w).oa)};
}

Translation Machine::stage1_result(const MachineState& state, std::size_t w) const {
    const WalkState& walk = state.walks[w];
    const StoredId id = walk.reads[static_cast<std::size_t>(walk.level)];
    return scenario_.translate(scenario_.from_sibling(w, walk.level), walk.level, leaf(state, w),
                               scenario_.is_garbage(id));
}

bool Machine::is_garbage_leaf(const MachineState& state, std::size_t w) const {
    const WalkState& walk = state.walks[w];
    return walk.leaf && scenario_.is_garbage(walk.reads[static_cast<std::size_t>(walk.level)]);
}

Machine::Ready Machine::ready(const MachineState& state, std::size_t w) const {
    const auto needed = need(state, w);
    if (!needed) return Ready::yes;
    const auto under = scenario_.under(w, *needed);
    if (!under) return scenario_.fixed(needed->ipa) ? Ready::yes : Ready::no;
    if (!state.walks[*under].leaf) return Ready::no;
    return is_garbage_leaf(state, *under) ? Ready::garbage : Ready::yes;
}

/// The guest's walk is past what it needs this one for.
bool Machine::consumed(const MachineState& state, std::size_t w) const {
    const UnderWalk& under = *scenario_.question().targets[w].under;
    const WalkState& main = state.walks[under.of];
    if (under.for_level == UnderWalk::output) return main.combined;
    return main.level > under.for_level || (main.leaf && main.level >= under.for_level);
}

bool Machine::complete(const MachineState& state, std::size_t w) const {
    const WalkState& walk = state.walks[w];
    if (!scenario_.guest()) return walk.leaf && (walk.combined || !scenario_.combines());
    if (!walk.leaf) return need(state, w) && ready(state, w) == Ready::garbage;
    return walk.combined || is_garbage_leaf(state, w);
}

/// What stage 2 gives for the leaf of stage 1 that is held.
HeldLeaf Machine::stage2_leaf(const MachineState& state, std::size_t w) const {
    const Stage2Need needed{UnderWalk::output, scenario_.within_vm(stage1_result(state, w).oa)};
    if (const auto under = scenario_.under(w, needed)) {
        const WalkState& walk = state.walks[*under];
        return {walk.level, scenario_.from_sibling(*under, walk.level), leaf(state, *under)};
    }
    const auto fixed = scenario_.fixed(needed.ipa);
    return fixed ? HeldLeaf{fixed->level, false, fixed->value} : HeldLeaf{};
}

Translation Machine::guest_translation(const MachineState& state, std::size_t w) const {
    Translation garbage;
    garbage.valid = garbage.af = garbage.garbage = true;
    if (state.fault || !complete(state, w)) return {};
    if (!state.walks[w].leaf || is_garbage_leaf(state, w)) return garbage;
    const Translation first = stage1_result(state, w);
    const Stage2Need needed{UnderWalk::output, scenario_.within_vm(first.oa)};
    const auto under = scenario_.under(w, needed);
    if (under && is_garbage_leaf(state, *under)) return garbage;
    const HeldLeaf second = stage2_leaf(state, w);
    return Scenario::combined(
        first, scenario_.translate_for(needed.ipa, second.from_sibling, second.level, second.value, false));
}

/// A combined entry is of a whole contiguous set only where stage 2 maps as much by one entry.
bool Machine::combines_set(const MachineState& state, std::size_t w) const {
    const WalkState& walk = state.walks[w];
    if (walk.span != EntrySpan::coalesced) return false;
    const HeldLeaf below = stage2_leaf(state, w);
    return nominal_bytes(scenario_.geometry(), {below.value, below.level}) >=
           scenario_.geometry().contiguous_bytes(walk.level);
}

LeafTranslation Machine::guest_leaf(const MachineState& state, std::size_t w) const {
    const Translation seen = translation(state, w);
    const std::uint64_t va = scenario_.question().targets[w].va;
    if (!state.walks[w].combined || seen.garbage)
        return {leaf(state, w), state.walks[w].level, seen.oa, spaces::plain(va)};
    const HeldLeaf below = stage2_leaf(state, w);
    const StageLeaf both = combined_leaf(*scenario_.schedule().program,
                                         {leaf(state, w), state.walks[w].level}, {below.value, below.level},
                                         va, scenario_.within_vm(stage1_result(state, w).oa), seen.oa);
    return {both.value, both.level, seen.oa, spaces::plain(va)};
}

/// The walk that meets a fault now, if the access is made now; nullopt: none.
std::optional<std::size_t> Machine::guest_fault(const MachineState& state) const {
    if (complete(state, 0)) return std::nullopt;
    // Of another ASID only a global entry of stage 1 is hit, whose output may fault.
    if (scenario_.only_global(0) && !state.walks[0].leaf) return std::nullopt;
    const auto faults = [&](std::size_t w) {
        const WalkState& walk = state.walks[w];
        if (scenario_.question().targets[w].sibling_level) return false;
        const bool at_start = scenario_.root_level() == scenario_.geometry().start_level();
        if (needs_context(w) && !walk.begun &&
            (!at_start || scenario_.context(w)->ended() || !may_begin(state, w)))
            return false;
        const int at = location(state, w);
        if (at < 0) return true;
        const StoredId id = state.memory[static_cast<std::size_t>(at)];
        return !scenario_.value(at, id).cacheable() && wanted(w, walk.level, at, id, EntrySpan::own);
    };
    const WalkState& main = state.walks[0];
    // Its first descriptor is read, or would be, in its context.
    if (needs_context(0) && !main.begun) {
        const bool at_start = scenario_.root_level() == scenario_.geometry().start_level();
        if (!at_start || scenario_.context(0)->ended() || !may_begin(state, 0)) return std::nullopt;
    }
    if (const auto needed = need(state, 0)) {
        if (const auto under = scenario_.under(0, *needed)) {
            if (!state.walks[*under].leaf) return faults(*under) ? under : std::nullopt;
        } else if (!scenario_.fixed(needed->ipa)) {
            return std::nullopt;
        }
    }
    if (main.leaf) return std::nullopt;
    return faults(0) ? std::optional<std::size_t>(0) : std::nullopt;
}

bool Machine::guest_removes(const MachineState& state, const MachineTlbi& tlbi, std::size_t w) const {
    const WalkState& walk = state.walks[w];
    if (state.phase == Phase::latched && state.fault) {
        return w == state.fault_at && !walk.leaf &&
               scenario_.removes(tlbi, w, walk.level, leaf(state, w), EntrySpan::own);
    }
    if (scenario_.question().targets[w].under && consumed(state, w)) return false;
    if (walk.leaf) {
        if (!walk.combined) return scenario_.removes(tlbi, w, walk.level, leaf(state, w), walk.span);
        Descriptor value = leaf(state, w);
        value.attributes = value.attributes | (stage2_leaf(state, w).value.attributes & Attr::xs);
        return scenario_.removes(tlbi, w, walk.level, value, EntrySpan::combined, combines_set(state, w));
    }
    if (state.phase == Phase::latched) return false;
    if (walk.level == scenario_.root_level() &&
        (!walk.begun || walk.level == scenario_.geometry().start_level()))
        return false;
    return scenario_.removes(tlbi, w, walk.level - 1, {}, EntrySpan::table);
}

/// What stage 2 gives was in a page that an earlier use left as it was, or what stage 1 gives.
bool Machine::combines_unknown(const MachineState& state) const {
    const auto unknown = [&](std::size_t w) {
        const WalkState& walk = state.walks[w];
        return walk.leaf &&
               scenario_.is_unknown(location(state, w), walk.reads[static_cast<std::size_t>(walk.level)]);
    };
    if (unknown(0)) return true;
    if (!state.walks[0].leaf) return false;
    const auto under =
        scenario_.under(0, {UnderWalk::output, scenario_.within_vm(stage1_result(state, 0).oa)});
    return under && unknown(*under);
}

/// By the leaf of the stage whose memory is given away.
bool Machine::guest_after_free(const MachineState& state, std::size_t w, const MachineStore& free) const {
    const auto later = [&](std::size_t t) {
        const StoredId id = state.walks[t].reads[static_cast<std::size_t>(state.walks[t].level)];
        if (id == 0) return false;
        const MachineStore& writer = scenario_.stores()[id - 1U];
        return writer.thread == free.thread && writer.position > free.position;
    };
    const bool stage1 = state.walks[w].leaf && later(w);
    const auto under =
        !state.walks[w].leaf || is_garbage_leaf(state, w)
            ? std::nullopt
            : scenario_.under(w, {UnderWalk::output, scenario_.within_vm(stage1_result(state, w).oa)});
    const bool stage2 = under && later(*under);
    if (scenario_.question().amalgam) return stage1 && stage2;
    return free.by_guest ? stage1 : stage2;
}

/// The access met what a new owner wrote to a table page.
bool Machine::met_garbage(const MachineState& state) const {
    if (!scenario_.guest())
        return scenario_.is_garbage(state.walks[0].reads[static_cast<std::size_t>(state.walks[0].level)]);
    return !state.fault && complete(state, 0) && translation(state, 0).garbage;
}

}  // namespace tlbcheck::model
