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
    if (scenario_.is_garbage(read)) return scenario_.managed_flags().access;
    return update_to(state) && state.memory[static_cast<std::size_t>(location(state, 0))] == read;
}

/// The access has its translation and may yet have to be made: where that breaks the property at once, too.
bool Machine::in_flight(const MachineState& state) const {
    if (state.phase == Phase::latched) return true;
    const Question& question = scenario_.question();
    if (!question.observer.thread || !judges_access(question.kind)) return false;
    return state.phase == Phase::updated ||
           (state.phase == Phase::violated &&
            state.threads[*question.observer.thread].position < scenario_.judged_position());
}

/// Before the access its thread has yet to go by something that it reads.
bool Machine::reads_ahead(const MachineState& state) const {
    const std::uint32_t own = *scenario_.question().observer.thread;
    const std::vector<MachineInstruction>& code = scenario_.threads()[own];
    for (std::uint32_t at = state.threads[own].position; at < scenario_.judged_position(); ++at) {
        if (code[at].kind == MachineInstruction::Kind::await ||
            code[at].kind == MachineInstruction::Kind::branch)
            return true;
    }
    return false;
}

/// Nothing holds back the access itself, which a TLBI of another PE waits for. What hardware sets for it may
/// come later (cat: TLBI-ob is about T and the access).
bool Machine::may_be_done(const MachineState& state) const {
    const Question& question = scenario_.question();
    if (!question.observer.thread) return false;
    return !barrier_ahead(state) && (!question.observer.store || !reads_ahead(state)) &&
           !access_waits_for_stores(state, *question.observer.thread);
}

/// The access of a thread sets its flag: after what the thread goes by (dob), and like a T before or after
/// barriers that stand before it (DSB-ob, IFB-ob: those that discard a translation).
bool Machine::may_set_flag(const MachineState& state) const {
    if (scenario_.question().kind != PropertyKind::no_lost_update || state.phase != Phase::latched)
        return false;
    return may_update(state) && !reads_ahead(state);
}

void Machine::set_flag(MachineState& state) const {
    MachineEvent event;
    event.kind = StepKind::latch;
    event.entry = state.walks[0];
    event.result = seen(state);
    event.sets_flag = true;
    log(event);
    state.phase = Phase::updated;
}

/// A barrier behind the access: it waits for the access, and so for its T; a full DSB for what hardware sets
/// too, unless that is never set.
bool Machine::updates_before(const MachineState& state, const Barrier& barrier) const {
    if (barrier.kind == BarrierKind::isb) return in_flight(state);
    if (barrier.kind == BarrierKind::dsb && barrier.access == BarrierAccess::full)
        return state.phase == Phase::updated;
    const bool waits = barrier.access == BarrierAccess::full ||
                       (barrier.access == BarrierAccess::st) == scenario_.question().observer.store;
    return !waits || in_flight(state);
}

/// The entry held, from a leaf that this memory holds no more or from one of another space, may have flags
/// set that its own leaf there has not.
bool Machine::leaves_clear(const MachineState& state, const std::vector<StoredId>& memory) const {
    if (scenario_.guest()) return guest_leaves_clear(state, memory);
    const WalkState& walk = state.walks[0];
    if (!manages_flags(scenario_.hardware()) || scenario_.moment() || !walk.leaf) return false;
    const StoredId read = walk.reads[static_cast<std::size_t>(walk.level)];
    const Descriptor was = leaf(state, 0);
    const bool own = scenario_.question().targets[0].va == scenario_.va();
    if (scenario_.is_garbage(read) || !was.af ||
        (own && memory[static_cast<std::size_t>(location(state, 0))] == read))
        return false;
    const FreshLeaf now = scenario_.fresh_leaf(memory);
    return now.level >= 0 && !now.garbage && now.value.kind == DescriptorKind::leaf && now.value.af &&
           may_leave_clear(was, now.value);
}

/// Of a guest's combined entry, stage by stage.
bool Machine::guest_leaves_clear(const MachineState& state, const std::vector<StoredId>& memory) const {
    if (!manages_flags(scenario_.hardware()) || !state.walks[0].combined) return false;
    const Translation seen = translation(state, 0);
    if (!seen.valid || seen.garbage) return false;
    const auto now = scenario_.guest_leaves(memory);
    if (!now) return false;
    const Descriptor was = guest_leaf(state, 0).value;
    const auto held = [&](std::size_t w) {
        return memory[static_cast<std::size_t>(location(state, w))] ==
               state.walks[w].reads[static_cast<std::size_t>(state.walks[w].level)];
    };
    const bool own = scenario_.question().targets[0].va == scenario_.va();
    if (may_leave_clear(was, now->stage1) && !(own && held(0))) return true;
    if (!may_leave_clear(was, now->stage2)) return false;
    const Stage2Need needed{UnderWalk::output, scenario_.within_vm(stage1_result(state, 0).oa)};
    const auto under = scenario_.under(0, needed);
    const HeldLeaf below = stage2_leaf(state, 0);
    if (!under) {
        const std::uint64_t slot = scenario_.geometry().entry_base(needed.ipa, below.level);
        return !scenario_.serves_ipa({slot, below.level, 0}, below.value, now->ipa);
    }
    const DescriptorSlot& slot =
        scenario_.locations()[static_cast<std::size_t>(location(state, *under))].slot;
    return !(held(*under) && scenario_.serves_ipa(slot, below.value, now->ipa));
}

/// Made visible over the update, the store loses it. The first store over it decides.
bool Machine::loses(MachineState& state, std::uint32_t id) const {
    if (scenario_.question().kind != PropertyKind::no_lost_update) return false;
    if (state.phase != Phase::updated || state.met != 0) return false;
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
