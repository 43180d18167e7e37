// SPDX-License-Identifier: Apache-2.0
//
// Enumeration of the machine's questions.
#include "model/machine/questions.hpp"

#include <algorithm>

namespace tlbcheck::model {

namespace {

bool contiguous_leaf(const Descriptor& value) {
    return value.kind == DescriptorKind::leaf && value.contiguous;
}

/// True iff the slot of `va` at `level` holds a Contiguous leaf at some time, in some table page.
bool ever_contiguous(const ScheduleProgram& program, const ContiguousSlots& stored, const Geometry& geometry,
                     std::uint64_t va, int level) {
    const auto holds = [&](std::uint32_t generation) {
        const DescriptorSlot slot{va, level, generation};
        return stored.count(slot) != 0 || contiguous_leaf(initial_descriptor(program, slot));
    };
    if (holds(0)) return true;
    return std::any_of(program.new_tables.begin(), program.new_tables.end(), [&](const NewTable& table) {
        return table.page.level == level && table.page.va_base == geometry.table_base(va, level) &&
               holds(table.page.generation);
    });
}

struct PossibleLeaf {
    int level = 0;
    bool contiguous = false;
    Translation translation;
    friend bool operator==(const PossibleLeaf&, const PossibleLeaf&) = default;
};

/// Memory has two new owners: an access that stores may be after the first one's write, and reads the
/// second's.
bool freed_twice(const JudgedSchedule& schedule, PropertyKind kind) {
    if (kind != PropertyKind::no_use_after_free) return false;
    std::size_t frees = 0;
    for (const JudgedThread& thread : schedule.threads) {
        frees += static_cast<std::size_t>(std::ranges::count_if(thread.code, [](const PlainInstruction& i) {
            return std::holds_alternative<Free>(i.operation);
        }));
    }
    return frees > 1;
}

bool in_other_spaces(const JudgedSchedule& schedule, std::uint32_t thread, std::uint64_t va,
                     AccessTime time) {
    const auto space = spaces::of(va);
    const JudgedThread& judged = schedule.threads[thread];
    return space && goes_by_others(*schedule.program, operations_of(judged), judged.starts_in, *space, time);
}

/// What an access finds at any time is judged, not what is left after the schedule.
bool invalid_at_any_time(const JudgedSchedule& schedule, PropertyKind kind, std::uint64_t va) {
    const Region* region = region_of(schedule.program->regions, va);
    return kind == PropertyKind::never_invalid && (region == nullptr || region->mapped);
}

/// Where any number of PEs may exist.
std::vector<Observer> open_observers(const JudgedSchedule& schedule, PropertyKind kind, std::uint64_t va,
                                     const Judging& judging) {
    std::vector<Observer> observers;
    const bool any_time = kind == PropertyKind::no_lost_update || !judges_access(kind) ||
                          invalid_at_any_time(schedule, kind, va);
    for (std::uint32_t t = 0; t < schedule.threads.size(); ++t) {
        const bool asked =
            judging.only_named
                ? judging.on_thread(t)
                : (!any_time && (schedule.threads[t].maintains || judging.moment == t)) ||
                      in_other_spaces(schedule, t, va, any_time ? AccessTime::any : AccessTime::after_thread);
        if (asked) observers.push_back({t, false});
    }
    // A PE that runs no thread is reached by the fewest TLBIs: it decides what happens at any time, but for
    // what entries of other spaces do that a thread's PE has been in meanwhile.
    if (judging.on_other()) observers.push_back({std::nullopt, false});
    return observers;
}

}  // namespace

PeContexts contexts_of_observer(const JudgedSchedule& schedule, const Observer& observer, SpaceId space) {
    if (!observer.thread) return contexts_elsewhere(*schedule.program, space);
    const JudgedThread& thread = schedule.threads[*observer.thread];
    std::optional<std::size_t> position;
    if (observer.position) position = *observer.position;
    return contexts_of(*schedule.program, operations_of(thread), thread.starts_in, observer.starts_in, space,
                       position);
}

namespace {

/// At its position the observer's PE may be in the space, and is not in a handler, which accesses what is
/// written there and no more.
bool can_access(const JudgedSchedule& schedule, const Observer& observer, std::optional<SpaceId> space) {
    for (std::uint64_t k = observer.position.value_or(0); k-- > 0;) {
        const auto* change =
            std::get_if<ContextChange>(&schedule.threads[*observer.thread].code[k].operation);
        if (change == nullptr) continue;
        if (change->kind == ContextChange::Kind::exception_return) break;
        if (change->kind == ContextChange::Kind::exception_entry) return false;
    }
    if (!space) return true;
    const PeContexts contexts = contexts_of_observer(schedule, observer, *space);
    return std::ranges::any_of(contexts.all,
                               [&](const PeContext& c) { return c.space == *space && !c.ended(); });
}

std::vector<PossibleLeaf> possible_leaves(const Scenario& scenario, std::size_t t) {
    std::vector<PossibleLeaf> leaves;
    const auto add = [&](int level, const Descriptor& value, bool garbage) {
        if (value.kind != DescriptorKind::leaf || !value.af) return;
        const bool sibling = scenario.from_sibling(t, level);
        if (sibling && (garbage || !value.contiguous)) return;
        leaves.push_back({level, value.contiguous, scenario.translate(sibling, level, value, garbage)});
    };
    const std::vector<MachineLocation>& locations = scenario.locations();
    for (std::size_t i = 0; i < locations.size(); ++i) {
        const DescriptorSlot& slot = locations[i].slot;
        if (locations[i].kind != MachineLocation::Kind::slot ||
            scenario.slot_location(t, slot.level, slot.generation) != static_cast<int>(i)) {
            continue;
        }
        add(slot.level, locations[i].initial, false);
        for (const MachineStore& store : scenario.stores()) {
            if (store.location == static_cast<int>(i)) add(slot.level, store.value, store.garbage);
        }
    }
    return leaves;
}

}  // namespace

ContiguousSlots stored_contiguous_slots(const JudgedSchedule& schedule) {
    ContiguousSlots slots;
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& instruction : thread.code) {
            const auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
            if (store != nullptr && contiguous_leaf(store->value)) slots.insert(store->slot);
        }
    }
    return slots;
}

WalkTarget own_target(const Geometry& geometry, std::uint64_t va) {
    return {va, std::nullopt, 0, geometry.entry_base(va, 3)};
}

WalkTarget sibling_target(const Geometry& geometry, std::uint64_t va, int level, std::uint64_t sibling_va) {
    return {va, level, sibling_va, geometry.entry_base(sibling_va + va % geometry.entry_bytes(level), 3)};
}

std::vector<WalkTarget> targets_of(const JudgedSchedule& schedule, const ContiguousSlots& stored,
                                   const HardwareParameters& hardware, std::uint64_t va) {
    const Geometry geometry(hardware);
    std::vector<WalkTarget> targets{own_target(geometry, va)};
    if (hardware.contiguous_fill == ContiguousFill::none) return targets;
    for (int level = geometry.start_level(); level <= 3; ++level) {
        if (!geometry.contiguous_slots(level)) continue;
        const std::uint64_t own = geometry.entry_base(va, level);
        std::uint64_t slot = geometry.set_base(va, level);
        for (int i = 0; i < *geometry.contiguous_slots(level); ++i, slot += geometry.entry_bytes(level)) {
            if (slot == own || !ever_contiguous(*schedule.program, stored, geometry, slot, level)) continue;
            targets.push_back(sibling_target(geometry, va, level, slot));
        }
    }
    return targets;
}

std::vector<Observer> observers_of(const JudgedSchedule& schedule, PropertyKind kind, std::uint64_t va,
                                   const Judging& judging) {
    const ScheduleProgram& program = *schedule.program;
    const std::optional<SpaceId> space = spaces::of(va);
    std::vector<Observer> all;
    if (program.closed) {
        for (std::uint32_t t = 0; t < schedule.threads.size(); ++t) {
            if (judging.on_thread(t)) all.push_back({t, false});
        }
    } else {
        all = open_observers(schedule, kind, va, judging);
    }
    const bool invalid = invalid_at_any_time(schedule, kind, va);
    const auto everywhere = [&](const Observer& observer) {
        if (invalid || kind == PropertyKind::no_lost_update) return true;
        // While a write of the register is not synchronised, entries of either space are hit.
        if (kind == PropertyKind::no_tlb_conflict)
            return observer.thread && in_other_spaces(schedule, *observer.thread, va, AccessTime::any);
        if (kind != PropertyKind::no_use_after_free) return false;
        // Elsewhere its entries of other spaces are met as well, but for conflicts.
        return program.closed || (schedule.hardware.bbm_level == 0 && observer.thread &&
                                  in_other_spaces(schedule, *observer.thread, va, AccessTime::after_thread));
    };
    if (freed_twice(schedule, kind) || kind == PropertyKind::no_lost_update) {
        const std::vector<Observer> loads = all;
        for (const Observer& load : loads) all.push_back({load.thread, true});
    }
    std::vector<Observer> result;
    for (const Observer& observer : all) {
        const bool open = observer.thread && space &&
                          !schedule.threads[*observer.thread].starts_in.of(program.spaces[*space]);
        std::vector<std::optional<SpaceId>> starts{std::nullopt};
        if (open) {
            const std::vector<SpaceId> possible = possible_starts(program, *space);
            starts.assign(possible.begin(), possible.end());
        }
        for (const std::optional<SpaceId>& start : starts) {
            Observer one = observer;
            one.starts_in = start;
            result.push_back(one);
            if (!observer.thread || !everywhere(observer)) continue;
            // After its part too, in the space it is in: the access above enters the judged one first.
            const std::size_t end = schedule.threads[*observer.thread].code.size();
            const bool enters = space && contexts_of_observer(schedule, one, *space).switches;
            for (std::size_t k = 0; k < end + (enters ? 1 : 0); ++k) {
                one.position = k;
                if (can_access(schedule, one, space)) result.push_back(one);
            }
        }
    }
    return result;
}

std::vector<WalkTarget> targets_of(const JudgedSchedule& schedule, const ContiguousSlots& stored,
                                   const HardwareParameters& hardware, std::uint64_t va,
                                   const Observer& observer) {
    const std::optional<SpaceId> space = spaces::of(va);
    if (!space) return targets_of(schedule, stored, hardware, va);
    const PeContexts contexts = contexts_of_observer(schedule, observer, *space);
    std::vector<WalkTarget> result;
    for (std::uint32_t k = 0; k < contexts.all.size(); ++k) {
        if (contexts.all[k].space == no_space) continue;
        const std::uint64_t there = spaces::within(spaces::plain(va), contexts.all[k].space);
        for (WalkTarget target : targets_of(schedule, stored, hardware, there)) {
            target.context = k;
            result.push_back(target);
        }
    }
    return result;
}

std::vector<std::vector<WalkTarget>> unders_of(const JudgedSchedule& schedule, const ContiguousSlots& stored,
                                               const HardwareParameters& hardware, const WalkTarget& main,
                                               std::uint32_t of, const Observer& observer) {
    std::vector<std::vector<WalkTarget>> result{{}};
    const auto vm = guest_of(*schedule.program, main.va);
    if (!vm) return result;
    const PeContexts contexts = contexts_of_observer(schedule, observer, *vm);
    for (const Stage2Need& need : stage2_needs(schedule, hardware, main.va)) {
        if (!stage2_changes(schedule, hardware, need.ipa)) continue;
        std::vector<WalkTarget> ways;
        for (std::uint32_t k = 0; k < contexts.all.size(); ++k) {
            if (contexts.all[k].space != *vm) continue;
            for (WalkTarget target : targets_of(schedule, stored, hardware, need.ipa)) {
                target.context = k;
                target.under = UnderWalk{of, need.for_level};
                ways.push_back(target);
            }
        }
        if (ways.empty()) continue;
        std::vector<std::vector<WalkTarget>> longer;
        for (const std::vector<WalkTarget>& list : result) {
            for (const WalkTarget& way : ways) {
                longer.push_back(list);
                longer.back().push_back(way);
            }
        }
        result = std::move(longer);
    }
    return result;
}

bool may_conflict(const Scenario& scenario) {
    if (scenario.guest()) return true;
    const std::vector<PossibleLeaf> first = possible_leaves(scenario, 0),
                                    second = possible_leaves(scenario, 1);
    return std::any_of(first.begin(), first.end(), [&](const PossibleLeaf& a) {
        return std::any_of(second.begin(), second.end(), [&](const PossibleLeaf& b) { return a != b; });
    });
}

}  // namespace tlbcheck::model
