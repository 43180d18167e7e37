// SPDX-License-Identifier: Apache-2.0
//
// The span of an entry, and its context by the region it is for.
#include "model/program/cached_translation.hpp"

namespace tlbcheck::model {

CachedTranslation entry_at(const Geometry& geometry, std::uint64_t address, int level, bool leaf,
                           EntryReach reach) {
    CachedTranslation entry;
    entry.level = level;
    entry.leaf = leaf;
    switch (reach) {
        case EntryReach::descriptor:
            entry.first = geometry.entry_base(address, level);
            entry.last = entry.first + (geometry.entry_bytes(level) - 1);
            break;
        case EntryReach::contiguous_set:
            entry.first = geometry.set_base(address, level);
            entry.last = entry.first + (geometry.contiguous_bytes(level) - 1);
            break;
        case EntryReach::page:
            entry.first = geometry.entry_base(address, 3);
            entry.last = entry.first + (geometry.entry_bytes(3) - 1);
            break;
    }
    return entry;
}

CachedTranslation cached_translation(const ScheduleProgram& program, const Geometry& geometry,
                                     std::uint64_t va, int level, bool leaf, EntryReach reach,
                                     std::optional<bool> global, std::optional<std::uint16_t> asid) {
    CachedTranslation entry = entry_at(geometry, va, level, leaf, reach);
    const Region* region = region_of(program.regions, va);
    entry.global = global.value_or(region == nullptr || region->global);
    entry.asid = region == nullptr ? std::uint16_t{0} : region->asid;
    if (const auto space = spaces::of(va)) {
        // Of a space the ASID is known: table descriptors carry it, whatever their leaves do.
        entry.asid = program.spaces[*space].upper ? asid : program.spaces[*space].asid;
        entry.regime = program.spaces[*space].regime;
        if (program.spaces[*space].stage2) entry.stage = CachedTranslation::Stage::stage2;
        entry.global = leaf && global.value_or(region != nullptr && region->global);
        entry.first = spaces::plain(entry.first);
        entry.last = spaces::plain(entry.last);
    }
    return entry;
}

}  // namespace tlbcheck::model
