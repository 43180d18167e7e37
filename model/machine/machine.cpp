// SPDX-License-Identifier: Apache-2.0
//
// Steps of the machine that concern instructions and the store buffer; walks and accesses are in walks.cpp,
// TLBIs in tlbis.cpp.
#include "model/machine/machine.hpp"

#include <algorithm>

namespace tlbcheck::model {

namespace {

template <typename Number>
void put(std::string& key, Number number) {
    for (std::size_t i = 0; i < sizeof(Number); ++i) key.push_back(static_cast<char>(number >> (8 * i)));
}

}  // namespace

std::string MachineState::key() const {
    std::string key;
    for (const ThreadState& thread : threads) {
        put(key, thread.position);
        put(key, static_cast<std::uint32_t>(thread.buffer.size()));
        for (const std::uint32_t store : thread.buffer) put(key, store);
        put(key, static_cast<std::uint32_t>(thread.early.size()));
        for (const EarlyRead& read : thread.early) {
            put(key, read.position);
            put(key, read.id);
            put(key, static_cast<std::uint8_t>((read.stored_since ? 1U : 0U) | (read.read_since ? 2U : 0U) |
                                               (read.released_since ? 4U : 0U)));
        }
        put(key, static_cast<std::uint32_t>(thread.passed.size()));
        for (const auto& [first, end] : thread.passed) {
            put(key, first);
            put(key, end);
        }
    }
    for (const StoredId id : memory) put(key, id);
    put(key, static_cast<std::uint32_t>(pending.size()));
    for (const std::uint32_t tlbi : pending) put(key, tlbi);
    put(key, static_cast<std::uint32_t>(outlived.size()));
    for (const std::uint32_t tlbi : outlived) put(key, tlbi);
    for (std::size_t w = 0; w < walks.size(); ++w) {
        const WalkState& walk = walks[w];
        if (w >= 2 && walk == WalkState{}) continue;
        if (w >= 2) put(key, static_cast<std::uint8_t>(0xA0U + w));
        put(key, static_cast<std::uint8_t>(walk.level));
        put(key, static_cast<std::uint8_t>(static_cast<unsigned>(walk.span) << 1 | (walk.leaf ? 1U : 0U) |
                                           (walk.begun ? 64U : 0U) | (walk.combined ? 32U : 0U)));
        for (const StoredId read : walk.reads) put(key, read);
        for (const std::uint32_t generation : walk.generations) put(key, generation);
    }
    for (const auto* rows : {&known, &told, &history}) {
        for (const auto& row : *rows) {
            put(key, static_cast<std::uint32_t>(row.size()));
            for (const std::uint32_t number : row) put(key, number);
        }
    }
    put(key, static_cast<std::uint8_t>(static_cast<unsigned>(phase) << 1 | (fault ? 1U : 0U) |
                                       (released_since ? 16U : 0U) | (stored_since_latch ? 32U : 0U) |
                                       (made ? 64U : 0U) | (stored_since ? 128U : 0U)));
    put(key, met);
    put(key, fault_at);
    return key;
}

MachineState Machine::initial() const {
    MachineState state;
    state.threads.resize(scenario_.threads().size());
    state.memory.assign(scenario_.locations().size(), 0);
    for (WalkState& walk : state.walks) walk.level = scenario_.root_level();
    if (scenario_.moment()) {
        const std::size_t threads = scenario_.threads().size();
        state.known.assign(threads, std::vector<std::uint32_t>(threads));
        state.told.resize(scenario_.stores().size());
        state.history.resize(scenario_.locations().size());
    }
    begin_before_all(state);
    close(state);
    return state;
}

void Machine::apply(MachineState& state, const MachineAction& action) const {
    switch (action.kind) {
        case MachineAction::Kind::make_visible: {
            std::vector<std::uint32_t>& buffer = state.threads[action.thread].buffer;
            const auto found = std::find(buffer.begin(), buffer.end(), action.store);
            make_visible(state, action.thread, static_cast<std::size_t>(found - buffer.begin()));
            break;
        }
        case MachineAction::Kind::begin:
            begin(state, action.walk);
            break;
        case MachineAction::Kind::combine:
            combine(state, action.walk);
            break;
        case MachineAction::Kind::fill:
            fill(state, action);
            break;
        case MachineAction::Kind::look_up:
            look_up(state);
            break;
        case MachineAction::Kind::run_ahead:
            run_ahead(state, action);
            break;
        case MachineAction::Kind::make_access:
            state.made = true;
            break;
        case MachineAction::Kind::update:
            set_flag(state);
            break;
        case MachineAction::Kind::read_early:
            read_early(state, action.thread, action.store);
            break;
        case MachineAction::Kind::go_by:
        case MachineAction::Kind::execute:
            execute(state, action.thread);
            break;
        case MachineAction::Kind::take_effect:
            take_effect(state, action.store);
            break;
        case MachineAction::Kind::evict:
            evict(state, action.walk);
            break;
    }
    close(state);
}

bool Machine::finished(const MachineState& state) const {
    for (std::size_t t = 0; t < state.threads.size(); ++t) {
        if (!state.threads[t].buffer.empty()) return false;
        // At a moment of one thread the others are wherever they are.
        if (scenario_.moment() && scenario_.moment() != t && scenario_.question().observer.thread != t)
            continue;
        if (state.threads[t].position != scenario_.threads()[t].size()) return false;
    }
    return true;
}

std::vector<MachineAction> Machine::actions(const MachineState& state) const {
    std::vector<MachineAction> actions;
    // A hazard needs an entry first, and stores to the slots of a set can become visible in many orders. The
    // way comes last: few hazards need one out of the tables.
    const bool entry_first =
        scenario_.question().kind == PropertyKind::no_bbm_violation && state.phase == Phase::waiting;
    if (entry_first) add_fills(state, 0, actions);
    for (std::uint32_t t = 0; t < state.threads.size(); ++t) {
        const ThreadState& thread = state.threads[t];
        for (std::size_t i = 0; i < thread.buffer.size(); ++i) {
            if (!is_choice(state, scenario_.stores()[thread.buffer[i]]) || !can_become_visible(thread, i) ||
                holds_back(state, t, scenario_.stores()[thread.buffer[i]]))
                continue;
            actions.push_back({MachineAction::Kind::make_visible, t, thread.buffer[i], 0, EntrySpan::own});
        }
    }
    if (scenario_.branches()) add_reads(state, actions);
    if (scenario_.moment() && !single_steps_) add_awaits(state, actions);
    if (single_steps_) {
        add_single_steps(state, actions);
    } else if (const auto& own = scenario_.question().observer.thread;
               own && ends_open_context(state, *own)) {
        const std::vector<MachineInstruction>& code = scenario_.threads()[*own];
        if (can_execute(state, *own, code[state.threads[*own].position]))
            actions.push_back({MachineAction::Kind::execute, *own, 0, 0, EntrySpan::own});
    }
    if (may_make_access(state))
        actions.push_back({MachineAction::Kind::make_access, 0, 0, 0, EntrySpan::own});
    if (may_set_flag(state)) actions.push_back({MachineAction::Kind::update, 0, 0, 0, EntrySpan::own});
    add_runs_ahead(state, actions);
    if (state.phase != Phase::waiting) return actions;
    for (std::size_t w = entry_first ? 1 : 0; w < scenario_.question().targets.size(); ++w)
        add_fills(state, w, actions);
    if (may_look_up(state) && useful_look_up(state)) {
        actions.push_back({MachineAction::Kind::look_up, 0, 0, 0, EntrySpan::own});
    }
    return actions;
}

void Machine::close(MachineState& state) const {
    if (single_steps_) {
        finish_access(state);
        meet_conflict(state);
        return;
    }
    for (bool changed = true; changed;) {
        changed = apply_harmless_tlbis(state);
        for (std::uint32_t t = 0; t < state.threads.size(); ++t) {
            // A store is visible as early as it may be, so that it holds nothing up.
            changed = make_ready_visible(state, t) || changed;
            changed = execute_ready(state, t) || changed;
        }
        changed = finish_access(state) || changed;
        changed = meet_conflict(state) || changed;
    }
}

void Machine::add_single_steps(const MachineState& state, std::vector<MachineAction>& actions) const {
    for (std::uint32_t t = 0; t < state.threads.size(); ++t) {
        const std::vector<MachineInstruction>& code = scenario_.threads()[t];
        const std::uint32_t position = state.threads[t].position;
        if (position >= code.size() || !can_execute(state, t, code[position])) continue;
        if (code[position].kind == MachineInstruction::Kind::branch) continue;  // add_reads()
        actions.push_back({MachineAction::Kind::execute, t, 0, 0, EntrySpan::own});
    }
    for (const std::uint32_t tlbi : state.pending) {
        // Entries can be removed at any time; a translation in flight on another PE cannot.
        if (in_flight(state) && !harmless(state, scenario_.tlbis()[tlbi])) continue;
        actions.push_back({MachineAction::Kind::take_effect, 0, tlbi, 0, EntrySpan::own});
    }
    for (std::uint8_t w = 0; state.phase == Phase::waiting && w < scenario_.question().targets.size(); ++w) {
        if (state.walks[w].level == scenario_.root_level() && !state.walks[w].leaf && !state.walks[w].begun)
            continue;
        actions.push_back({MachineAction::Kind::evict, 0, 0, w, EntrySpan::own});
    }
}

/// Executes one instruction if it is ready.
bool Machine::execute_ready(MachineState& state, std::uint32_t thread) const {
    const std::vector<MachineInstruction>& code = scenario_.threads()[thread];
    const std::uint32_t position = state.threads[thread].position;
    if (position >= code.size() || !can_execute(state, thread, code[position])) return false;
    // When a branch reads is a choice, unless it has read or nothing can change what it reads.
    const bool early =
        !state.threads[thread].early.empty() && state.threads[thread].early.front().position == position;
    if (code[position].kind == MachineInstruction::Kind::branch && !early &&
        scenario_.is_raced(thread, code[position])) {
        return false;
    }
    if (ends_open_context(state, thread) || (scenario_.tells_apart(code[position]) && !early)) return false;
    execute(state, thread);
    return true;
}

bool Machine::can_execute(const MachineState& state, std::uint32_t thread,
                          const MachineInstruction& code) const {
    if (!passes_access(state, thread, code)) return false;
    if (acquires_too_late(state, thread, code) || leaves_latched(state, thread)) return false;
    if (code.kind == MachineInstruction::Kind::barrier) return barrier_ready(state, thread, code.barrier);
    const bool reads =
        code.kind == MachineInstruction::Kind::await || code.kind == MachineInstruction::Kind::branch;
    if (!reads) return true;
    const ThreadState& own = state.threads[thread];
    if (!own.early.empty() && own.early.front().position == own.position) return true;
    if (!may_read(state, thread)) return false;
    return code.kind == MachineInstruction::Kind::branch ||
           holds(code, read_now(state, thread, own.position));
}

/// A thread that goes by what it reads may take its translation anywhere: what discards it ends such a run. A
/// DSB ST does not where it could have executed before the translation, whatever was read in between.
bool Machine::discards_latched(const MachineState& state, std::uint32_t thread,
                               const Barrier& barrier) const {
    if (!in_flight(state) || scenario_.question().observer.thread != thread) return false;
    if (!discards_latch(barrier, scenario_.hardware().ets)) return false;
    if (state.threads[thread].position >= scenario_.judged_position()) return false;  // it is before
    if (waits_for_stores_only(barrier))
        return state.stored_since_latch || !state.threads[thread].buffer.empty();
    return scenario_.branches(thread);
}

bool Machine::barrier_ready(const MachineState& state, std::uint32_t thread, const Barrier& barrier) const {
    if (waits_for_access(state, thread, barrier)) return false;
    if (discards_latched(state, thread, barrier)) return false;
    if (barrier.kind != BarrierKind::dsb) return true;
    if (waits_for_stores(state, thread, barrier)) return false;
    const bool same_pe = scenario_.question().observer.thread == thread;
    return std::none_of(state.pending.begin(), state.pending.end(), [&](std::uint32_t id) {
        const MachineTlbi& tlbi = scenario_.tlbis()[id];
        return tlbi.thread == thread && completes(barrier, tlbi, same_pe);
    });
}

/// What the observer adds behind the thread's part does not.
bool Machine::ends_branch(std::uint32_t thread, std::uint32_t position) const {
    const std::vector<PlainInstruction>& written = scenario_.schedule().threads[thread].code;
    return position < written.size() && std::holds_alternative<EndBranch>(written[position].operation);
}

void Machine::execute(MachineState& state, std::uint32_t thread) const {
    ThreadState& own = state.threads[thread];
    const MachineInstruction& code = scenario_.threads()[thread][own.position];
    MachineEvent event;
    event.thread = thread;
    if (scenario_.branches() || scenario_.moment()) order_reads(state, thread, code);
    StoredId read = 0;
    if (code.kind == MachineInstruction::Kind::await || code.kind == MachineInstruction::Kind::branch)
        read = take_read(state, thread);
    if (scenario_.moment()) note_executed(state, thread, code);
    event.position = own.position++;
    switch (code.kind) {
        case MachineInstruction::Kind::store:
            event.kind = StepKind::store;
            if (code.count != 0) event.store = code.first;
            for (std::uint32_t i = 0; i < code.count; ++i) {
                own.buffer.push_back(static_cast<std::uint32_t>(code.first + i));
            }
            break;
        case MachineInstruction::Kind::tlbi:
            event.kind = StepKind::tlbi;
            event.tlbi = code.first;
            if (scenario_.tlbis()[code.first].reaches) {
                state.pending.insert(std::lower_bound(state.pending.begin(), state.pending.end(), code.first),
                                     code.first);
            }
            break;
        case MachineInstruction::Kind::barrier:
            event.kind = StepKind::barrier;
            break;
        case MachineInstruction::Kind::await:
            event.kind = StepKind::await;
            break;
        case MachineInstruction::Kind::branch:
            event.kind = StepKind::await;
            event.taken = holds(code, read) == code.equal;
            if (!event.taken) go_to(state, thread, code.target);
            break;
        case MachineInstruction::Kind::jump:
            go_to(state, thread, code.target);
            return;
        case MachineInstruction::Kind::nop:
            if (ends_branch(thread, event.position)) return;
            event.kind = StepKind::access;
            break;
    }
    log(event);
}

/// A choice is left when a judged walk, or the final tables, depend on when the store becomes visible.
bool Machine::is_choice(const MachineState& state, const MachineStore& store) const {
    if (single_steps_) return true;
    if (store.location < 0) return false;
    const MachineLocation& location = scenario_.locations()[static_cast<std::size_t>(store.location)];
    if (state.phase == Phase::violated && location.kind == MachineLocation::Kind::slot) return false;
    return location.branching;
}

/// Stores to one location keep their order; so do stores on two sides of a DMB or DSB, and store-releases
/// before and stores after a load-acquire; a store-release comes after all.
bool Machine::can_become_visible(const ThreadState& thread, std::size_t at) const {
    const MachineStore& store = scenario_.stores()[thread.buffer[at]];
    for (std::size_t i = 0; i < at; ++i) {
        const MachineStore& earlier = scenario_.stores()[thread.buffer[i]];
        if (store.release || ordered_apart(thread, earlier, store)) return false;
        if (store.location >= 0 && earlier.location == store.location) return false;
    }
    return true;
}

bool Machine::make_ready_visible(MachineState& state, std::uint32_t thread) const {
    bool changed = false;
    ThreadState& own = state.threads[thread];
    for (std::size_t i = 0; i < own.buffer.size();) {
        const MachineStore& store = scenario_.stores()[own.buffer[i]];
        if (is_choice(state, store) || !can_become_visible(own, i) || holds_back(state, thread, store)) {
            ++i;
            continue;
        }
        make_visible(state, thread, i);
        changed = true;
    }
    return changed;
}

void Machine::make_visible(MachineState& state, std::uint32_t thread, std::size_t at) const {
    std::vector<std::uint32_t>& buffer = state.threads[thread].buffer;
    const std::uint32_t id = buffer[at];
    const MachineStore& store = scenario_.stores()[id];
    buffer.erase(buffer.begin() + static_cast<std::ptrdiff_t>(at));
    MachineEvent event;
    event.kind = StepKind::visible;
    event.thread = thread;
    event.position = store.position;
    event.store = id;
    log(event);
    for (EarlyRead& read : state.threads[thread].early) {
        read.stored_since = true;
        read.released_since = read.released_since || store.release;
    }
    const bool own = scenario_.question().observer.thread == thread;
    state.stored_since = state.stored_since || (state.made && own);
    state.released_since = state.released_since || (state.made && own && store.release);
    state.stored_since_latch = state.stored_since_latch || (in_flight(state) && own);
    if (store.location < 0) return;
    const bool hazard = breaks_bbm(state, id) || loses(state, id);
    state.memory[static_cast<std::size_t>(store.location)] = static_cast<StoredId>(id + 1);
    if (scenario_.moment()) state.history[static_cast<std::size_t>(store.location)].push_back(id + 1);
    if (!hazard) return;
    event.kind = StepKind::hit;
    log(event);
    state.phase = Phase::violated;
}

}  // namespace tlbcheck::model
