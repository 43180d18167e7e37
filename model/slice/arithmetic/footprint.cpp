// SPDX-License-Identifier: Apache-2.0
//
// Footprints of TLBIs on a unit, by the shapes that cached translations of the unit may have.
#include "model/slice/arithmetic/footprint.hpp"

#include <algorithm>

namespace tlbcheck::model {

namespace {

using Part = std::pair<std::uint64_t, std::uint64_t>;

bool holds(const Part& outer, const Part& inner) {
    return inner.first == inner.second || (outer.first <= inner.first && inner.second <= outer.second);
}

/// Pieces of `size` bytes of `whole` that `range` meets: [first, past).
Part clip(const AddressRange& range, const AddressRange& whole, std::uint64_t size) {
    if (!range.meets(whole)) return {0, 0};
    const std::uint64_t first = std::max(range.first, whole.first) - whole.first;
    const std::uint64_t last = std::min(range.last, whole.last) - whole.first;
    return {first / size, last / size + 1};
}

std::uint8_t bit(int level) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(level));
}

/// Which translations of a level the operation reaches, its address aside.
struct LevelScope {
    bool leaf, table;
};
LevelScope level_scope(const TlbiScope& scope, int level) {
    const bool leaf = !scope.level_hint || *scope.level_hint == level;
    const bool table = !scope.last_level_only && (!scope.level_hint || level < *scope.level_hint);
    return {leaf, table};
}

void add_tables(Footprint& footprint, const AddressRange& range, int level, const Unit& unit,
                const SliceContext& context) {
    if (!context.per_page()) {
        if (range.meets(context.entry(unit, level))) footprint.tables |= bit(level);
        return;
    }
    const std::uint64_t page = context.geometry.entry_bytes(3);
    footprint.unit_pages = clip(range, unit.span(), page);
    bool reached = footprint.unit_pages.second > 0;
    for (int l = context.start_level(); l < unit.cell->finest; ++l) {
        if (!context.set_at(*unit.cell, l)) continue;
        Part& part = footprint.set_pages[static_cast<std::size_t>(l)];
        part = clip(range, context.descriptors(unit, l), page);
        reached = reached || part.second > 0;
    }
    if (reached) footprint.tables |= bit(level);
}

}  // namespace

bool Footprint::covers(const Footprint& other) const {
    if (domain != other.domain || nxs != other.nxs) return false;
    if ((other.global && !global) || (other.own_asid && !own_asid)) return false;
    if ((other.tables & ~tables) != 0 || (other.leaves & ~leaves) != 0 || (other.sets & ~sets) != 0)
        return false;
    if (!holds(unit_leaves, other.unit_leaves) || !holds(unit_pages, other.unit_pages)) return false;
    for (std::size_t i = 0; i < set_pages.size(); ++i) {
        if (!holds(set_pages[i], other.set_pages[i])) return false;
    }
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (other.shapes[i] && !shapes[i]) return false;
    }
    return true;
}

void Footprint::write(std::vector<std::uint64_t>& tokens) const {
    tokens.push_back(static_cast<std::uint64_t>(domain) | (nxs ? 4U : 0U) | (global ? 8U : 0U) |
                     (own_asid ? 16U : 0U) | static_cast<std::uint64_t>(tables) << 8 |
                     static_cast<std::uint64_t>(leaves) << 16 | static_cast<std::uint64_t>(sets) << 24);
    for (const Part& part :
         {unit_leaves, unit_pages, set_pages[0], set_pages[1], set_pages[2], set_pages[3]}) {
        tokens.push_back(part.first);
        tokens.push_back(part.second);
    }
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (i % 64 == 0) tokens.push_back(0);
        if (shapes[i]) tokens.back() |= std::uint64_t{1} << i % 64;
    }
}

int SliceContext::first_stored(const SliceCell& cell) {
    for (int level = 0; level < 4; ++level) {
        if (cell.levels[static_cast<std::size_t>(level)].stored) return level;
    }
    return 4;
}

bool SliceContext::set_at(const SliceCell& cell, int level) const {
    return level == cell.finest ? cell.set : cell.levels[static_cast<std::size_t>(level)].contiguous;
}

std::uint64_t SliceContext::leaves(const Unit& unit) const {
    return (unit.judged.last - unit.judged.first) / geometry.entry_bytes(unit.cell->finest) + 1;
}

AddressRange SliceContext::entry(const Unit& unit, int level) const {
    const std::uint64_t first = geometry.entry_base(unit.base, level);
    return {first, first + (geometry.entry_bytes(level) - 1)};
}

AddressRange SliceContext::descriptors(const Unit& unit, int level) const {
    if (!set_at(*unit.cell, level)) return entry(unit, level);
    const std::uint64_t first = geometry.set_base(unit.base, level);
    return {first, first + (geometry.contiguous_bytes(level) - 1)};
}

std::optional<Footprint> footprint_of(const TlbiInstruction& tlbi, const Unit& unit,
                                      const SliceContext& context) {
    const TlbiScope scope = decode_tlbi(tlbi.op, tlbi.operand, context.geometry);
    if (scope.nothing || !scope.stage1 || scope.regime != Regime::el10) return std::nullopt;
    Footprint footprint;
    footprint.domain = tlbi.op.domain;
    footprint.nxs = tlbi.op.nxs;
    footprint.global = !scope.asid || scope.first.has_value();
    const Region& region = context.program.regions[unit.cell->region];
    footprint.own_asid = !scope.asid || *scope.asid == region.asid;
    if (!footprint.global && !footprint.own_asid) return std::nullopt;
    // A table descriptor's entry is of the ASID it was walked with: unknown, where the region is global.
    const bool tables_of_asid = !scope.asid || (!region.global && footprint.own_asid);
    AddressRange range{0, ~std::uint64_t{0}};
    if (scope.first) range = {*scope.first, *scope.last};
    const SliceCell& cell = *unit.cell;
    for (int level = SliceContext::first_stored(cell); level <= cell.finest; ++level) {
        const LevelScope reach = level_scope(scope, level);
        const LevelFacts& facts = cell.levels[static_cast<std::size_t>(level)];
        if (level < cell.finest && reach.table && tables_of_asid)
            add_tables(footprint, range, level, unit, context);
        if (!reach.leaf) continue;
        if (level == cell.finest) {
            footprint.unit_leaves = clip(range, unit.span(), context.geometry.entry_bytes(level));
        } else if (facts.leaf && range.meets(context.entry(unit, level))) {
            footprint.leaves |= bit(level);
        }
        if (context.set_at(cell, level) && range.meets(context.descriptors(unit, level)))
            footprint.sets |= bit(level);
    }
    const bool any = footprint.tables != 0 || footprint.leaves != 0 || footprint.sets != 0;
    if (!any && footprint.unit_leaves.second == 0) return std::nullopt;
    if (footprint.tables == 0) footprint.unit_pages = {0, 0}, footprint.set_pages = {};
    return footprint;
}

}  // namespace tlbcheck::model
