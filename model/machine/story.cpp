// SPDX-License-Identifier: Apache-2.0
//
// Moves fills and commuting steps, and replays the run to be sure that it is one.
#include "model/machine/story.hpp"

#include <algorithm>

namespace tlbcheck::model {

namespace {

using Events = std::vector<MachineEvent>;

Events replayed(const Scenario& scenario, const std::vector<MachineAction>& path) {
    Events events;
    Machine machine(scenario);
    machine.log_to(&events);
    MachineState state = machine.initial();
    for (const MachineAction& action : path) machine.apply(state, action);
    return events;
}

struct FilledEntry {
    int location = -1;
    int level = 0;
    Descriptor value;
};

FilledEntry filled(const Scenario& scenario, const MachineEvent& event) {
    FilledEntry result;
    result.level = event.entry.level;
    const auto level = static_cast<std::size_t>(event.entry.level);
    result.location = scenario.slot_location(event.walk, result.level, event.entry.generations[level]);
    result.value = scenario.value(result.location, event.entry.reads[level]);
    return result;
}

bool writes(const Scenario& scenario, const MachineEvent& event, int location) {
    if (!event.store) return false;
    const MachineInstruction& code = scenario.threads()[event.thread][event.position];
    for (std::uint32_t i = 0; i < code.count; ++i) {
        if (scenario.stores()[std::size_t{code.first} + i].location == location) return true;
    }
    return false;
}

/// True iff the fill cannot be told before this event.
bool must_follow(const Scenario& scenario, const MachineEvent& fill, const FilledEntry& entry,
                 const MachineEvent& event) {
    switch (event.kind) {
        case StepKind::visible:
            return scenario.stores()[*event.store].location == entry.location;
        case StepKind::fill:
            return event.walk == fill.walk || scenario.main_of(event.walk) == scenario.main_of(fill.walk);
        case StepKind::remove:
            return scenario.removes(scenario.tlbis()[*event.tlbi], fill.walk, entry.level, entry.value,
                                    fill.span, fill.whole_set);
        default:
            return event.kind == StepKind::latch || event.kind == StepKind::hit;
    }
}

/// A fill that reads a value about to be overwritten is told before the store that overwrites it executes,
/// not between that and its becoming visible.
void move_fills(const Scenario& scenario, Events& events) {
    for (std::size_t f = 0; f < events.size(); ++f) {
        if (events[f].kind != StepKind::fill) continue;
        const FilledEntry entry = filled(scenario, events[f]);
        std::size_t target = f;
        for (std::size_t i = f; i-- > 0;) {
            if (must_follow(scenario, events[f], entry, events[i])) break;
            const bool executes = events[i].kind == StepKind::store;
            if (executes && writes(scenario, events[i], entry.location)) target = i;
        }
        const auto first = events.begin() + static_cast<std::ptrdiff_t>(target);
        const auto last = events.begin() + static_cast<std::ptrdiff_t>(f);
        std::rotate(first, last, last + 1);
    }
}

bool executes(const MachineEvent& event) {
    switch (event.kind) {
        case StepKind::store:
        case StepKind::tlbi:
        case StepKind::barrier:
        case StepKind::await:
        case StepKind::access:
            return true;
        default:
            return false;
    }
}

/// Observer (a): the access comes after the thread's part.
void place_own_access(const Scenario& scenario, Events& events, std::size_t latch) {
    const std::uint32_t own = *scenario.question().observer.thread;
    MachineEvent hit = events[latch];
    hit.kind = StepKind::hit;
    events.erase(std::remove_if(events.begin(), events.end(),
                                [](const MachineEvent& event) { return event.kind == StepKind::hit; }),
                 events.end());
    const bool early =
        std::any_of(events.begin() + static_cast<std::ptrdiff_t>(latch), events.end(),
                    [&](const MachineEvent& event) { return event.thread == own && executes(event); });
    if (!early) events.erase(events.begin() + static_cast<std::ptrdiff_t>(latch));
    events.push_back(hit);
}

void place_access(const Scenario& scenario, Events& events) {
    const auto is = [](StepKind kind) {
        return [kind](const MachineEvent& event) { return event.kind == kind; };
    };
    const auto latch = std::find_if(events.begin(), events.end(), is(StepKind::latch));
    if (latch != events.end() && scenario.question().observer.thread) {
        place_own_access(scenario, events, static_cast<std::size_t>(latch - events.begin()));
        return;
    }
    const auto hit = std::find_if(events.begin(), events.end(), is(StepKind::hit));
    if (hit == events.end() && latch != events.end()) latch->kind = StepKind::hit;
    if (judges_access(scenario.question().kind) && !scenario.judged_at_any_time()) return;
    const auto end = std::find_if(events.begin(), events.end(), is(StepKind::hit));
    if (end != events.end()) events.erase(end + 1, events.end());
}

}  // namespace

std::vector<MachineEvent> story(const Scenario& scenario, const std::vector<MachineAction>& path) {
    Events events = replayed(scenario, path);
    move_fills(scenario, events);
    place_access(scenario, events);
    return events;
}

}  // namespace tlbcheck::model
