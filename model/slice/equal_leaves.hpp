// SPDX-License-Identifier: Apache-2.0
//
// Leaves of a whole schedule that nothing tells apart: one of them is judged (docs/slicing.md, "Equal leaves
// of a whole schedule").
#pragma once

#include <cstdint>
#include <vector>

#include "model/arch/granule.hpp"
#include "model/program/judged_schedule.hpp"
#include "model/slice/arithmetic/cell.hpp"

namespace tlbcheck::model {

/// Where what TLBIs by address cover begins, and the first address past it, in every space. Ascending.
std::vector<std::uint64_t> tlbi_borders(const ScheduleProgram& program, const Geometry& geometry);

/// Leaves among the candidates the first of each run of equal ones; all of them where the conditions do not
/// hold. A candidate then stands for what lies between it and the next.
void keep_one_of_equal_leaves(JudgedSchedule& schedule, const std::vector<SliceCell>& cells,
                              const Geometry& geometry);

}  // namespace tlbcheck::model
