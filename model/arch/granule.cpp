// SPDX-License-Identifier: Apache-2.0
//
// Geometry of translation tables and contiguous sets (Arm ARM D8.2 and D8.7; docs/formal-model.md section 2).
#include "model/arch/granule.hpp"

#include <algorithm>

namespace tlbcheck::model {

namespace {

constexpr int last_level = 3;

int entry_bits(Granule granule, int level) {
    return granule_bits(granule) + (last_level - level) * index_bits(granule);
}

/// The first table of a walk has room for more addresses than there are (48 bits of a half, or of a space).
int table_bits(Granule granule, int level) {
    return std::min(entry_bits(granule, level - 1), 48);
}

std::uint64_t align_down(std::uint64_t value, int bits) {
    return value >> bits << bits;
}

}  // namespace

int granule_bits(Granule granule) {
    switch (granule) {
        case Granule::k16:
            return 14;
        case Granule::k64:
            return 16;
        case Granule::k4:
            break;
    }
    return 12;
}

std::uint64_t granule_bytes(Granule granule) {
    return std::uint64_t{1} << granule_bits(granule);
}

// A table fills one granule with descriptors of 8 bytes.
int index_bits(Granule granule) {
    return granule_bits(granule) - 3;
}

Geometry::Geometry(const HardwareParameters& hardware)
    : granule_(hardware.granule),
      start_level_(4 - lookup_levels(hardware)),
      contiguous_entries_(hardware.contiguous_entries) {}

std::uint64_t Geometry::entry_bytes(int level) const {
    return std::uint64_t{1} << entry_bits(granule_, level);
}

bool Geometry::has_leaf(int level) const {
    const int first =
        granule_ == Granule::k4 ? 1 : 2;  // the 52-bit block sizes (FEAT_LPA2, FEAT_LPA) are not modelled
    return level >= first && level <= last_level;
}

std::optional<int> Geometry::contiguous_slots(int level) const {
    if (!has_leaf(level)) return std::nullopt;
    if (contiguous_entries_) return contiguous_entries_;
    switch (granule_) {
        case Granule::k16:
            return level == last_level ? 128 : 32;
        case Granule::k64:
            return 32;
        case Granule::k4:
            break;
    }
    return 16;
}

std::uint64_t Geometry::contiguous_bytes(int level) const {
    return entry_bytes(level) * static_cast<std::uint64_t>(contiguous_slots(level).value_or(1));
}

std::uint64_t Geometry::entry_base(std::uint64_t va, int level) const {
    return align_down(va, entry_bits(granule_, level));
}

std::uint64_t Geometry::set_base(std::uint64_t va, int level) const {
    return va - va % contiguous_bytes(level);
}

std::uint64_t Geometry::table_base(std::uint64_t va, int level) const {
    return align_down(va, table_bits(granule_, level));
}

std::uint64_t Geometry::table_bytes(int level) const {
    return std::uint64_t{1} << table_bits(granule_, level);
}

}  // namespace tlbcheck::model
