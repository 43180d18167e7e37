// SPDX-License-Identifier: Apache-2.0
//
// The hazard of no_bbm_violation on the machine (docs/formal-model.md section 5; RWHZWS, aarch64bbm.cat).
#include "model/machine/machine.hpp"

namespace tlbcheck::model {

namespace {

bool exempt_size(int bbm_level, const Descriptor& a, const Descriptor& b) {
    return bbm_level >= 2 || (bbm_level == 1 && (a.nt || b.nt));
}

/// A read-only page gives way to a read-only one of the same contents.
bool keeps_contents(const Descriptor& a, std::uint64_t a_oa, const Descriptor& b, std::uint64_t b_oa,
                    std::uint64_t va) {
    return !a.writable() && !b.writable() && contents_at(a, va, a_oa) == contents_at(b, va, b_oa);
}

}  // namespace

bool needs_break_before_make(const Scenario& scenario, const HeldLeaf& before, const FreshLeaf& after) {
    const int bbm = scenario.hardware().bbm_level;
    if (!before.value.cacheable() || !after.value.cacheable()) return false;
    const Translation old = scenario.translate(before.from_sibling, before.level, before.value, false);
    const Translation now = scenario.translate(false, after.level, after.value, false);
    const bool moved =
        old.oa != now.oa && !keeps_contents(before.value, old.oa, after.value, now.oa, scenario.va());
    if (memory_type(old.attributes) != memory_type(now.attributes) || moved) return true;
    if (before.level != after.level) return !exempt_size(bbm, before.value, after.value);
    return before.value.contiguous != after.value.contiguous && bbm == 0;
}

/// Where a walk for the judged address ends now: from the tables, or from the walk-cache entry held beside
/// the entry that must be gone.
FreshLeaf Machine::walk_on(const MachineState& state, const std::vector<StoredId>& memory) const {
    const WalkState& way = state.walks[1];
    return scenario_.fresh_leaf(memory, way.level, way.generations[static_cast<std::size_t>(way.level)]);
}

/// True iff the entry held came from a descriptor of the other kind in the slot now written; where that is
/// asked, of another table.
bool Machine::changes_kind_in_use(const MachineState& state, const MachineStore& store) const {
    const WalkState& walk = state.walks[0];
    const MachineLocation& target = scenario_.locations()[static_cast<std::size_t>(store.location)];
    const int level = target.slot.level;
    if (level != (walk.leaf ? walk.level : walk.level - 1)) return false;
    const std::uint32_t generation = walk.generations[static_cast<std::size_t>(level)];
    if (scenario_.slot_location(0, level, generation) != store.location) return false;
    const StoredId id = walk.reads[static_cast<std::size_t>(level)];
    const Descriptor before = scenario_.value(store.location, id);
    if (scenario_.is_garbage(id) || !before.cacheable() || !store.value.cacheable()) return false;
    if (scenario_.question().judging.replaced_tables && before.kind == DescriptorKind::table &&
        store.value.kind == DescriptorKind::table)
        return before.oa != store.value.oa;
    return before.kind != store.value.kind &&
           !exempt_size(scenario_.hardware().bbm_level, before, store.value);
}

/// True iff the value written to another slot of the set and the one that the entry held came from, at least
/// one of them Contiguous, do not fit.
bool Machine::changes_set_in_use(const MachineState& state, const MachineStore& store) const {
    const WalkState& walk = state.walks[0];
    const DescriptorSlot& slot = scenario_.locations()[static_cast<std::size_t>(store.location)].slot;
    const Geometry& geometry = scenario_.geometry();
    const bool in_set =
        walk.leaf && walk.level == slot.level && geometry.contiguous_slots(slot.level) &&
        walk.generations[static_cast<std::size_t>(walk.level)] == slot.generation &&
        geometry.set_base(slot.va, slot.level) == geometry.set_base(scenario_.va(), slot.level);
    if (!in_set || scenario_.is_garbage(walk.reads[static_cast<std::size_t>(walk.level)])) return false;
    const Descriptor held = leaf(state, 0);
    const Descriptor& made = store.value;
    if (!made.cacheable() || made.kind != DescriptorKind::leaf) return false;
    const bool serves_all = scenario_.hardware().contiguous_fill != ContiguousFill::none;
    if (!held.contiguous && !(made.contiguous && serves_all)) return false;
    const std::uint64_t bytes = geometry.contiguous_bytes(slot.level);
    const std::uint64_t own = scenario_.va() - scenario_.va() % geometry.entry_bytes(slot.level);
    const auto output = [&](const Descriptor& of, std::uint64_t va) {
        return of.oa - of.oa % bytes + va % bytes;
    };
    const std::uint64_t at = held.contiguous ? slot.va : own;
    const std::uint64_t held_oa = held.contiguous ? output(held, slot.va) : held.oa;
    const std::uint64_t made_oa = held.contiguous ? made.oa : output(made, own);
    const bool same_output = held_oa == made_oa || keeps_contents(held, held_oa, made, made_oa, at);
    if (!same_output || memory_type(held.attributes) != memory_type(made.attributes)) return true;
    return held.contiguous != made.contiguous && scenario_.hardware().bbm_level == 0;
}

/// True iff the judged PE holds an entry, and the value about to become visible gives the address a
/// translation that needs that entry to be gone. What a new owner writes is not a descriptor.
bool Machine::breaks_bbm(const MachineState& state, std::uint32_t id) const {
    if (scenario_.question().kind != PropertyKind::no_bbm_violation || state.phase != Phase::waiting)
        return false;
    if (wanted_update_ && *wanted_update_ != id) return false;
    const MachineStore& store = scenario_.stores()[id];
    const MachineLocation& target = scenario_.locations()[static_cast<std::size_t>(store.location)];
    if (target.kind != MachineLocation::Kind::slot || store.garbage) return false;
    // The page stored to is on a walk's way, for the judged address or another of its set.
    const int own = scenario_.own_location(target.slot.level, target.slot.generation);
    const auto at_level = static_cast<std::size_t>(target.slot.level);
    if (own < 0 || walk_on(state, state.memory).path[at_level] != own) return false;
    if (changes_kind_in_use(state, store) || changes_set_in_use(state, store)) return true;
    if (own != store.location) return false;
    std::vector<StoredId> memory = state.memory;
    memory[static_cast<std::size_t>(store.location)] = static_cast<StoredId>(id + 1);
    const FreshLeaf after = walk_on(state, memory);
    const WalkState& walk = state.walks[0];
    if (!walk.leaf || after.garbage) return false;
    const StoredId read = walk.reads[static_cast<std::size_t>(walk.level)];
    if (scenario_.is_garbage(read)) return false;
    return needs_break_before_make(
        scenario_, {walk.level, scenario_.from_sibling(0, walk.level), leaf(state, 0)}, after);
}

}  // namespace tlbcheck::model
