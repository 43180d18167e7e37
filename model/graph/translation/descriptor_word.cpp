// SPDX-License-Identifier: Apache-2.0
//
// Fields of descriptors.
#include "model/graph/translation/descriptor_word.hpp"

#include <array>

namespace tlbcheck::model::translation {

namespace {

constexpr int page_bits = 12;
constexpr int index_width = 9;

std::uint64_t bits(std::uint64_t word, int high, int low) {
    const int width = high - low + 1;
    return (word >> static_cast<unsigned>(low)) & (~std::uint64_t{0} >> static_cast<unsigned>(64 - width));
}

int shift_of_level(int level) {
    return page_bits + index_width * (3 - level);
}

/// Those of before FEAT_XS have XS = 1 where memory is not write-back both ways.
Attr with_xs(Attr type) {
    return type == Attr::none ? type : type | Attr::xs;
}

/// Cacheability of one half of MAIR or MemAttr.
enum class Cacheability : std::uint8_t { none, write_through, write_back };
Attr normal_memory(Cacheability outer, Cacheability inner) {
    Attr type = Attr::none;
    if (outer == Cacheability::none) type = type | Attr::onc;
    if (outer == Cacheability::write_through) type = type | Attr::owt;
    if (inner == Cacheability::none) type = type | Attr::inc;
    if (inner == Cacheability::write_through) type = type | Attr::iwt;
    return with_xs(type);
}
/// A nibble of MAIR other than 0.
Cacheability cacheability_of_mair(unsigned nibble) {
    if (nibble == 4) return Cacheability::none;
    return (nibble & 4U) != 0 ? Cacheability::write_back : Cacheability::write_through;
}

constexpr std::array device_types{Attr::device_ngnrne, Attr::device_ngnre, Attr::device_ngre,
                                  Attr::device_gre};

}  // namespace

DescriptorKind kind_of(std::uint64_t word, int level) {
    if ((word & field::valid) == 0) return DescriptorKind::invalid;
    const bool low = (word & field::not_block) != 0;
    if (level == 3) return low ? DescriptorKind::leaf : DescriptorKind::invalid;
    return low ? DescriptorKind::table : DescriptorKind::leaf;
}

std::uint64_t address_of(std::uint64_t word, int level, const Geometry& geometry) {
    const bool table = kind_of(word, level) == DescriptorKind::table;
    const std::uint64_t unit = table ? granule_bytes(geometry.granule()) : geometry.entry_bytes(level);
    return word & field::address & ~(unit - 1);
}

Descriptor leaf_descriptor(std::uint64_t word, int level, TableUse use, const Geometry& geometry) {
    Descriptor leaf;
    leaf.kind = DescriptorKind::leaf;
    leaf.oa = address_of(word, level, geometry);
    leaf.af = (word & field::access_flag) != 0;
    leaf.contiguous = (word & field::contiguous) != 0;
    leaf.nt = level != 3 && (word & field::n_t) != 0;
    bool px = false, ux = false;
    switch (use) {
        case TableUse::stage2: {
            leaf.el0 = (word & field::s2ap_read) != 0;
            leaf.db = (word & field::s2ap_write) != 0;
            const std::uint64_t xn = (word & field::s2_xn) >> field::s2_xn_shift;
            px = xn == 0 || xn == 3;  // 0: EL1 and EL0 execute, 1: EL0, 2: neither, 3: EL1
            ux = xn == 0 || xn == 1;
            break;
        }
        case TableUse::el2:
            leaf.db = (word & field::ap_read_only) == 0;
            leaf.not_global = true;
            ux = (word & field::uxn) == 0;
            break;
        case TableUse::el10:
            leaf.el0 = (word & field::ap_el0) != 0;
            leaf.db = (word & field::ap_read_only) == 0;
            leaf.not_global = (word & field::not_global) != 0;
            px = (word & field::pxn) == 0;
            ux = (word & field::uxn) == 0;
            break;
    }
    if (px) leaf.attributes = leaf.attributes | Attr::px;
    if (ux) leaf.attributes = leaf.attributes | Attr::ux;
    return leaf;
}

std::optional<Attr> memory_type_of_mair(std::uint8_t attribute) {
    const unsigned outer = attribute >> 4U, inner = attribute & 15U;
    if (outer == 0) {
        if ((inner & 2U) != 0) return std::nullopt;
        const Attr type = device_types[inner >> 2U];
        return (inner & 1U) != 0 ? type : type | Attr::xs;  // 0b0000dd01 has XS = 0
    }
    if (inner != 0) return normal_memory(cacheability_of_mair(outer), cacheability_of_mair(inner));
    if (attribute == 0xF0) return Attr::none;             // tagged, write-back
    if (attribute == 0x40) return Attr::onc | Attr::inc;  // with XS = 0
    if (attribute == 0xA0) return Attr::owt | Attr::iwt;  // with XS = 0
    return std::nullopt;
}

std::optional<Attr> memory_type_of_stage2(unsigned mem_attr, bool fwb) {
    const unsigned outer = mem_attr >> 2U, inner = mem_attr & 3U;
    if (outer == 0) return device_types[inner] | Attr::xs;
    if (fwb) {
        if (mem_attr == 5) return normal_memory(Cacheability::none, Cacheability::none);
        // Write-back whatever stage 1 says, and as stage 1 says.
        return mem_attr == 6 || mem_attr == 7 ? std::optional(Attr::none) : std::nullopt;
    }
    if (inner == 0) return std::nullopt;
    return normal_memory(static_cast<Cacheability>(outer - 1), static_cast<Cacheability>(inner - 1));
}

Attr shareability_of(std::uint64_t word) {
    switch ((word & field::shareability) >> field::shareability_shift) {
        case 0:
            return Attr::nsh;
        case 2:
            return Attr::osh;
        default:
            return Attr::none;
    }
}

DescriptorWord decode_descriptor(std::uint64_t word, int stage, int level) {
    DescriptorWord d;
    d.kind = kind_of(word, level);
    if (d.kind == DescriptorKind::leaf && level == 0) d.kind = DescriptorKind::invalid;
    if (d.kind == DescriptorKind::invalid) return d;
    const int low = d.kind == DescriptorKind::table ? page_bits : shift_of_level(level);
    d.address = bits(word, 47, low) << static_cast<unsigned>(low);
    if (d.kind == DescriptorKind::table) return d;
    d.accessed = bits(word, 10, 10) != 0;
    d.contiguous = bits(word, 52, 52) != 0;
    d.shareability = static_cast<unsigned>(bits(word, 9, 8));
    if (stage == 1) {
        d.not_global = bits(word, 11, 11) != 0;
        d.user = bits(word, 6, 6) != 0;
        d.writable = bits(word, 7, 7) == 0;
        d.attributes = static_cast<unsigned>(bits(word, 4, 2));
    } else {
        d.readable = bits(word, 6, 6) != 0;
        d.writable = bits(word, 7, 7) != 0;
        d.attributes = static_cast<unsigned>(bits(word, 5, 2));
    }
    return d;
}

std::uint64_t span_of_level(int level) {
    return std::uint64_t{1} << static_cast<unsigned>(shift_of_level(level));
}

std::uint64_t descriptor_address(std::uint64_t table, std::uint64_t input, int level) {
    const int low = shift_of_level(level);
    return table + bits(input, low + index_width - 1, low) * 8;
}

}  // namespace tlbcheck::model::translation
