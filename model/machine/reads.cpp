// SPDX-License-Identifier: Apache-2.0
//
// The loads that threads go by. Awaits and branches control stores and TLBIs that follow, not loads: a later
// one may be made earlier, unless a barrier or the place it reads forbids it.
#include <algorithm>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

OrderedBefore Machine::ordered_before(const ThreadState& state, std::uint32_t thread,
                                      std::uint32_t position) const {
    if (state.passed.empty()) return scenario_.ordered_before(thread, position);
    OrderedBefore ordered;
    const std::vector<MachineInstruction>& code = scenario_.threads()[thread];
    for (std::uint32_t at = 0; at < position && at < code.size(); ++at) {
        if (!went_past(state, at)) ordered.pass(code[at], at);
    }
    return ordered;
}

/// Stores before a DMB are visible before a load after it, store-releases before one after a load-acquire.
bool Machine::may_read(const MachineState& state, std::uint32_t thread) const {
    const ThreadState& own = state.threads[thread];
    if (own.buffer.empty()) return true;
    const OrderedBefore ordered = ordered_before(own, thread, own.position);
    return std::ranges::none_of(
        own.buffer, [&](std::uint32_t id) { return ordered.orders_accesses(scenario_.stores()[id]); });
}

/// A DSB waits for all stores before it; a DSB LD for those that come before one of its thread's loads.
bool Machine::waits_for_stores(const MachineState& state, std::uint32_t thread,
                               const Barrier& barrier) const {
    const ThreadState& own = state.threads[thread];
    if (own.buffer.empty()) return false;
    if (barrier.access != BarrierAccess::ld) return true;
    const OrderedBefore ordered = ordered_before(own, thread, own.position);
    return std::ranges::any_of(
        own.buffer, [&](std::uint32_t id) { return ordered.orders_dsb_ld(scenario_.stores()[id]); });
}

/// An access made ahead comes after a load-acquire, and that after its thread's store-releases.
bool Machine::acquires_too_late(const MachineState& state, std::uint32_t thread,
                                const MachineInstruction& code) const {
    if (!code.acquire || !state.made || scenario_.question().observer.thread != thread) return false;
    const ThreadState& own = state.threads[thread];
    OrderedBefore ordered = ordered_before(own, thread, own.position);
    ordered.pass(code, own.position);
    return state.released_since || (ordered.acquired_all != 0 && state.stored_since) ||
           std::ranges::any_of(own.buffer, [&](std::uint32_t id) {
               return ordered.orders_by_acquire(scenario_.stores()[id]);
           });
}

/// What the instruction would read: its thread's youngest store before it that waits, else memory.
StoredId Machine::read_now(const MachineState& state, std::uint32_t thread, std::uint32_t position) const {
    const MachineInstruction& code = scenario_.threads()[thread][position];
    const std::vector<std::uint32_t>& buffer = state.threads[thread].buffer;
    const auto own = std::find_if(buffer.rbegin(), buffer.rend(), [&](std::uint32_t store) {
        return scenario_.stores()[store].location == code.location;
    });
    if (own != buffer.rend()) return *own + 1;
    return state.memory[static_cast<std::size_t>(code.location)];
}

/// The value compared with is there.
bool Machine::holds(const MachineInstruction& code, StoredId id) const {
    const MachineLocation& place = scenario_.locations()[static_cast<std::size_t>(code.location)];
    if (place.kind == MachineLocation::Kind::slot) return !scenario_.value(code.location, id).valid();
    return (id == 0 ? 0 : scenario_.stores()[id - 1U].flag_value) == code.value;
}

/// When the next branch reads, and which later loads are made before it, is for the search to choose.
void Machine::add_reads(const MachineState& state, std::vector<MachineAction>& actions) const {
    for (std::uint32_t t = 0; t < state.threads.size(); ++t) {
        const std::vector<MachineInstruction>& code = scenario_.threads()[t];
        const ThreadState& own = state.threads[t];
        if (own.position >= code.size() || !may_read(state, t)) continue;
        if (code[own.position].kind == MachineInstruction::Kind::branch)
            actions.push_back({MachineAction::Kind::go_by, t, 0, 0, EntrySpan::own});
        for (std::uint32_t at = own.position + 1; at < code.size(); ++at) {
            const bool await = code[at].kind == MachineInstruction::Kind::await;
            if (!await && code[at].kind != MachineInstruction::Kind::branch) continue;
            if (!scenario_.is_raced(t, code[at])) continue;
            const bool read =
                std::ranges::any_of(own.early, [&](const EarlyRead& r) { return r.position == at; });
            if (read || (await && !holds(code[at], read_now(state, t, at)))) continue;
            actions.push_back({MachineAction::Kind::read_early, t, at, 0, EntrySpan::own});
        }
    }
}

/// Awaits that a later store of the same value may tell more.
void Machine::add_awaits(const MachineState& state, std::vector<MachineAction>& actions) const {
    for (std::uint32_t t = 0; t < state.threads.size(); ++t) {
        const std::vector<MachineInstruction>& code = scenario_.threads()[t];
        const std::uint32_t position = state.threads[t].position;
        if (position < code.size() && scenario_.tells_apart(code[position]) &&
            can_execute(state, t, code[position]))
            actions.push_back({MachineAction::Kind::go_by, t, 0, 0, EntrySpan::own});
    }
}

void Machine::read_early(MachineState& state, std::uint32_t thread, std::uint32_t position) const {
    EarlyRead read{position, read_now(state, thread, position), false, false, false};
    std::vector<EarlyRead>& early = state.threads[thread].early;
    for (EarlyRead& other : early) other.read_since = true;
    const auto at = std::ranges::lower_bound(early, position, {}, &EarlyRead::position);
    early.insert(at, read);
}

/// The value that the next instruction, a branch or an await, reads.
StoredId Machine::take_read(MachineState& state, std::uint32_t thread) const {
    ThreadState& own = state.threads[thread];
    StoredId id = 0;
    if (!own.early.empty() && own.early.front().position == own.position) {
        id = own.early.front().id;
        own.early.erase(own.early.begin());
    } else {
        id = read_now(state, thread, own.position);
        for (EarlyRead& read : own.early) read.read_since = true;
    }
    const int location = scenario_.threads()[thread][own.position].location;
    // Two loads of one place do not go back in time.
    std::erase_if(own.early, [&](const EarlyRead& read) {
        return scenario_.threads()[thread][read.position].location == location && read.id != id;
    });
    note_read(state, thread, id);
    return id;
}

/// Goes on at another place; what was read for those passed over is of no use.
void Machine::go_to(MachineState& state, std::uint32_t thread, std::uint32_t position) const {
    const std::vector<MachineInstruction>& code = scenario_.threads()[thread];
    ThreadState& own = state.threads[thread];
    const std::uint32_t end = std::min(position, static_cast<std::uint32_t>(code.size()));
    const bool matters =
        std::any_of(code.begin() + own.position, code.begin() + end, [&](const MachineInstruction& i) {
            return i.kind == MachineInstruction::Kind::barrier || i.loads || i.release ||
                   (i.kind == MachineInstruction::Kind::store && !scenario_.owner_stores().empty());
        });
    const bool judged = scenario_.question().observer.thread == thread &&
                        own.position <= scenario_.judged_position() && scenario_.judged_position() < end;
    if (matters || judged) own.passed.emplace_back(own.position, end);
    own.position = position;
    std::erase_if(own.early, [&](const EarlyRead& read) { return read.position < position; });
}

bool Machine::went_past(const ThreadState& thread, std::uint32_t position) {
    return std::ranges::any_of(thread.passed,
                               [&](const auto& of) { return of.first <= position && position < of.second; });
}

/// Between two stores of a thread a barrier that orders stores was executed; or the first is a store-release
/// and a load-acquire was.
bool Machine::ordered_apart(const ThreadState& thread, const MachineStore& earlier,
                            const MachineStore& later) const {
    if (thread.passed.empty()) {
        return earlier.epoch < later.epoch ||
               scenario_.ordered_before(later.thread, later.position).orders_by_acquire(earlier);
    }
    const std::vector<MachineInstruction>& code = scenario_.threads()[earlier.thread];
    for (std::uint32_t at = earlier.position; at < later.position; ++at) {
        const bool fence =
            code[at].kind == MachineInstruction::Kind::barrier && orders_stores(code[at].barrier);
        if (fence && !went_past(thread, at)) return true;
    }
    return ordered_before(thread, later.thread, later.position).orders_by_acquire(earlier);
}

/// The instruction at hand may forbid that a load behind it has been made already.
void Machine::order_reads(MachineState& state, std::uint32_t thread, const MachineInstruction& code) const {
    ThreadState& own = state.threads[thread];
    if (code.acquire) {
        OrderedBefore ordered = ordered_before(own, thread, own.position);
        ordered.pass(code, own.position);
        const bool waits = std::ranges::any_of(
            own.buffer, [&](std::uint32_t id) { return ordered.orders_by_acquire(scenario_.stores()[id]); });
        std::erase_if(own.early, [&](const EarlyRead& read) {
            return waits || read.released_since || (ordered.acquired_all != 0 && read.stored_since);
        });
    }
    if (code.kind == MachineInstruction::Kind::store) {
        std::erase_if(own.early, [&](const EarlyRead& read) {
            const int location = scenario_.threads()[thread][read.position].location;
            for (std::uint32_t i = 0; i < code.count; ++i) {
                if (scenario_.stores()[std::size_t{code.first} + i].location == location) return true;
            }
            return false;
        });
    }
    if (code.kind != MachineInstruction::Kind::barrier) return;
    const Barrier& barrier = code.barrier;
    const bool dsb = barrier.kind == BarrierKind::dsb;
    const bool orders_reads = barrier.kind == BarrierKind::isb || barrier.access != BarrierAccess::st;
    const bool keeps_from_stores =
        barrier.kind != BarrierKind::isb &&
        (barrier.access == BarrierAccess::full || (dsb && barrier.access == BarrierAccess::st));
    const bool all = dsb && barrier.access == BarrierAccess::full;
    std::erase_if(own.early, [&](const EarlyRead& read) {
        return all || (orders_reads && read.read_since) ||
               (keeps_from_stores && (read.stored_since || !own.buffer.empty()));
    });
}

}  // namespace tlbcheck::model
