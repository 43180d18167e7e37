// SPDX-License-Identifier: Apache-2.0
//
// Geometry of the translation tables and of contiguous sets (Arm ARM D8.2 and D8.7; docs/formal-model.md
// section 2, table).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/arch/params.hpp"

namespace tlbcheck::model {

/// log2 of the granule in bytes: 12, 14 or 16.
int granule_bits(Granule granule);
/// Bytes in one granule (one page, one translation table).
std::uint64_t granule_bytes(Granule granule);
/// VA bits resolved by one full table: 9, 11 or 13.
int index_bits(Granule granule);
/// "4K", "16K" or "64K".
std::string_view granule_name(Granule granule);

/// What follows from a hardware configuration for table walks; lookup levels are 0..3, 3 the last.
class Geometry {
  public:
    explicit Geometry(const HardwareParameters& hardware);

    Granule granule() const { return granule_; }
    /// First lookup level of a walk: 4 - levels.
    int start_level() const { return start_level_; }
    /// Bytes that one descriptor at `level` (0..3) maps or covers.
    std::uint64_t entry_bytes(int level) const;
    /// True iff a block (1, 2) or page (3) descriptor exists at `level` for this granule.
    bool has_leaf(int level) const;
    /// Number of slots of a contiguous set at `level`; nullopt where the level has none.
    std::optional<int> contiguous_slots(int level) const;
    /// Bytes of one contiguous set at `level`; the level must have sets.
    std::uint64_t contiguous_bytes(int level) const;
    /// Start of the entry (contiguous set) at `level` that holds `va`.
    std::uint64_t entry_base(std::uint64_t va, int level) const;
    std::uint64_t set_base(std::uint64_t va, int level) const;
    /// Start of the range that the table page at `level` holding the descriptor of `va` covers.
    std::uint64_t table_base(std::uint64_t va, int level) const;
    /// Bytes one table page at `level` covers: at most those of 48-bit addresses.
    std::uint64_t table_bytes(int level) const;

  private:
    Granule granule_;
    int start_level_;
    std::optional<int> contiguous_entries_;
};

}  // namespace tlbcheck::model
