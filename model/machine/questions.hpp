// SPDX-License-Identifier: Apache-2.0
//
// What one property asks of the machine about one address: observers, walks and pairs of walks.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "model/machine/scenario.hpp"

namespace tlbcheck::model {

/// Slots that ever hold a leaf with Contiguous = 1 by a store of the schedule.
using ContiguousSlots = std::set<DescriptorSlot>;
ContiguousSlots stored_contiguous_slots(const JudgedSchedule& schedule);

/// The page whose walk a fill from the slot of `sibling_va` is: the one that lies in it as `va` lies in its
/// own slot.
WalkTarget sibling_target(const Geometry& geometry, std::uint64_t va, int level, std::uint64_t sibling_va);
WalkTarget own_target(const Geometry& geometry, std::uint64_t va);

/// The own walk first, then one for each neighbour whose slot can serve `va`.
std::vector<WalkTarget> targets_of(const JudgedSchedule& schedule, const ContiguousSlots& stored,
                                   const HardwareParameters& hardware, std::uint64_t va);

/// Observers (docs/formal-model.md, 6): (a) the PE of each thread that maintains the tables, (b) another PE.
/// Of never_invalid (b) alone where the address is mapped at the start: at any time it meets all that (a)
/// does. Of an address space also in which space each PE started; where there are no PEs but the threads',
/// each of them and, for what a passing window breaks, before every instruction.
std::vector<Observer> observers_of(const JudgedSchedule& schedule, PropertyKind kind, std::uint64_t va,
                                   const Judging& judging = {});

/// What the registers that lead to the space hold on the observer's PE.
PeContexts contexts_of_observer(const JudgedSchedule& schedule, const Observer& observer, SpaceId space);

/// targets_of() in each of the observer's contexts.
std::vector<WalkTarget> targets_of(const JudgedSchedule& schedule, const ContiguousSlots& stored,
                                   const HardwareParameters& hardware, std::uint64_t va,
                                   const Observer& observer);

/// Every way to follow what a guest's walk `main`, target number `of`, needs of stage 2, as far as that may
/// change: one list of targets each. Of other walks one empty list.
std::vector<std::vector<WalkTarget>> unders_of(const JudgedSchedule& schedule, const ContiguousSlots& stored,
                                               const HardwareParameters& hardware, const WalkTarget& main,
                                               std::uint32_t of, const Observer& observer);

/// True iff two leaves that the two walks of the question can read would conflict.
bool may_conflict(const Scenario& scenario);

}  // namespace tlbcheck::model
