// SPDX-License-Identifier: Apache-2.0
//
// What a TLBI removes of one unit's translations, relative to the unit: two operations with equal footprints
// mean the same to it, whatever their operands (docs/formal-model.md sections 2 to 4).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "model/slice/arithmetic/cell.hpp"

namespace tlbcheck::model {

/// A unit: `base` is aligned to the cell's unit size; `judged` is the part that lies in the cell.
struct Unit {
    const SliceCell* cell = nullptr;
    std::uint64_t base = 0;
    AddressRange judged;

    AddressRange span() const { return {base, base + (cell->unit_bytes - 1)}; }
};

struct Footprint {
    TlbiDomain domain = TlbiDomain::local;
    bool nxs = false;
    bool global = false, own_asid = false;  ///< removes global entries; those of the unit's ASID
    std::uint8_t tables = 0;                ///< bit L: table descriptors' entries of level L
    std::uint8_t leaves = 0, sets = 0;      ///< bit L: entries of one leaf, of a contiguous set, of level L
    std::pair<std::uint64_t, std::uint64_t> unit_leaves{
        0, 0};  ///< finest leaves covered: [first, past) in the unit
    std::pair<std::uint64_t, std::uint64_t> unit_pages{0,
                                                       0};  ///< granules covered, where walk_cache = per_page
    std::array<std::pair<std::uint64_t, std::uint64_t>, 4>
        set_pages{};  ///< likewise of contiguous sets above
    /// Of schedules with contexts: for each entry that may translate the unit, in an order of the unit's own,
    /// whether it is removed (context_slicer.hpp).
    std::vector<bool> shapes;

    /// True iff this operation removes all that `other` does and is completed by the same barriers.
    bool covers(const Footprint& other) const;
    void write(std::vector<std::uint64_t>& tokens) const;
};

/// How translation tables and TLBs look to units of one property.
struct SliceContext {
    const ScheduleProgram& program;
    const HardwareParameters hardware;
    Geometry geometry;

    int start_level() const { return geometry.start_level(); }
    bool per_page() const { return hardware.walk_cache == WalkCache::per_page; }
    /// Highest level (smallest number) at which the tables of the cell are ever stored to; 4: nowhere. TLBIs
    /// that reach only levels above it do not matter (docs/slicing.md, lemma 3).
    static int first_stored(const SliceCell& cell);
    /// The addresses whose descriptors of `level` may serve the unit: its entry, or its contiguous set.
    AddressRange descriptors(const Unit& unit, int level) const;
    AddressRange entry(const Unit& unit, int level) const;
    bool set_at(const SliceCell& cell, int level) const;
    /// Judged leaves of the unit.
    std::uint64_t leaves(const Unit& unit) const;
};

/// nullopt when nothing of the unit that matters is in scope.
std::optional<Footprint> footprint_of(const TlbiInstruction& tlbi, const Unit& unit,
                                      const SliceContext& context);

}  // namespace tlbcheck::model
