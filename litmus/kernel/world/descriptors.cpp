// SPDX-License-Identifier: Apache-2.0
//
// 48-bit addresses: descriptors without LPA2.

#include "litmus/kernel/world/descriptors.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

#include "litmus/kernel/interpreter/errors.hpp"

namespace tlbcheck::litmus::kernel::world {
namespace {

using model::Attr;
namespace field = model::translation::field;

constexpr std::uint64_t software_dirty = field::bit(55);

/// MAIR_EL1 and MAIR_EL2 as Linux writes them (asm/memory.h, MT_*).
constexpr unsigned mt_normal = 0;
constexpr unsigned mt_normal_nc = 2;
constexpr unsigned mt_device_ngnrne = 3;
constexpr unsigned mt_device_ngnre = 4;
/// By index; MT_NORMAL_TAGGED is 1.
constexpr std::array<std::uint8_t, 5> mair{0xFF, 0xF0, 0x44, 0x00, 0x04};

/// MemAttr[3:0] of stage 2, as asm/memory.h has it (MT_S2_*, MT_S2_FWB_*).
constexpr unsigned s2_device_ngnrne = 0;
constexpr unsigned s2_device_ngnre = 1;
constexpr unsigned s2_normal_nc = 5;
constexpr unsigned s2_normal = 15;
constexpr unsigned s2_fwb_normal = 6;
constexpr std::uint64_t s2_not_exec = 2ULL << field::s2_xn_shift;

bool executable(const model::Region& region) {
    return (region.attributes & model::execute_rights) != Attr::none;
}

std::uint64_t stage2_type(Attr attributes, DescriptorFormat format) {
    unsigned type = format.fwb ? s2_fwb_normal : s2_normal;
    if (has(attributes, Attr::onc)) type = s2_normal_nc;
    if (has(attributes, Attr::device_ngnre)) type = s2_device_ngnre;
    if (has(attributes, Attr::device_ngnrne)) type = s2_device_ngnrne;
    return std::uint64_t{type} << field::mem_attr_shift;
}

Attr attributes_of_stage2(std::uint64_t word, DescriptorFormat format) {
    const auto type = static_cast<unsigned>(word >> field::mem_attr_shift & 15U);
    if (const auto known = model::translation::memory_type_of_stage2(type, format.fwb)) return *known;
    throw interpreter::Refusal(
        fmt::format("a descriptor 0x{:x} of stage 2 with MemAttr {}, which is reserved", word, type));
}

std::uint64_t attr_index(Attr attributes) {
    if (has(attributes, Attr::device_ngnrne)) return mt_device_ngnrne;
    if (has(attributes, Attr::device_ngnre)) return mt_device_ngnre;
    return has(attributes, Attr::onc) ? mt_normal_nc : mt_normal;
}

}  // namespace

std::uint64_t leaf_word(const model::Region& region, std::uint64_t va, DescriptorFormat format) {
    std::uint64_t word =
        field::valid | field::access_flag | field::shareability | (region.pa + (va - region.va));
    if (region.level == 3) word |= field::not_block;
    if (region.contiguous) word |= field::contiguous;
    if (format.kind == DescriptorFormat::Kind::stage2) {
        word |= stage2_type(region.attributes, format) | field::s2ap_read | s2_not_exec;
        return region.writable ? word | field::s2ap_write : word;
    }
    word |= attr_index(region.attributes) << field::attr_index_shift;
    if (format.kind == DescriptorFormat::Kind::el2) {
        word |= field::ap_el0;  // RES1: EL2 has one privilege level
        if (!region.writable) word |= field::ap_read_only;
        return executable(region) ? word : word | field::uxn;
    }
    word |= region.writable ? field::dirty_modifier | software_dirty : field::ap_read_only;
    if (!region.global) word |= field::not_global | field::ap_el0;
    if (!has(region.attributes, Attr::px)) word |= field::pxn;
    if (!has(region.attributes, Attr::ux)) word |= field::uxn;
    return word;
}

std::uint64_t table_word(std::uint64_t pa) {
    return pa | field::valid | field::not_block;
}

namespace {

Attr attributes_of_index(std::uint64_t word) {
    const auto index = static_cast<std::size_t>(word >> field::attr_index_shift & 7U);
    if (index < mair.size()) return model::translation::memory_type_of_mair(mair[index]).value_or(Attr::none);
    throw interpreter::Refusal(
        fmt::format("a descriptor 0x{:x} with AttrIndx {}, whose memory type is not modelled", word, index));
}

}  // namespace

model::Descriptor leaf_of(std::uint64_t word, int level, const model::Geometry& geometry,
                          DescriptorFormat format) {
    using model::translation::leaf_descriptor, model::translation::TableUse;
    model::Descriptor result;
    switch (format.kind) {
        case DescriptorFormat::Kind::stage2:  // who may read and execute is not judged
            result = leaf_descriptor(word, level, TableUse::stage2, geometry);
            result.attributes = attributes_of_stage2(word, format);
            break;
        case DescriptorFormat::Kind::el2:
            result = leaf_descriptor(word, level, TableUse::el2, geometry);
            result.attributes = result.attributes | attributes_of_index(word);
            break;
        case DescriptorFormat::Kind::el1:
            result = leaf_descriptor(word, level, TableUse::el10, geometry);
            result.attributes = result.attributes | attributes_of_index(word);
            break;
    }
    result.el0 = true;  // AP[1] is not judged
    return result;
}

std::string unmodelled_difference(std::uint64_t a, std::uint64_t b, DescriptorFormat format) {
    struct Named {
        std::uint64_t mask;
        const char* name;
    };
    constexpr std::array of_stage1{Named{field::ap_el0, "AP[1]"}, Named{field::shareability, "SH"},
                                   Named{field::guarded, "GP"}};
    constexpr std::array of_stage2{Named{field::s2ap_read, "S2AP[0]"}, Named{field::shareability, "SH"},
                                   Named{field::access_flag, "AF"}, Named{field::s2_xn, "XN"}};
    const std::span<const Named> named =
        format.kind == DescriptorFormat::Kind::stage2 ? std::span<const Named>(of_stage2) : of_stage1;
    std::string result;
    for (const Named& each : named)
        if (((a ^ b) & each.mask) != 0) result += (result.empty() ? "" : ", ") + std::string(each.name);
    return result;
}

}  // namespace tlbcheck::litmus::kernel::world
