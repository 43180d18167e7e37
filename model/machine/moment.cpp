// SPDX-License-Identifier: Apache-2.0
//
// An access judged at a moment of one thread, while others go on (docs/formal-model.md section 6): what the
// thread knows of their stores, and what the tables may hold then.
#include <algorithm>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

/// A store takes along what its thread knows; a read that the thread goes by learns what the store it reads
/// took along.
void Machine::note_executed(MachineState& state, std::uint32_t thread, const MachineInstruction& code) const {
    std::vector<std::uint32_t>& known = state.known[thread];
    known[thread] = state.threads[thread].position + 1;
    if (code.kind != MachineInstruction::Kind::store) return;
    for (std::uint32_t i = 0; i < code.count; ++i) state.told[std::size_t{code.first} + i] = known;
}

void Machine::note_read(MachineState& state, std::uint32_t thread, StoredId id) const {
    if (!scenario_.moment() || id == 0) return;
    const std::vector<std::uint32_t>& told = state.told[id - 1U];
    for (std::size_t t = 0; t < told.size(); ++t)
        state.known[thread][t] = std::max(state.known[thread][t], told[t]);
}

/// Known to the thread whose moment is judged.
bool Machine::is_known(const MachineState& state, StoredId id) const {
    if (id == 0) return true;
    const MachineStore& store = scenario_.stores()[id - 1U];
    return store.position < state.known[*scenario_.moment()][store.thread];
}

/// A walk from this table page on may end in `seen`, where each slot holds the last value known of or a later
/// one.
bool Machine::may_yield(const MachineState& state, int level, std::uint32_t generation,
                        const Translation& seen) const {
    const int at = scenario_.own_location(level, generation);
    if (at < 0) return !scenario_.is_stale(seen, Translation{});
    std::vector<StoredId> values{0};
    const std::vector<StoredId>& visible = state.history[static_cast<std::size_t>(at)];
    values.insert(values.end(), visible.begin(), visible.end());
    for (std::size_t i = 0; i < scenario_.stores().size(); ++i) {
        const MachineStore& store = scenario_.stores()[i];
        const bool to_come = store.location == at && store.position >= state.threads[store.thread].position;
        if (to_come) values.push_back(static_cast<StoredId>(i + 1));
    }
    const auto last =
        std::find_if(values.rbegin(), values.rend(), [&](StoredId id) { return is_known(state, id); });
    return std::any_of(last.base() - 1, values.end(), [&](StoredId id) {
        const Descriptor value = scenario_.value(at, id);
        if (scenario_.is_garbage(id) || value.kind != DescriptorKind::table || level == 3)
            return !scenario_.is_stale(seen,
                                       scenario_.translate(false, level, value, scenario_.is_garbage(id)));
        return may_yield(state, level + 1, static_cast<std::uint32_t>(value.oa), seen);
    });
}

/// The access in flight has been made: its thread has come to it, and has been told of the moment.
bool Machine::access_made(const MachineState& state) const {
    if (state.phase != Phase::latched) return false;
    if (state.made) return true;
    if (!scenario_.moment()) return false;
    const std::optional<std::uint32_t>& own = scenario_.question().observer.thread;
    if (own && state.threads[*own].position != scenario_.threads()[*own].size()) return false;
    return std::ranges::all_of(scenario_.end_flags(), [&](int flag) {
        return flag < 0 || state.memory[static_cast<std::size_t>(flag)] != 0;
    });
}

/// A thread's access may be made ahead of its awaits: these order only stores and TLBIs after them. One that
/// has read another thread's flag by load-acquire comes after that.
bool Machine::may_make_access(const MachineState& state) const {
    const std::optional<std::uint32_t>& own = scenario_.question().observer.thread;
    if (!scenario_.moment() || own != scenario_.moment() || state.phase != Phase::latched || state.made)
        return false;
    const ThreadState& thread = state.threads[*own];
    if (thread.position == scenario_.threads()[*own].size()) return false;  // it is made there anyway
    return may_read(state, *own);
}

/// A barrier that orders what its thread has executed since the access was made before it never executes:
/// such a run is none. What could be executed before the access has been.
bool Machine::waits_for_access(const MachineState& state, std::uint32_t thread,
                               const Barrier& barrier) const {
    if (!state.made || scenario_.question().observer.thread != thread) return false;
    if (barrier.kind == BarrierKind::isb || barrier.access != BarrierAccess::st) return true;
    return barrier.kind == BarrierKind::dsb && (state.stored_since || !state.threads[thread].buffer.empty());
}

}  // namespace tlbcheck::model
