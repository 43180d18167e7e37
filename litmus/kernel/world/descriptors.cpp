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

constexpr std::uint64_t bit(unsigned number) {
    return std::uint64_t{1} << number;
}
constexpr std::uint64_t valid = bit(0);
constexpr std::uint64_t not_block = bit(1);  ///< a table, or a page at level 3
constexpr unsigned attr_index_shift = 2;
constexpr std::uint64_t attr_index_mask = 7U << attr_index_shift;
constexpr std::uint64_t ap_el0 = bit(6);
constexpr std::uint64_t ap_read_only = bit(7);
constexpr std::uint64_t shareability = 3U << 8U;
constexpr std::uint64_t access_flag = bit(10);
constexpr std::uint64_t not_global = bit(11);
constexpr std::uint64_t n_t = bit(16);
constexpr std::uint64_t guarded = bit(50);
constexpr std::uint64_t dirty_modifier = bit(51);  ///< DBM, Linux's PTE_WRITE
constexpr std::uint64_t contiguous = bit(52);
constexpr std::uint64_t pxn = bit(53);
constexpr std::uint64_t uxn = bit(54);
constexpr std::uint64_t software_dirty = bit(55);
constexpr std::uint64_t address_bits = (bit(48) - 1) & ~(bit(12) - 1);

/// Linux's indexes into MAIR_EL1 (asm/memory.h, MT_*).
constexpr unsigned mt_normal = 0;
constexpr unsigned mt_normal_tagged = 1;
constexpr unsigned mt_normal_nc = 2;
constexpr unsigned mt_device_ngnrne = 3;
constexpr unsigned mt_device_ngnre = 4;

/// MemAttr[3:0] of stage 2, as asm/memory.h has it (MT_S2_*, MT_S2_FWB_*), in the descriptor's bits.
constexpr unsigned s2_device_ngnrne = 0;
constexpr unsigned s2_device_ngnre = 1;
constexpr unsigned s2_normal_nc = 5;
constexpr unsigned s2_normal = 15;
constexpr unsigned s2_fwb_normal = 6;
constexpr unsigned s2_fwb_as_stage1 = 7;
constexpr std::uint64_t s2_memory_mask = 15U << 2U;
constexpr std::uint64_t stage2_read = bit(6);
constexpr std::uint64_t stage2_write = bit(7);
constexpr std::uint64_t stage2_not_exec = 2ULL << 53U;
constexpr std::uint64_t stage2_exec_bits = 3ULL << 53U;

bool executable(const model::Region& region) {
    return (region.attributes & model::execute_rights) != Attr::none;
}

std::uint64_t stage2_type(Attr attributes, DescriptorFormat format) {
    unsigned type = format.fwb ? s2_fwb_normal : s2_normal;
    if (has(attributes, Attr::onc)) type = s2_normal_nc;
    if (has(attributes, Attr::device_ngnre)) type = s2_device_ngnre;
    if (has(attributes, Attr::device_ngnrne)) type = s2_device_ngnrne;
    return std::uint64_t{type} << attr_index_shift;
}

Attr attributes_of_stage2(std::uint64_t word, DescriptorFormat format) {
    const auto type = static_cast<unsigned>((word & s2_memory_mask) >> attr_index_shift);
    if (type == s2_device_ngnrne) return Attr::device_ngnrne | Attr::xs;
    if (type == s2_device_ngnre) return Attr::device_ngnre | Attr::xs;
    if (type == s2_normal_nc) return Attr::onc | Attr::inc | Attr::xs;
    if (!format.fwb && type == s2_normal) return Attr::none;
    if (format.fwb && (type == s2_fwb_normal || type == s2_fwb_as_stage1)) return Attr::none;
    throw interpreter::Refusal(fmt::format(
        "a descriptor 0x{:x} of stage 2 with MemAttr {}, whose memory type is not modelled", word, type));
}

std::uint64_t attr_index(Attr attributes) {
    if (has(attributes, Attr::device_ngnrne)) return mt_device_ngnrne;
    if (has(attributes, Attr::device_ngnre)) return mt_device_ngnre;
    return has(attributes, Attr::onc) ? mt_normal_nc : mt_normal;
}

}  // namespace

std::uint64_t leaf_word(const model::Region& region, std::uint64_t va, DescriptorFormat format) {
    std::uint64_t word = valid | access_flag | shareability | (region.pa + (va - region.va));
    if (region.level == 3) word |= not_block;
    if (region.contiguous) word |= contiguous;
    if (format.kind == DescriptorFormat::Kind::stage2) {
        word |= stage2_type(region.attributes, format) | stage2_read | stage2_not_exec;
        return region.writable ? word | stage2_write : word;
    }
    word |= attr_index(region.attributes) << attr_index_shift;
    if (format.kind == DescriptorFormat::Kind::el2) {
        word |= ap_el0;  // RES1: EL2 has one privilege level
        if (!region.writable) word |= ap_read_only;
        return executable(region) ? word : word | uxn;
    }
    word |= region.writable ? dirty_modifier | software_dirty : ap_read_only;
    if (!region.global) word |= not_global | ap_el0;
    if (!has(region.attributes, Attr::px)) word |= pxn;
    if (!has(region.attributes, Attr::ux)) word |= uxn;
    return word;
}

std::uint64_t table_word(std::uint64_t pa) {
    return pa | valid | not_block;
}

model::DescriptorKind kind_of(std::uint64_t word, int level) {
    if ((word & valid) == 0) return model::DescriptorKind::invalid;
    if (level == 3)
        return (word & not_block) != 0 ? model::DescriptorKind::leaf : model::DescriptorKind::invalid;
    return (word & not_block) != 0 ? model::DescriptorKind::table : model::DescriptorKind::leaf;
}

std::uint64_t address_of(std::uint64_t word, int level, const model::Geometry& geometry) {
    const bool table = kind_of(word, level) == model::DescriptorKind::table;
    const std::uint64_t unit = table ? model::granule_bytes(geometry.granule()) : geometry.entry_bytes(level);
    return word & address_bits & ~(unit - 1);
}

namespace {

Attr attributes_of_index(std::uint64_t word) {
    switch ((word & attr_index_mask) >> attr_index_shift) {
        case mt_normal:
        case mt_normal_tagged:
            return Attr::none;
        case mt_normal_nc:
            return Attr::onc | Attr::inc | Attr::xs;
        case mt_device_ngnrne:
            return Attr::device_ngnrne | Attr::xs;
        case mt_device_ngnre:
            return Attr::device_ngnre | Attr::xs;
        default:
            throw interpreter::Refusal(
                fmt::format("a descriptor 0x{:x} with AttrIndx {}, whose memory type is not modelled", word,
                            (word & attr_index_mask) >> attr_index_shift));
    }
}

}  // namespace

model::Descriptor leaf_of(std::uint64_t word, int level, const model::Geometry& geometry,
                          DescriptorFormat format) {
    model::Descriptor result;
    result.kind = model::DescriptorKind::leaf;
    result.oa = address_of(word, level, geometry);
    result.af = (word & access_flag) != 0;
    result.db = (word & ap_read_only) == 0;
    result.contiguous = (word & contiguous) != 0;
    result.nt = level != 3 && (word & n_t) != 0;
    switch (format.kind) {
        case DescriptorFormat::Kind::stage2:  // no nG bit; execute rights are not judged
            result.db = (word & stage2_write) != 0;
            result.attributes = attributes_of_stage2(word, format);
            break;
        case DescriptorFormat::Kind::el2:  // no nG bit, no ASIDs: the model has its leaves as not global
            result.not_global = true;
            result.attributes = attributes_of_index(word);
            if ((word & uxn) == 0) result.attributes = result.attributes | model::execute_right(false);
            break;
        case DescriptorFormat::Kind::el1:
            result.not_global = (word & not_global) != 0;
            result.attributes = attributes_of_index(word);
            if ((word & pxn) == 0) result.attributes = result.attributes | Attr::px;
            if ((word & uxn) == 0) result.attributes = result.attributes | Attr::ux;
            break;
    }
    return result;
}

std::string unmodelled_difference(std::uint64_t a, std::uint64_t b, DescriptorFormat format) {
    struct Named {
        std::uint64_t mask;
        const char* name;
    };
    constexpr std::array of_stage1{Named{ap_el0, "AP[1]"}, Named{shareability, "SH"}, Named{guarded, "GP"}};
    constexpr std::array of_stage2{Named{stage2_read, "S2AP[0]"}, Named{shareability, "SH"},
                                   Named{access_flag, "AF"}, Named{stage2_exec_bits, "XN"}};
    const std::span<const Named> named =
        format.kind == DescriptorFormat::Kind::stage2 ? std::span<const Named>(of_stage2) : of_stage1;
    std::string result;
    for (const Named& each : named)
        if (((a ^ b) & each.mask) != 0) result += (result.empty() ? "" : ", ") + std::string(each.name);
    return result;
}

}  // namespace tlbcheck::litmus::kernel::world
