// SPDX-License-Identifier: Apache-2.0
//
// The judged access: when it looks its translation up, when it is made, and what it meets.
#include <algorithm>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

/// True iff the own descriptor next to be read makes the access fault. Faults are not cached: they are read
/// and used at once.
bool Machine::faults_here(const MachineState& state) const {
    if (scenario_.guest()) return guest_fault(state).has_value();
    const WalkState& walk = state.walks[0];
    if (walk.leaf || scenario_.question().targets[0].sibling_level) return false;
    if (needs_context(0)) {
        const bool at_start = scenario_.root_level() == scenario_.geometry().start_level();
        if (!walk.begun && (!at_start || scenario_.context(0)->ended() || !may_begin(state, 0))) return false;
        if (scenario_.only_global(0)) return false;
    }
    const int at = location(state, 0);
    if (at < 0) return true;
    const StoredId id = state.memory[static_cast<std::size_t>(at)];
    return !scenario_.value(at, id).cacheable() && wanted(0, walk.level, at, id, EntrySpan::own);
}

bool Machine::everything_before_done(const MachineState& state) const {
    const std::optional<std::uint32_t>& own = scenario_.question().observer.thread;
    for (std::size_t t = 0; t < state.threads.size(); ++t) {
        if (own == t) {
            const ThreadState& thread = state.threads[t];
            if (thread.position < scenario_.judged_position()) return false;
            if (std::ranges::any_of(thread.buffer, [&](std::uint32_t id) {
                    return scenario_.stores()[id].position < scenario_.judged_position();
                }))
                return false;
        } else if (const int flag = scenario_.end_flags()[t]; flag >= 0) {
            if (state.memory[static_cast<std::size_t>(flag)] == 0) return false;
        }
    }
    return true;
}

/// True iff the observer's translation may be looked up now (docs/formal-model.md section 6).
bool Machine::access_time(const MachineState& state) const {
    const std::optional<std::uint32_t>& own = scenario_.question().observer.thread;
    if (own && scenario_.branches(*own)) return true;
    if (own) return state.threads[*own].position >= scenario_.first_latch_position();
    if (scenario_.judged_at_any_time()) return true;
    return everything_before_done(state);
}

bool Machine::may_look_up(const MachineState& state) const {
    const Question& question = scenario_.question();
    if (!judges_access(question.kind) || !access_time(state)) return false;
    if (question.kind == PropertyKind::no_lost_update) return may_update(state);
    if (question.amalgam) return conflict(state);
    const bool entry = scenario_.guest() ? complete(state, 0) : state.walks[0].leaf;
    if (!entry) {
        // cat, ets-ob: with ETS2 an access that faults walked after everything before it.
        return faults_here(state) && (scenario_.hardware().ets < 2 || everything_before_done(state));
    }
    if (!complete(state, 0)) return false;
    const bool permission = question.observer.store && !translation(state, 0).writable;
    return !permission || scenario_.hardware().ets < 3 || everything_before_done(state);
}

/// What the access gets: the entry held, or the fault it took.
Translation Machine::seen(const MachineState& state) const {
    if (scenario_.guest()) return guest_translation(state, 0);
    return location(state, 0) < 0 ? Translation{} : translation(state, 0);
}

/// What an access would get now.
Translation Machine::seen_now(const MachineState& state) const {
    if (scenario_.guest()) return guest_translation(state, 0);  // where there is no entry, it faults
    const int at = location(state, 0);
    if (state.walks[0].leaf || at < 0) return seen(state);
    const Descriptor value = scenario_.value(at, state.memory[static_cast<std::size_t>(at)]);
    return scenario_.translate(false, state.walks[0].level, value, false);
}

/// The look-up gives a translation fault, or what is not known.
bool Machine::may_be_invalid(const MachineState& state) const {
    std::size_t w = 0;
    if (scenario_.guest()) {
        if (complete(state, 0)) return translation(state, 0).garbage || combines_unknown(state);
        w = *guest_fault(state);
    }
    const WalkState& walk = state.walks[w];
    const int at = location(state, w);
    if (at < 0) return true;
    const StoredId id = walk.leaf ? walk.reads[static_cast<std::size_t>(walk.level)]
                                  : state.memory[static_cast<std::size_t>(at)];
    return scenario_.is_unknown(at, id) || !scenario_.value(at, id).valid();
}

/// False for look-ups that cannot lead to a violation.
bool Machine::useful_look_up(const MachineState& state) const {
    if (scenario_.question().kind == PropertyKind::no_use_after_free) {
        return met_garbage(state) || can_reach_freed(state);
    }
    if (scenario_.question().kind == PropertyKind::no_lost_update) return true;  // may_update() saw it
    if (scenario_.question().kind == PropertyKind::never_invalid) return may_be_invalid(state);
    if (scenario_.question().amalgam || scenario_.final_varies() || scenario_.moment()) return true;
    return scenario_.is_stale(seen_now(state), scenario_.fresh_walk(scenario_.final_memory())) ||
           leaves_clear(state, scenario_.final_memory());
}

bool Machine::after_free(const MachineState& state, std::size_t w, const MachineStore& free) const {
    if (scenario_.guest()) return guest_after_free(state, w, free);
    const StoredId id = state.walks[w].reads[static_cast<std::size_t>(state.walks[w].level)];
    if (id == 0) return false;
    const MachineStore& writer = scenario_.stores()[id - 1U];
    return writer.thread == free.thread && writer.position > free.position;
}

/// True iff an access with the translations held could see the write of this free's new owner.
bool Machine::exposes(const MachineState& state, std::size_t store) const {
    const MachineStore& free = scenario_.stores()[store];
    // No access meets what its own thread stores after it (coRW1, coWW).
    const bool of_own = scenario_.question().observer.thread == free.thread;
    if (of_own && free.position >= scenario_.judged_position()) return false;
    if (scenario_.question().amalgam) {
        return !after_free(state, 0, free) || !after_free(state, 1, free);
    }
    const Translation seen = translation(state, 0);
    const bool allowed = seen.valid && seen.af && (seen.writable || !scenario_.question().observer.store);
    return allowed && scenario_.frees(store, seen) && !after_free(state, 0, free);
}

bool Machine::can_reach_freed(const MachineState& state) const {
    if (scenario_.guest() ? !complete(state, 0) : !state.walks[0].leaf) return false;
    for (const std::uint32_t i : scenario_.owner_stores()) {
        if (exposes(state, i)) return true;
    }
    return false;
}

void Machine::look_up(MachineState& state) const {
    const Question& question = scenario_.question();
    const std::size_t w = scenario_.guest() ? guest_fault(state).value_or(0) : 0;
    WalkState& walk = state.walks[w];
    const auto level = static_cast<std::size_t>(walk.level);
    MachineEvent event;
    event.kind = StepKind::latch;
    event.walk = static_cast<std::uint8_t>(w);
    if (scenario_.guest() ? !complete(state, 0) : !walk.leaf) {
        const int at = location(state, w);
        state.fault_at = static_cast<std::uint8_t>(w);
        walk.reads[level] = at < 0 ? StoredId{0} : state.memory[static_cast<std::size_t>(at)];
        state.fault = true;
    }
    event.entry = walk;
    event.result = seen(state);
    event.sets_flag = question.kind == PropertyKind::no_lost_update && !question.observer.thread;
    log(event);
    state.phase = Phase::latched;
    if (question.kind == PropertyKind::no_lost_update) {
        if (scenario_.is_garbage(walk.reads[level]))
            state.phase = Phase::violated;
        else if (!question.observer.thread)
            state.phase = Phase::updated;  // at once
        return;
    }
    // With other threads the access of a scheduling PE waits for their ends, and their TLBIs for it.
    const bool waits = question.observer.thread && !question.observer.position &&
                       !scenario_.judged_at_any_time() && state.threads.size() > 1;
    const bool judged_now =
        question.kind == PropertyKind::no_use_after_free
            ? met_garbage(state)
            : !waits && !scenario_.moment() && (question.amalgam || !scenario_.final_varies());
    if (judged_now) state.phase = Phase::violated;
}

/// The access, now, reads the new owner's write, from memory or from its own PE's buffer, or overwrites it.
bool Machine::meets(const MachineState& state, std::uint32_t owner_store) const {
    const MachineStore& store = scenario_.stores()[owner_store];
    if (in_memory(state, owner_store)) return true;
    const ThreadState& thread = state.threads[store.thread];
    if (thread.position <= store.position || went_past(thread, store.position)) return false;
    const bool buffered =
        std::find(thread.buffer.begin(), thread.buffer.end(), owner_store) != thread.buffer.end();
    if (buffered) return scenario_.question().observer.thread == store.thread;
    return scenario_.question().observer.store;
}

bool Machine::releases(const MachineInstruction& code) const {
    return code.release || (code.kind == MachineInstruction::Kind::store && code.count != 0 &&
                            scenario_.stores()[code.first].release);
}

/// What the observer's thread has yet to execute holds a barrier that its access comes after, or a
/// load-acquire after a store-release, which nothing is made ahead of.
bool Machine::barrier_ahead(const MachineState& state) const {
    const std::uint32_t own = *scenario_.question().observer.thread;
    const std::vector<MachineInstruction>& code = scenario_.threads()[own];
    bool stores = false;
    bool released = false;
    for (std::uint32_t at = state.threads[own].position; at < scenario_.judged_position(); ++at) {
        if (code[at].acquire && released) return true;
        released = released || releases(code[at]);
        stores = stores || code[at].kind == MachineInstruction::Kind::store;
        if (code[at].kind != MachineInstruction::Kind::barrier) continue;
        const Barrier& barrier = code[at].barrier;
        const bool store_only = barrier.kind != BarrierKind::isb && barrier.access == BarrierAccess::st;
        if (!store_only || (barrier.kind == BarrierKind::dsb && stores)) return true;
    }
    return false;
}

/// Such an access takes what memory holds, or the data of a free of its thread, not yet executed (no store is
/// before an await, loads are; cat: rfi is no part of ob).
bool Machine::may_run_ahead(const MachineState& state, std::uint32_t owner_store) const {
    const MachineStore& store = scenario_.stores()[owner_store];
    const std::uint32_t own = *scenario_.question().observer.thread;
    const bool later = store.thread == own && store.position >= state.threads[own].position;
    return exposes(state, owner_store) && (later || in_memory(state, owner_store));
}

/// A load that follows an await or a branch may be done before it, with a translation held.
void Machine::add_runs_ahead(const MachineState& state, std::vector<MachineAction>& actions) const {
    const Question& question = scenario_.question();
    if (state.phase != Phase::latched || question.kind != PropertyKind::no_use_after_free ||
        !question.observer.thread || question.observer.store || state.made)
        return;
    // Which barriers a thread that goes by what it reads comes to is seen later (waits_for_access).
    const std::uint32_t own = *question.observer.thread;
    if (scenario_.branches(own) ? !may_read(state, own) : barrier_ahead(state)) return;
    for (const std::uint32_t i : scenario_.owner_stores()) {
        if (may_run_ahead(state, i))
            actions.push_back({MachineAction::Kind::run_ahead, 0, i, 0, EntrySpan::own});
    }
}

bool Machine::in_memory(const MachineState& state, std::uint32_t store) const {
    return state.memory[static_cast<std::size_t>(scenario_.stores()[store].location)] == store + 1;
}

void Machine::run_ahead(MachineState& state, const MachineAction& action) const {
    if (scenario_.branches(*scenario_.question().observer.thread)) {
        state.made = true;
        state.met = action.store + 1;
        return;
    }
    MachineEvent event;
    event.kind = StepKind::hit;
    event.entry = state.walks[0];
    event.result = seen(state);
    event.store = action.store;
    log(event);
    state.phase = Phase::violated;
}

/// The access made ahead got this write's data: the free was executed, in the end.
bool Machine::made_of(const MachineState& state, std::uint32_t owner_store) const {
    const MachineStore& store = scenario_.stores()[owner_store];
    return state.met == owner_store + 1 && !went_past(state.threads[store.thread], store.position);
}

/// Stores of the access's own thread that come before it are not yet visible.
bool Machine::access_waits_for_stores(const MachineState& state, std::uint32_t own) const {
    const ThreadState& thread = state.threads[own];
    if (thread.buffer.empty()) return false;
    const auto position = static_cast<std::uint32_t>(scenario_.judged_position());
    const OrderedBefore ordered = ordered_before(thread, own, position);
    return std::ranges::any_of(thread.buffer, [&](std::uint32_t id) {
        const MachineStore& store = scenario_.stores()[id];
        return store.position < position && ordered.orders_accesses(store);
    });
}

/// A use after free happens as soon as the new owner's write can be read or overwritten by the access in
/// flight.
bool Machine::finish_access(MachineState& state) const {
    if (state.phase != Phase::latched || scenario_.question().kind != PropertyKind::no_use_after_free)
        return false;
    const std::optional<std::uint32_t>& own = scenario_.question().observer.thread;
    if (own && state.threads[*own].position < scenario_.judged_position()) return false;
    if (own && !state.made && access_waits_for_stores(state, *own)) return false;
    for (const std::uint32_t i : scenario_.owner_stores()) {
        if (!exposes(state, i)) continue;
        if (state.made ? !made_of(state, i) : !meets(state, i)) continue;
        MachineEvent event;
        event.kind = StepKind::hit;
        event.store = i;
        event.entry = state.walks[0];
        event.result = seen(state);
        log(event);
        state.phase = Phase::violated;
        return true;
    }
    return false;
}

/// The thread went past the instruction that the access stands before.
bool Machine::never_comes(const MachineState& state) const {
    const Observer& observer = scenario_.question().observer;
    return observer.thread && observer.position &&
           went_past(state.threads[*observer.thread],
                     static_cast<std::uint32_t>(scenario_.judged_position()));
}

bool Machine::violates(const MachineState& state) const {
    if (never_comes(state)) return false;
    if (state.phase == Phase::violated) return true;
    if (state.phase != Phase::latched) return false;
    if (scenario_.question().kind == PropertyKind::never_invalid) return true;  // useful_look_up() saw it
    if (scenario_.question().kind != PropertyKind::no_stale_entry) return false;
    if (scenario_.question().amalgam) return true;
    if (scenario_.moment()) return !may_yield(state, scenario_.geometry().start_level(), 0, seen(state));
    return scenario_.is_stale(seen(state), scenario_.fresh_walk(state.memory)) ||
           leaves_clear(state, state.memory);
}

}  // namespace tlbcheck::model
