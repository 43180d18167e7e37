// SPDX-License-Identifier: Apache-2.0
//
// Hardware updates of descriptors in the machine: an access whose entry lacks a flag sets it in memory by a
// compare and swap, there and then (docs/formal-model.md, no_lost_update).
#include "model/arch/hardware_update.hpp"

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

std::optional<Descriptor> Machine::update_to(const MachineState& state) const {
    if (!state.walks[0].leaf) return std::nullopt;
    return hardware_update(leaf(state, 0), scenario_.question().observer.store);
}

/// The judged access can set a flag now: what its entry was read from is still in memory.
bool Machine::may_update(const MachineState& state) const {
    const WalkState& walk = state.walks[0];
    if (!walk.leaf) return false;
    const StoredId read = walk.reads[static_cast<std::size_t>(walk.level)];
    if (scenario_.is_garbage(read)) return scenario_.hardware().ha;
    return update_to(state) && state.memory[static_cast<std::size_t>(location(state, 0))] == read;
}

/// The entry held, from a leaf that this memory holds no more, may have flags set that its own leaf there has
/// not.
bool Machine::leaves_clear(const MachineState& state, const std::vector<StoredId>& memory) const {
    const WalkState& walk = state.walks[0];
    if (!scenario_.hardware().ha || scenario_.moment() || !walk.leaf) return false;
    const StoredId read = walk.reads[static_cast<std::size_t>(walk.level)];
    const Descriptor was = leaf(state, 0);
    if (scenario_.is_garbage(read) || !was.af || memory[static_cast<std::size_t>(location(state, 0))] == read)
        return false;
    const FreshLeaf now = scenario_.fresh_leaf(memory);
    return now.level >= 0 && !now.garbage && now.value.kind == DescriptorKind::leaf && now.value.af &&
           may_leave_clear(was, now.value);
}

/// Made visible over the update, the store loses it. The first store over it decides.
bool Machine::loses(MachineState& state, std::uint32_t id) const {
    if (scenario_.question().kind != PropertyKind::no_lost_update) return false;
    if (state.phase != Phase::latched || state.met != 0) return false;
    const MachineStore& store = scenario_.stores()[id];
    if (store.location != location(state, 0)) return false;
    state.met = id + 1;
    if (wanted_update_) {  // of a freed table page the new owner writes every slot
        const MachineStore& wanted = scenario_.stores()[*wanted_update_];
        if (wanted.thread != store.thread || wanted.position != store.position) return false;
    }
    return !store.atomic && (store.garbage || loses_update(leaf(state, 0), *update_to(state), store.value));
}

}  // namespace tlbcheck::model
