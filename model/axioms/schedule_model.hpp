// SPDX-License-Identifier: Apache-2.0
//
// The model by which flush schedules are judged: Arm's model with extensions A to C of docs/formal-model.md
// (contiguous fills, every level of the walk, scope and completion of each TLBI).
#pragma once

#include "model/arch/params.hpp"
#include "model/axioms/arm_model.hpp"
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model::axioms {

/// Primitives it needs beside Arm's: sets Last-TTD (the T that read the leaf or the faulting descriptor),
/// Table-TTD and "Walk i"; relations walk (T_k to T_{k+1}), completing-dsb (TLBI to a later DSB wide enough
/// for it) and same-va-page-and-context (between Ts). With TLBIs on several PEs the time line of a walk also
/// has the order of one completed before another was issued. With contexts: the set MSR, the relations
/// context-begin (MSR to the first T of a walk that goes by it), context-end (that T to the event that
/// synchronises the next MSR) and context-first (that T to the TLBIs that all come after it).
Definitions schedule_definitions(const HardwareParameters& hardware, bool tlbis_on_several_pes = false,
                                 bool contexts = false);
Definitions schedule_definitions(const JudgedSchedule& schedule);

// Parts that litmus tests with several levels share.
void define_walk_order(Definitions& d);  ///< walk-order
void define_time_line(Definitions& d);   ///< the check of walk-time-line

}  // namespace tlbcheck::model::axioms
