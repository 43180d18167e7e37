// SPDX-License-Identifier: Apache-2.0
//
// The judged addresses, cut into cells: intervals of one region in which all units have the same size and the
// same levels matter (docs/formal-model.md section 8).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/slice/arithmetic/line.hpp"

namespace tlbcheck::model {

/// Facts of a level are upper bounds: true where something of the kind may happen.
struct LevelFacts {
    bool stored = false;  ///< a store hits the descriptor, or the contiguous set, of the address
    bool leaf = false;    ///< a walk may end at this level: a descriptor is ever a block, a page or invalid
    bool contiguous = false;  ///< a slot of the contiguous set ever holds Contiguous = 1
    friend bool operator==(const LevelFacts&, const LevelFacts&) = default;
};

struct SliceCell {
    std::uint32_t region = 0;  ///< index in ScheduleProgram::regions
    AddressRange range;        ///< judged addresses
    int finest = 3;            ///< deepest level at which an address of the cell is ever mapped
    bool set = false;          ///< a unit is a contiguous set of that level
    std::uint64_t unit_bytes = 0;
    std::array<LevelFacts, 4> levels;  ///< above `finest` only; of `finest`, `stored`
    std::uint64_t table_bytes = 0;     ///< greatest span of a table page made by the schedule here; 0: none
};

/// Cells of the regions that `property` judges, ascending.
std::vector<SliceCell> cells_of(const ScheduleProgram& program, const Property& property, const Lines& lines,
                                const Geometry& geometry);

}  // namespace tlbcheck::model
