// SPDX-License-Identifier: Apache-2.0
//
// Descriptors of stage 2 as 64-bit words and as the model has them (Arm ARM D8.3; 4K granule, no LPA2).
#pragma once

#include <cstdint>

#include "model/arch/descriptor.hpp"
#include "model/arch/granule.hpp"

namespace tlbcheck::litmus::casemate {

/// Of a table descriptor `oa` is the physical address of the table that follows. MemAttr is read as it is
/// without FEAT_S2FWB.
model::Descriptor stage2_descriptor(std::uint64_t word, int level, const model::Geometry& geometry);

}  // namespace tlbcheck::litmus::casemate
