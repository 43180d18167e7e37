// SPDX-License-Identifier: Apache-2.0
//
// What an entry of a TLB or a walk cache spans, as a TLBI's scope is compared with it (docs/formal-model.md,
// "Entry span" and section 3). The machine (model/machine/) has a reading of its own.
#pragma once

#include <cstdint>
#include <optional>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

enum class EntryReach : std::uint8_t {
    descriptor,      ///< what one descriptor of its level maps or covers
    contiguous_set,  ///< the whole set, of a coalesced entry
    page,            ///< the page that the walk was for (walk_cache = per_page)
};

/// Span and level of the entry that is filled from a descriptor of the level, for `address` (VA, or IPA).
CachedTranslation entry_at(const Geometry& geometry, std::uint64_t address, int level, bool leaf,
                           EntryReach reach);

/// The entry that a walk for `va` fills from a descriptor of the level. `global`: as the leaf has it;
/// nullopt: as the region of `va` has it, and outside of all regions global. `asid`: that of the PE, for a
/// space of the upper half, which has none; nullopt: it may be any.
CachedTranslation cached_translation(const ScheduleProgram& program, const Geometry& geometry,
                                     std::uint64_t va, int level, bool leaf, EntryReach reach,
                                     std::optional<bool> global = std::nullopt,
                                     std::optional<std::uint16_t> asid = std::nullopt);

}  // namespace tlbcheck::model
