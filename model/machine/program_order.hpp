// SPDX-License-Identifier: Apache-2.0
//
// Which stores of a thread must be visible before a later load, and before a DSB LD that follows one: what
// full DMBs, store-releases and load-acquires before it say (docs/formal-model.md section 1, DSB-ob and bob).
#pragma once

#include <cstdint>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

struct MachineInstruction;
struct MachineStore;
struct JudgedSchedule;

/// What an instruction's place in its thread says of the stores before it. All positions count
/// instructions of the thread; 0: there is no such instruction.
struct OrderedBefore {
    std::uint32_t fence = 0;         ///< of the last full DMB
    std::uint32_t loaded_fence = 0;  ///< of the last full DMB that a load follows
    std::uint32_t released = 0;      ///< of the last store-release that no buffer holds
    std::uint32_t acquired = 0;      ///< of the last load-acquire
    std::uint32_t acquired_all = 0;  ///< of the last such store-release that a load-acquire follows

    /// The same after the instruction at `position`.
    void pass(const MachineInstruction& code, std::uint32_t position);
    /// The store is visible before a load, or another store, that stands here.
    bool orders_accesses(const MachineStore& store) const;
    /// A DSB LD that stands here waits for the store: a load is before it, and the store before that.
    bool orders_dsb_ld(const MachineStore& store) const;
    bool orders_by_acquire(const MachineStore& store) const;
};

/// True iff the access of that thread to a translated address cannot fault, whatever its walk reads. Where
/// this cannot be told, false: one that faults orders nothing.
bool never_faults(const JudgedSchedule& schedule, const HardwareParameters& hardware, std::uint32_t thread,
                  std::uint32_t position);

}  // namespace tlbcheck::model
