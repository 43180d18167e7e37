// SPDX-License-Identifier: Apache-2.0
//
// Translation table descriptors as 64-bit words (Arm ARM D8.3; 4K granule, 48-bit output addresses) and the
// steps of a walk over them: index, decoding, permissions.
#pragma once

#include <cstdint>

#include "model/arch/descriptor.hpp"

namespace tlbcheck::model::translation {

/// Exception level and direction of an access.
struct AccessKind {
    int exception_level = 0;  ///< 0 to 2
    bool write = false;
};

/// A descriptor read at one level of one stage.
struct DescriptorWord {
    DescriptorKind kind = DescriptorKind::invalid;
    std::uint64_t address = 0;  ///< next table, or output address of the page or block, in bytes
    bool af = false;
    bool contiguous = false;
    bool not_global = false;    ///< stage 1
    bool user = false;          ///< stage 1: AP[1]
    bool read_only = false;     ///< stage 1: AP[2]; stage 2: not S2AP[1]
    bool readable = true;       ///< stage 2: S2AP[0]
    unsigned shareability = 0;  ///< SH
    unsigned attributes = 0;    ///< stage 1: AttrIndx; stage 2: MemAttr
};

/// `level` 0 to 3, `stage` 1 or 2.
DescriptorWord decode_descriptor(std::uint64_t word, int stage, int level);
/// Bytes that one descriptor of the level covers.
std::uint64_t span_of_level(int level);
/// Address of the descriptor for `input` in a table page of the level.
std::uint64_t descriptor_address(std::uint64_t table, std::uint64_t input, int level);
/// A valid leaf permits the access.
bool permits(const DescriptorWord& leaf, int stage, const AccessKind& access);

}  // namespace tlbcheck::model::translation
