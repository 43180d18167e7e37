// SPDX-License-Identifier: Apache-2.0
//
// Translation table descriptors as 64-bit words (Arm ARM D8.3; 4K granule, 48-bit output addresses) and the
// steps of a walk over them: index, decoding.
#pragma once

#include <cstdint>

#include "model/graph/translation/read_descriptor.hpp"

namespace tlbcheck::model::translation {

/// A descriptor read at one level of one stage.
struct DescriptorWord : ReadDescriptor {
    std::uint64_t address = 0;  ///< next table, or output address of the page or block, in bytes
    unsigned shareability = 0;  ///< SH
    unsigned attributes = 0;    ///< stage 1: AttrIndx; stage 2: MemAttr
};

/// `level` 0 to 3, `stage` 1 or 2.
DescriptorWord decode_descriptor(std::uint64_t word, int stage, int level);
/// Bytes that one descriptor of the level covers.
std::uint64_t span_of_level(int level);
/// Address of the descriptor for `input` in a table page of the level.
std::uint64_t descriptor_address(std::uint64_t table, std::uint64_t input, int level);

}  // namespace tlbcheck::model::translation
