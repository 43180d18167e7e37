// SPDX-License-Identifier: Apache-2.0
//
// Stretches of units between the places where something about them may change (docs/slicing.md, theorem 2).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "model/slice/arithmetic/plan.hpp"

namespace tlbcheck::model {

/// A strided line where neither of its ends can matter.
struct Core {
    AddressRange range;
    std::uint64_t step;  ///< bytes
    std::uint64_t alignment;
    std::uint64_t span;  ///< widest entry by which it meets units one period apart alike
    std::pair<std::uint32_t, std::uint32_t> run;
};

/// Of the units with bases first .. last, each `unit` bytes.
struct Breaks {
    std::uint64_t unit = 0, first = 0, last = 0;
    std::uint64_t fixed_period = 0;    ///< bytes: of what no line's step says
    std::vector<std::uint64_t> cuts;   ///< multiples of the unit in (first, last]
    std::vector<AddressRange> visits;  ///< whose units may all differ
    std::vector<Core> cores;
};

std::vector<Segment> segments_of(Breaks breaks);

}  // namespace tlbcheck::model
