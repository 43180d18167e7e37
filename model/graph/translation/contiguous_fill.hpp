// SPDX-License-Identifier: Apache-2.0
//
// CONTIGUOUS-FILL (docs/formal-model.md section 2; Arm ARM RNGLXZ, RJQQTC): which slots one leaf
// serves, and where to (which leaf: read_descriptor.hpp). The same for schedules and for litmus tests.
#pragma once

#include <cstdint>

#include "model/arch/granule.hpp"

namespace tlbcheck::model::translation {

/// `a` and `b`, addresses, are in one set at the level.
bool in_one_set(const Geometry& geometry, int level, std::uint64_t a, std::uint64_t b);

/// Where a leaf of the set with output address `output` takes `va`, in another slot of the set: to the
/// aligned set of its output, plus the offset of `va` in its own. `level` must have sets.
std::uint64_t output_in_set(const Geometry& geometry, int level, std::uint64_t output, std::uint64_t va);

}  // namespace tlbcheck::model::translation
