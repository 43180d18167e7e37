// SPDX-License-Identifier: Apache-2.0
//
// The fields of a stage 2 leaf: MemAttr, S2AP, SH, AF, nT, Contiguous, XN.
#include "litmus/casemate/stage2_descriptor.hpp"

#include "litmus/kernel/world/descriptors.hpp"

namespace tlbcheck::litmus::casemate {

namespace {

using model::Attr;

constexpr std::uint64_t bit(unsigned number) {
    return std::uint64_t{1} << number;
}

/// Bits [3:2] are the outer attributes where they are not 0, [1:0] the inner ones: 1 is non-cacheable, 2
/// write-through, 3 write-back. The types that predate FEAT_XS have XS = 1 where memory is not write-back.
Attr memory_type(std::uint64_t word) {
    const std::uint64_t outer = word >> 4U & 3U, inner = word >> 2U & 3U;
    if (outer == 0) {
        constexpr Attr devices[] = {Attr::device_ngnrne, Attr::device_ngnre, Attr::device_ngre,
                                    Attr::device_gre};
        return devices[inner] | Attr::xs;
    }
    Attr type = Attr::none;
    if (outer == 1) type = type | Attr::onc;
    if (outer == 2) type = type | Attr::owt;
    if (inner < 2) type = type | Attr::inc;
    if (inner == 2) type = type | Attr::iwt;
    if (type != Attr::none) type = type | Attr::xs;
    const std::uint64_t shareability = word >> 8U & 3U;
    if (shareability == 0) type = type | Attr::nsh;
    if (shareability == 2) type = type | Attr::osh;
    return type;
}

}  // namespace

model::Descriptor stage2_descriptor(std::uint64_t word, int level, const model::Geometry& geometry) {
    model::Descriptor result;
    result.kind = kernel::world::kind_of(word, level);
    if (result.kind == model::DescriptorKind::leaf && !geometry.has_leaf(level)) result.kind = {};
    if (result.kind == model::DescriptorKind::invalid) return {};
    result.oa = kernel::world::address_of(word, level, geometry);
    if (result.kind == model::DescriptorKind::table) return result;
    result.el0 = (word & bit(6)) != 0;  // S2AP[0]: readable
    result.db = (word & bit(7)) != 0;   // S2AP[1]: writable
    result.af = (word & bit(10)) != 0;
    result.nt = level != 3 && (word & bit(16)) != 0;
    result.contiguous = (word & bit(52)) != 0;
    result.attributes = memory_type(word);
    const std::uint64_t xn = word >> 53U & 3U;  // 0: EL1 and EL0 execute, 1: EL0, 2: neither, 3: EL1
    if (xn == 0 || xn == 3) result.attributes = result.attributes | Attr::px;
    if (xn == 0 || xn == 1) result.attributes = result.attributes | Attr::ux;
    return result;
}

}  // namespace tlbcheck::litmus::casemate
