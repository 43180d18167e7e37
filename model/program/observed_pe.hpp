// SPDX-License-Identifier: Apache-2.0
//
// Whose TLB is asked about where what one PE holds at a moment is the question, and which TLBIs reach it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model {

/// The PE of a thread; nullopt: one that runs none, which the fewest TLBIs reach.
using ObservedPe = std::optional<std::uint32_t>;

/// PEs of which one holds an entry if any PE does. Where `cpus` names all, those of threads: a thread's PE is
/// reached by its own local TLBIs, which a DSB NSH completes. One that has neither of them is reached by no
/// more than any other, and stands for all.
std::vector<ObservedPe> observed_pes(const JudgedSchedule& schedule);

/// The TLBI of that thread removes what it names from the PE.
bool reaches(const TlbiOp& op, std::uint32_t issuer, ObservedPe pe);
/// The barrier, of the same thread and later in program order, completes the TLBI for the PE.
bool completes_for(const Barrier& barrier, const TlbiOp& op, std::uint32_t issuer, ObservedPe pe);

}  // namespace tlbcheck::model
