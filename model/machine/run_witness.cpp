// SPDX-License-Identifier: Apache-2.0
//
// The reads of the judged walk as a witness.
#include "model/machine/run_witness.hpp"

namespace tlbcheck::model {

namespace {

std::optional<InstructionRef> writer(const Scenario& scenario, StoredId id) {
    if (id == 0) return std::nullopt;
    const MachineStore& store = scenario.stores()[id - 1U];
    return InstructionRef{store.thread, store.position};
}

std::vector<WitnessRead> reads(const Scenario& scenario, const WalkState& walk, std::size_t w) {
    std::vector<WitnessRead> result;
    for (int level = scenario.geometry().start_level(); level <= walk.level; ++level) {
        const auto at = static_cast<std::size_t>(level);
        const int location = scenario.slot_location(w, level, walk.generations[at]);
        if (location < 0) break;
        WitnessRead read;
        read.slot = scenario.locations()[static_cast<std::size_t>(location)].slot;
        read.writer = writer(scenario, walk.reads[at]);
        read.span = level < walk.level ? EntrySpan::table : EntrySpan::own;
        if (level == walk.level && walk.leaf) read.span = walk.span;
        result.push_back(read);
    }
    return result;
}

}  // namespace

Witness run_witness(const Scenario& scenario, const std::vector<MachineAction>& path) {
    std::vector<MachineEvent> events;
    Machine machine(scenario);
    machine.log_to(&events);
    MachineState state = machine.initial();
    for (const MachineAction& action : path) machine.apply(state, action);
    Witness witness;
    witness.kind = scenario.question().kind;
    witness.observer = scenario.question().observer;
    witness.va = scenario.va();
    witness.walk = reads(scenario, state.walks[0], 0);
    witness.context = scenario.question().targets.front().context;
    witness.other_context = scenario.question().targets.back().context;
    if (witness.kind == PropertyKind::no_lost_update) {
        for (const MachineEvent& event : events) {
            if (event.kind == StepKind::hit && event.store)
                witness.update = InstructionRef{event.thread, event.position};
        }
        return witness;
    }
    if (witness.kind != PropertyKind::no_bbm_violation) {
        if (scenario.question().targets.size() == 2) witness.other_walk = reads(scenario, state.walks[1], 1);
        return witness;
    }
    for (const MachineEvent& event : events) {
        if (event.kind == StepKind::hit) witness.update = InstructionRef{event.thread, event.position};
    }
    // The walk may be under way through the slot that is updated: only what it has cached counts.
    if (!state.walks[0].leaf && !witness.walk.empty()) witness.walk.pop_back();
    return witness;
}

}  // namespace tlbcheck::model
