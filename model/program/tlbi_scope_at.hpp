// SPDX-License-Identifier: Apache-2.0
//
// What a TLBI of a thread names, with what its scope takes from the PE that issues it.
#pragma once

#include <cstdint>

#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model {

/// Instruction `position` of the thread is the TLBI. HCR_EL2 is as it is there (docs/formal-model.md section
/// 13).
TlbiScope tlbi_scope_at(const JudgedSchedule& schedule, std::uint32_t thread, std::size_t position,
                        const Geometry& geometry);

/// The TLBI removes what it names from every PE that there is.
bool reaches_all(const JudgedSchedule& schedule, const TlbiOp& op);
/// The barrier, later in program order than the TLBI, completes it for every PE that there is.
bool completes_for_all(const JudgedSchedule& schedule, const Barrier& barrier, const TlbiOp& op);

}  // namespace tlbcheck::model
