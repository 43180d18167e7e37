// SPDX-License-Identifier: Apache-2.0
//
// Which units of a cell must be visited: where every line that touches a unit advances evenly, units one
// period apart have equal slices (docs/slicing.md, theorem 2).
#pragma once

#include <cstdint>
#include <vector>

#include "model/slice/arithmetic/footprint.hpp"

namespace tlbcheck::model {

/// Units with bases first, first + unit, ..., last.
struct Segment {
    std::uint64_t first = 0, last = 0;
    std::uint64_t period = 0;  ///< in units: slices repeat with it; 0: not known to repeat
};

/// Segments of `cell`, ascending, that together hold every unit of it. With `every_unit` nothing repeats.
std::vector<Segment> plan(const SliceContext& context, const Lines& lines, const SliceCell& cell,
                          bool every_unit);

}  // namespace tlbcheck::model
