// SPDX-License-Identifier: Apache-2.0
//
// Memory types by MAIR_EL2 and MemAttr.
#include "litmus/casemate/words.hpp"

#include <fmt/format.h>

#include <array>

#include "model/graph/translation/descriptor_word.hpp"

namespace tlbcheck::litmus::casemate {

namespace {

using model::Attr;
namespace translation = model::translation;

/// One memory type for each AttrIndx, all different.
constexpr std::array unknown_mair{std::uint8_t{0xFF}, std::uint8_t{0x00}, std::uint8_t{0x04},
                                  std::uint8_t{0x08}, std::uint8_t{0x0C}, std::uint8_t{0x44},
                                  std::uint8_t{0xBB}, std::uint8_t{0x4F}};

Attr with_shareability(Attr type, std::uint64_t word) {
    const bool device = has(type, Attr::device_ngnrne) || has(type, Attr::device_ngnre) ||
                        has(type, Attr::device_ngre) || has(type, Attr::device_gre);
    return device ? type : type | translation::shareability_of(word);
}

Attr stage1_type(std::uint64_t word, const WordFormat& format) {
    const unsigned index = word >> translation::field::attr_index_shift & 7U;
    const auto byte =
        format.mair ? static_cast<std::uint8_t>(*format.mair >> 8U * index) : unknown_mair.at(index);
    if (const auto type = translation::memory_type_of_mair(byte)) return *type;
    throw Refused{fmt::format("the descriptor 0x{:x} has AttrIndx {}, for which MAIR_EL2 has 0x{:x}: it is "
                              "reserved",
                              word, index, byte),
                  {}};
}

Attr stage2_type(std::uint64_t word, const WordFormat& format) {
    const unsigned mem_attr = word >> translation::field::mem_attr_shift & 15U;
    if (const auto type = translation::memory_type_of_stage2(mem_attr, format.fwb)) return *type;
    throw Refused{
        fmt::format("the descriptor 0x{:x} has the MemAttr 0x{:x}, which is reserved", word, mem_attr), {}};
}

}  // namespace

model::Descriptor descriptor_of(std::uint64_t word, int level, const model::AddressSpace& space,
                                const WordFormat& format, const model::Geometry& geometry) {
    model::Descriptor result;
    result.kind = translation::kind_of(word, level);
    if (result.kind == model::DescriptorKind::leaf && !geometry.has_leaf(level)) result.kind = {};
    if (!result.valid()) return {};
    if (result.kind == model::DescriptorKind::table) {
        result.oa = translation::address_of(word, level, geometry);
        return result;
    }
    using translation::TableUse;
    const TableUse use = space.stage2                         ? TableUse::stage2
                         : space.regime == model::Regime::el2 ? TableUse::el2
                                                              : TableUse::el10;
    result = translation::leaf_descriptor(word, level, use, geometry);
    if (use == TableUse::el2) result.el0 = true;  // AP[1] is RES1
    const Attr type = space.stage2 ? stage2_type(word, format) : stage1_type(word, format);
    result.attributes = result.attributes | with_shareability(type, word);
    return result;
}

}  // namespace tlbcheck::litmus::casemate
