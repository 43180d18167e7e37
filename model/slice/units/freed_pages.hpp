// SPDX-License-Identifier: Apache-2.0
//
// Judged addresses inside of blocks: memory is handed over by pages (docs/formal-model.md section 6), so that
// of a block that is freed in part it matters which page an access is to.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/arch/granule.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::model {

/// Addresses at which memory begins that the schedule frees, as blocks map it to or around the addresses
/// `leaves`. Of frees that directly follow one another, one for each block. Not sorted.
std::vector<std::uint64_t> freed_inside_blocks(const JudgedSchedule& schedule, const Geometry& geometry,
                                               std::span<const std::uint64_t> leaves);

}  // namespace tlbcheck::model
