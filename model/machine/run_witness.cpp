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

/// What the walks of a guest read of stage 2, of main walk `of`.
std::vector<WitnessUnder> unders(const Scenario& scenario, const MachineState& state, std::uint32_t of) {
    std::vector<WitnessUnder> result;
    const std::vector<WalkTarget>& targets = scenario.question().targets;
    for (std::size_t w = 0; w < targets.size(); ++w) {
        if (!targets[w].under || targets[w].under->of != of) continue;
        const bool read = state.walks[w].leaf || (state.fault && state.fault_at == w);
        if (read)
            result.push_back({targets[w].va, targets[w].under->for_level, reads(scenario, state.walks[w], w),
                              targets[w].context});
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
    const bool pair = scenario.question().mains() == 2;
    witness.other_context = scenario.question().targets[pair ? 1 : 0].context;
    witness.under = unders(scenario, state, 0);
    if (pair) witness.other_under = unders(scenario, state, 1);
    if (witness.kind == PropertyKind::no_lost_update) {
        for (const MachineEvent& event : events) {
            if (event.kind == StepKind::hit && event.store)
                witness.update = InstructionRef{event.thread, event.position};
        }
        return witness;
    }
    if (witness.kind != PropertyKind::no_bbm_violation) {
        if (pair) witness.other_walk = reads(scenario, state.walks[1], 1);
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
