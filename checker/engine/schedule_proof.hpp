// SPDX-License-Identifier: Apache-2.0
//
// For a safe schedule: each stale reading an access might make, with the cycles of orderings that rule it
// out.
#pragma once

#include "checker/engine/slice_solver.hpp"
#include "checker/report/explanation.hpp"

namespace tlbcheck::checker {

/// The proof for one slice; readings of equal kind (the neighbours' descriptors) are shown once. `places`
/// turns a program's place into a report's.
std::vector<ExcludedReading> prove_slice(const model::JudgedSchedule& schedule, model::PropertyKind kind);

}  // namespace tlbcheck::checker
