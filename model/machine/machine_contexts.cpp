// SPDX-License-Identifier: Apache-2.0
//
// What the machine does about address spaces and about an access that stands inside a thread: when a walk may
// begin, what its entries serve, and which later instructions wait for the access.
#include <algorithm>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

namespace {

bool orders(const Barrier& barrier, bool store) {
    if (barrier.kind == BarrierKind::isb || barrier.access == BarrierAccess::full)
        return barrier.kind != BarrierKind::isb;
    return (barrier.access == BarrierAccess::st) == store;
}

}  // namespace

/// TTBR0 of the judged PE may still, or already, have the value of the walk's context.
bool Machine::may_begin(const MachineState& state, std::size_t w) const {
    const PeContext& context = *scenario_.context(w);
    if (context.before_all || context.space == no_space) return false;
    const std::optional<std::uint32_t>& own = scenario_.question().observer.thread;
    if (!own) return true;
    const std::uint32_t position = state.threads[*own].position;
    return (!context.begin || position > *context.begin) && (!context.end || position <= *context.end);
}

/// Entries of a context with another ASID than the access's serve it only where they are global.
bool Machine::hit_allowed(std::size_t w, const Descriptor& value, bool garbage) const {
    if (!needs_context(w) || !scenario_.only_global(w)) return true;
    const ScheduleProgram& program = *scenario_.schedule().program;
    if (program.spaces[scenario_.context(w)->space].stage2) return false;  // nothing there is global
    return !garbage && (value.kind == DescriptorKind::table || !value.not_global);
}

void Machine::begin(MachineState& state, std::size_t w) const {
    state.walks[w].begun = true;
}

/// The leaf of stage 2 is used: the entry that combines both stages outlives it.
void Machine::combine(MachineState& state, std::size_t w) const {
    MachineEvent event;
    event.kind = StepKind::fill;
    event.walk = static_cast<std::uint8_t>(w);
    event.span = EntrySpan::combined;
    event.entry = state.walks[w];
    state.walks[w].combined = true;
    event.whole_set = scenario_.guest() && combines_set(state, w);
    event.result = translation(state, w);
    log(event);
    meet_conflict(state);
}

/// What another PE holds of a space it was in before the schedule.
void Machine::begin_before_all(MachineState& state) const {
    for (std::size_t w = 0; w < scenario_.question().targets.size(); ++w) {
        if (!needs_context(w) || !scenario_.context(w)->before_all) continue;
        WalkState& walk = state.walks[w];
        if (scenario_.root_level() != scenario_.geometry().start_level()) {
            walk.begun = true;
            continue;
        }
        const int at = location(state, w);
        if (at < 0) continue;
        const Descriptor value = scenario_.value(at, 0);
        const bool sibling = scenario_.from_sibling(w, walk.level);
        if (!stage2_at_start(w)) continue;
        if (!value.cacheable() || !hit_allowed(w, value, false)) continue;
        if (sibling && (value.kind == DescriptorKind::table || !value.contiguous)) continue;
        MachineAction first{MachineAction::Kind::fill, 0, 0, static_cast<std::uint8_t>(w), EntrySpan::own};
        if (value.kind == DescriptorKind::table) {
            first.span = EntrySpan::table;
        } else if (value.contiguous && scenario_.hardware().contiguous_fill != ContiguousFill::none) {
            const bool whole = scenario_.hardware().contiguous_fill == ContiguousFill::coalesced;
            first.span = whole ? EntrySpan::coalesced : EntrySpan::shattered;
        }
        fill(state, first);
    }
}

/// Where its thread is the judged PE may be in the judged space, and is in no handler that accesses only what
/// is written.
bool Machine::may_access(std::uint32_t position) const {
    const std::optional<SpaceId> space = spaces::of(scenario_.va());
    const std::optional<std::uint32_t>& own = scenario_.question().observer.thread;
    if (!own) return true;
    const std::vector<PlainInstruction>& code = scenario_.schedule().threads[*own].code;
    for (std::size_t k = std::min<std::size_t>(position, code.size()); k-- > 0 && position < code.size();) {
        const auto* change = std::get_if<ContextChange>(&code[k].operation);
        if (change == nullptr) continue;
        if (change->kind == ContextChange::Kind::exception_return) break;
        if (change->kind == ContextChange::Kind::exception_entry) return false;
    }
    if (!space) return true;
    return std::ranges::any_of(scenario_.contexts(), [&](const PeContext& c) {
        return c.space == *space && (!c.begin || position > *c.begin) && (!c.end || position <= *c.end);
    });
}

/// No access is made with two ASIDs, or in two VMs, at once.
bool Machine::hit_by_one_access(const MachineState& state) const {
    if (!needs_context(0) || !needs_context(1)) return true;
    const ScheduleProgram& program = *scenario_.schedule().program;
    const PeContext &a = *scenario_.context(0), &b = *scenario_.context(1);
    if (same_tags(program, a, b)) return true;
    if (program.spaces[a.space].stage2) return false;
    return !leaf(state, 0).not_global || !leaf(state, 1).not_global;
}

/// An access is made where its thread is, or after the thread's part with a translation taken now.
bool Machine::may_match(const MachineState& state) const {
    const std::optional<std::uint32_t>& own = scenario_.question().observer.thread;
    if (!own) return true;
    const std::uint32_t position = state.threads[*own].position;
    if (may_access(position)) return true;
    return position >= scenario_.first_latch_position() &&
           may_access(static_cast<std::uint32_t>(scenario_.schedule().threads[*own].code.size()));
}

/// Two entries held are a hazard as soon as an access can match both.
bool Machine::meet_conflict(MachineState& state) const {
    if (scenario_.question().kind != PropertyKind::no_tlb_conflict || state.phase != Phase::waiting)
        return false;
    if (!conflict(state) || !may_match(state)) return false;
    MachineEvent event;
    event.kind = StepKind::hit;
    event.entry = state.walks[0];
    log(event);
    state.phase = Phase::violated;
    return true;
}

/// The instruction ends a context in which a judged walk could still begin, or the time in which an access
/// could meet what conflicts: when it executes is a choice.
bool Machine::ends_open_context(const MachineState& state, std::uint32_t thread) const {
    if (state.phase != Phase::waiting || scenario_.question().observer.thread != thread) return false;
    for (std::size_t w = 0; w < scenario_.question().targets.size(); ++w) {
        if (!needs_context(w) || state.walks[w].begun) continue;
        if (scenario_.context(w)->end == state.threads[thread].position) return true;
    }
    const std::uint32_t position = state.threads[thread].position;
    return scenario_.question().kind == PropertyKind::no_tlb_conflict && may_access(position) &&
           !may_access(position + 1);
}

/// An access inside the thread: a barrier after it that orders it waits for it, and an event that
/// synchronises the context for its translation.
bool Machine::passes_access(const MachineState& state, std::uint32_t thread,
                            const MachineInstruction& code) const {
    const Question& question = scenario_.question();
    if (question.observer.thread != thread || !question.observer.position) return true;
    const std::uint32_t position = state.threads[thread].position;
    if (position < scenario_.judged_position() || state.phase == Phase::violated) return true;
    if (question.kind == PropertyKind::no_lost_update && code.kind == MachineInstruction::Kind::barrier)
        return updates_before(state, code.barrier);
    if (code.kind == MachineInstruction::Kind::barrier && orders(code.barrier, question.observer.store))
        return false;
    const std::vector<PlainInstruction>& written = scenario_.schedule().threads[thread].code;
    const bool synchronizes = position < written.size() && synchronizes_context(written[position].operation);
    return !synchronizes || in_flight(state);
}

/// An exception entry or return discards the translation taken as a barrier does (discards_latched).
bool Machine::leaves_latched(const MachineState& state, std::uint32_t thread) const {
    if (!in_flight(state) || scenario_.question().observer.thread != thread || !scenario_.branches(thread))
        return false;
    const std::uint32_t position = state.threads[thread].position;
    const std::vector<PlainInstruction>& written = scenario_.schedule().threads[thread].code;
    return position < scenario_.judged_position() && position < written.size() &&
           synchronizes_context(written[position].operation);
}

/// A store after the access waits for its translation, a store-release for the access.
bool Machine::holds_back(const MachineState& state, std::uint32_t thread, const MachineStore& store) const {
    const Question& question = scenario_.question();
    if (question.observer.thread != thread || !question.observer.position) return false;
    if (store.position < scenario_.judged_position()) return false;
    const bool accesses = question.kind != PropertyKind::no_lost_update;  // what hardware sets waits for none
    return state.phase == Phase::waiting || (accesses && state.phase == Phase::latched && store.release);
}

}  // namespace tlbcheck::model
