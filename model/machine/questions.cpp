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

ContiguousSlots stored_contiguous_slots(const UnrolledProgram& unrolled) {
    ContiguousSlots slots;
    for (const std::vector<Instruction>& thread : unrolled.threads) {
        for (const Instruction& instruction : thread) {
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

std::vector<WalkTarget> targets_of(const UnrolledProgram& unrolled, const ContiguousSlots& stored,
                                   const HardwareParameters& hardware, std::uint64_t va) {
    const Geometry geometry(hardware);
    std::vector<WalkTarget> targets{own_target(geometry, va)};
    if (hardware.contiguous_fill == ContiguousFill::none) return targets;
    for (int level = geometry.start_level(); level <= 3; ++level) {
        if (!geometry.contiguous_slots(level)) continue;
        const std::uint64_t own = geometry.entry_base(va, level);
        std::uint64_t slot = geometry.set_base(va, level);
        for (int i = 0; i < *geometry.contiguous_slots(level); ++i, slot += geometry.entry_bytes(level)) {
            if (slot == own || !ever_contiguous(*unrolled.program, stored, geometry, slot, level)) continue;
            targets.push_back(sibling_target(geometry, va, level, slot));
        }
    }
    return targets;
}

std::vector<Observer> observers_of(const UnrolledProgram& unrolled, PropertyKind kind, std::uint64_t va,
                                   const Judging& judging) {
    std::vector<Observer> observers;
    const Region* region = region_of(unrolled.program->regions, va);
    const bool any_time = kind == PropertyKind::never_invalid && (region == nullptr || region->mapped);
    if (judges_access(kind) && !any_time) {
        for (std::uint32_t t = 0; t < unrolled.threads.size(); ++t) {
            const bool asked = judging.only_named
                                   ? judging.on_thread(t)
                                   : maintains(unrolled.program->threads[t]) || judging.moment == t;
            if (asked) observers.push_back({t, false});
        }
    }
    // A PE that runs no thread is reached by the fewest TLBIs: it alone decides hazards.
    if (judging.on_other()) observers.push_back({std::nullopt, false});
    return observers;
}

bool may_conflict(const Scenario& scenario) {
    const std::vector<PossibleLeaf> first = possible_leaves(scenario, 0),
                                    second = possible_leaves(scenario, 1);
    return std::any_of(first.begin(), first.end(), [&](const PossibleLeaf& a) {
        return std::any_of(second.begin(), second.end(), [&](const PossibleLeaf& b) { return a != b; });
    });
}

}  // namespace tlbcheck::model
