// SPDX-License-Identifier: Apache-2.0
//
// A violation that was met, looked for again in an edited schedule: one access to one address by one observer
// is asked about, which takes a small part of the time that a verdict takes.
#pragma once

#include <cstddef>

#include "checker/engine/slice_solver.hpp"
#include "litmus/sched/schedule.hpp"

namespace tlbcheck::checker {

struct SeenViolation {
    MetViolation met;
    /// Where the access stands inside a thread: how many of the thread's instructions come before it,
    /// barriers and TLBIs not counted, for those are what edits add.
    std::size_t behind = 0;

    friend bool operator==(const SeenViolation&, const SeenViolation&) = default;
};

SeenViolation seen_violation(const model::JudgedSchedule& schedule, const MetViolation& met);

/// True: the question is violated. False: not in that way, or not known. Throws LimitReached.
bool seen_again(const model::JudgedSchedule& schedule, model::PropertyKind kind, const SeenViolation& seen);

}  // namespace tlbcheck::checker
