// SPDX-License-Identifier: Apache-2.0
//
// no_bbm_violation answered by its formulas and a solver.
#pragma once

#include "model/program/judged_schedule.hpp"
#include "tests/cross/schedule_comparison.hpp"

namespace tlbcheck::tests {

/// Fails the test where the formulas allow nothing at all: the answer would be safe for nothing.
Opinion by_bbm_formulas(const model::JudgedSchedule& schedule);

}  // namespace tlbcheck::tests
