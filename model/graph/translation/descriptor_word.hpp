// SPDX-License-Identifier: Apache-2.0
//
// Translation table descriptors as 64-bit words (Arm ARM D8.3; output addresses of 48 bits) and the steps of
// a walk over them: index, decoding. What reads words, reads them here.
#pragma once

#include <cstdint>
#include <optional>

#include "model/arch/descriptor.hpp"
#include "model/arch/granule.hpp"
#include "model/graph/translation/read_descriptor.hpp"

namespace tlbcheck::model::translation {

/// Where the fields are. Those of one stage alone say so.
namespace field {

constexpr std::uint64_t bit(unsigned number) {
    return std::uint64_t{1} << number;
}
inline constexpr std::uint64_t valid = bit(0);
inline constexpr std::uint64_t not_block = bit(1);     ///< a table, or a page at level 3
inline constexpr unsigned attr_index_shift = 2;        ///< stage 1: AttrIndx, 3 bits
inline constexpr unsigned mem_attr_shift = 2;          ///< stage 2: MemAttr, 4 bits
inline constexpr std::uint64_t ap_el0 = bit(6);        ///< stage 1: AP[1]
inline constexpr std::uint64_t ap_read_only = bit(7);  ///< stage 1: AP[2]
inline constexpr std::uint64_t s2ap_read = bit(6);     ///< stage 2: S2AP[0]
inline constexpr std::uint64_t s2ap_write = bit(7);    ///< stage 2: S2AP[1]
inline constexpr unsigned shareability_shift = 8;
inline constexpr std::uint64_t shareability = 3U << shareability_shift;
inline constexpr std::uint64_t access_flag = bit(10);
inline constexpr std::uint64_t not_global = bit(11);  ///< stage 1: nG
inline constexpr std::uint64_t n_t = bit(16);         ///< of a block
inline constexpr std::uint64_t guarded = bit(50);     ///< stage 1: GP
inline constexpr std::uint64_t dirty_modifier = bit(51);
inline constexpr std::uint64_t contiguous = bit(52);
inline constexpr std::uint64_t pxn = bit(53);  ///< stage 1 of EL1&0 and EL2&0
inline constexpr std::uint64_t uxn = bit(54);  ///< stage 1; of EL2 it is XN
inline constexpr unsigned s2_xn_shift = 53;    ///< stage 2: XN[1:0]
inline constexpr std::uint64_t s2_xn = 3ULL << s2_xn_shift;
inline constexpr std::uint64_t address = (bit(48) - 1) & ~(bit(12) - 1);

}  // namespace field

/// A descriptor read at one level of one stage.
struct DescriptorWord : ReadDescriptor {
    std::uint64_t address = 0;  ///< next table, or output address of the page or block, in bytes
    unsigned shareability = 0;  ///< SH
    unsigned attributes = 0;    ///< stage 1: AttrIndx; stage 2: MemAttr
};

/// By the type bits alone, whether or not the granule has blocks at that level; `level` 0 to 3.
DescriptorKind kind_of(std::uint64_t word, int level);
/// Output address of a leaf, or address of the table that follows.
std::uint64_t address_of(std::uint64_t word, int level, const Geometry& geometry);
/// `level` 0 to 3, `stage` 1 or 2; of the 4K granule.
DescriptorWord decode_descriptor(std::uint64_t word, int stage, int level);

/// What the tables that a leaf stands in are for.
enum class TableUse : std::uint8_t {
    el10,   ///< stage 1 of EL1&0; of EL2&0, likewise
    el2,    ///< stage 1 of EL2: no ASIDs, one right to execute
    stage2  ///< of a VM
};
/// A leaf as schedules have it, but for its memory type: address, AF, dirty state (without DBM), Contiguous,
/// nT, nG, and, as rights of EL0 and to execute, AP[1], PXN, UXN; of stage 2 S2AP[0] and XN. Leaves of EL2
/// are not global, and their right to execute is that of `execute_right(false)`.
Descriptor leaf_descriptor(std::uint64_t word, int level, TableUse use, const Geometry& geometry);
/// Memory type by a byte of MAIR_ELx (Arm ARM D24.2, MAIR_EL1); nullopt: reserved.
std::optional<Attr> memory_type_of_mair(std::uint8_t attribute);
/// Memory type of stage 2 by MemAttr[3:0]; `fwb`: HCR_EL2.FWB = 1 (FEAT_S2FWB). nullopt: reserved.
std::optional<Attr> memory_type_of_stage2(unsigned mem_attr, bool fwb);
/// SH of normal memory: none where it is Inner Shareable.
Attr shareability_of(std::uint64_t word);

/// Bytes that one descriptor of the level covers.
std::uint64_t span_of_level(int level);
/// Address of the descriptor for `input` in a table page of the level.
std::uint64_t descriptor_address(std::uint64_t table, std::uint64_t input, int level);

}  // namespace tlbcheck::model::translation
