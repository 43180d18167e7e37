// SPDX-License-Identifier: Apache-2.0
//
// What a TLBI of a thread names, with what its scope takes from the PE that issues it.
#pragma once

#include <cstdint>
#include <vector>

#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model {

/// Instruction `position` of the thread is the TLBI. HCR_EL2 is as it is there (docs/formal-model.md section
/// 13).
TlbiScope tlbi_scope_at(const JudgedSchedule& schedule, std::uint32_t thread, std::size_t position,
                        const Geometry& geometry);

/// The VMs that VTTBR may name there; empty: the schedule has none.
std::vector<SpaceId> vms_at(const JudgedSchedule& schedule, std::uint32_t thread, std::size_t position);

}  // namespace tlbcheck::model
