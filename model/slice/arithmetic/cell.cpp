// SPDX-License-Identifier: Apache-2.0
//
// Cells of a schedule: hulls of what its stores and table pages can reach, swept over the judged regions.
#include "model/slice/arithmetic/cell.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "model/program/pe_contexts.hpp"

namespace tlbcheck::model {

namespace {

enum class Fact : std::uint8_t { finest, stored, leaf, contiguous, table };
constexpr int levels = 4;
constexpr int fact_count = 5 * levels;

int slot_of(Fact fact, int level) {
    return static_cast<int>(fact) * levels + level;
}

/// Intervals for which a fact holds; neighbours are merged as they come.
using Intervals = std::array<std::vector<AddressRange>, fact_count>;

class Hulls {
  public:
    Hulls(const ScheduleProgram& program, const Lines& lines, const Geometry& geometry)
        : geometry_(geometry) {
        for (const Region& region : program.regions) add_region(region);
        for (const NewTable& table : program.new_tables) add_table(table);
        for (const Line& line : lines.all) {
            if (line.kind == LineKind::store) add_store(line);
            if (line.kind == LineKind::free_table) add_free(line);
        }
        widen_stores();
        share_finest(program);
    }
    Intervals intervals;

  private:
    void add(Fact fact, int level, const AddressRange& range) {
        std::vector<AddressRange>& list = intervals[static_cast<std::size_t>(slot_of(fact, level))];
        if (!list.empty()) {
            AddressRange& back = list.back();
            if (back.first <= range.first &&
                range.first <= back.last + (back.last != ~std::uint64_t{0} ? 1 : 0)) {
                back.last = std::max(back.last, range.last);
                return;
            }
        }
        list.push_back(range);
    }

    AddressRange table_hull(const AddressRange& range, int level) const {
        const std::uint64_t bytes = geometry_.table_bytes(level);
        if (bytes == 0) return {0, ~std::uint64_t{0}};
        return {geometry_.table_base(range.first, level),
                geometry_.table_base(range.last, level) + (bytes - 1)};
    }

    AddressRange set_hull(const AddressRange& range, int level) const {
        const std::uint64_t bytes = geometry_.contiguous_bytes(level);
        return {geometry_.set_base(range.first, level), geometry_.set_base(range.last, level) + (bytes - 1)};
    }

    void add_leaf(const AddressRange& range, int level, bool contiguous) {
        add(Fact::leaf, level, range);
        if (contiguous && geometry_.contiguous_slots(level))
            add(Fact::contiguous, level, set_hull(range, level));
    }

    void add_region(const Region& region) {
        add_leaf({region.va, region.va + (region.size - 1)}, region.level,
                 region.contiguous && region.mapped);
    }

    void add_table(const NewTable& table) {
        const int level = table.page.level;
        const AddressRange span = table_hull({table.page.va_base, table.page.va_base}, level);
        add(Fact::finest, level, span);
        add(Fact::table, level, span);
        add(Fact::leaf, level, span);
        for (const Region& piece : table.leaves) {
            add_leaf({piece.va, piece.va + (piece.size - 1)}, level, piece.contiguous);
        }
    }

    void add_store(const Line& line) {
        const auto& store = std::get<StoreDescriptor>(line.instruction->operation);
        const AddressRange hull = line.hull();
        add(Fact::finest, line.level, table_hull(hull, line.level));
        add(Fact::stored, line.level, hull);
        // A descriptor that points to a table means that a finer level is in use below it.
        if (store.value.kind == DescriptorKind::table && line.level < 3)
            add(Fact::finest, line.level + 1, hull);
        if (store.value.kind != DescriptorKind::table) add_leaf(hull, line.level, store.value.contiguous);
    }

    // The new owner of a table page writes every descriptor in it.
    void add_free(const Line& line) {
        add(Fact::finest, line.level, line.hull());
        add(Fact::stored, line.level, line.hull());
        add(Fact::leaf, line.level, line.hull());
    }

    // No cell border may cut a contiguous set.
    void widen_stores() {
        for (int level = 0; level < levels; ++level) {
            if (intervals[static_cast<std::size_t>(slot_of(Fact::contiguous, level))].empty()) continue;
            for (AddressRange& range : intervals[static_cast<std::size_t>(slot_of(Fact::stored, level))]) {
                range = set_hull(range, level);
            }
        }
    }

    /// Finer entries of another space are met at addresses inside of a block, where their tags are shared.
    void share_finest(const ScheduleProgram& program) {
        for (int level = 1; level < levels; ++level) {
            std::vector<AddressRange>& finest =
                intervals[static_cast<std::size_t>(slot_of(Fact::finest, level))];
            std::vector<AddressRange> mapped = finest;
            for (const Region& region : program.regions) {
                if (region.level == level)
                    mapped.push_back(table_hull({region.va, region.va + (region.size - 1)}, level));
            }
            for (const AddressRange& range : mapped) {
                const auto of = spaces::of(range.first);
                for (SpaceId s = 0; of && s < program.spaces.size(); ++s) {
                    if (s == *of || !entries_shared(program, *of, s)) continue;
                    finest.push_back({spaces::within(spaces::plain(range.first), s),
                                      spaces::within(spaces::plain(range.last), s)});
                }
            }
        }
    }

    const Geometry& geometry_;
};

struct Border {
    std::uint64_t address;
    int fact;
    int change;
};

std::vector<Border> borders_of(const Intervals& intervals) {
    std::vector<Border> borders;
    for (int fact = 0; fact < fact_count; ++fact) {
        for (const AddressRange& range : intervals[static_cast<std::size_t>(fact)]) {
            borders.push_back({range.first, fact, 1});
            if (range.last != std::numeric_limits<std::uint64_t>::max())
                borders.push_back({range.last + 1, fact, -1});
        }
    }
    std::sort(borders.begin(), borders.end(), [](const Border& a, const Border& b) {
        return std::tie(a.address, a.fact, a.change) < std::tie(b.address, b.fact, b.change);
    });
    return borders;
}

class Sweep {
  public:
    Sweep(const ScheduleProgram& program, const Geometry& geometry, std::vector<Border> borders)
        : program_(program), geometry_(geometry), borders_(std::move(borders)) {}

    void region(std::uint32_t index, std::vector<SliceCell>& cells) {
        const Region& region = program_.regions[index];
        if (region.size == 0) return;
        active_.fill(0);
        const std::uint64_t last = region.va + (region.size - 1);
        std::uint64_t from = region.va;
        for (const Border& border : borders_) {
            if (border.address > last) break;
            if (border.address > from) {
                push(index, {from, border.address - 1}, cells);
                from = border.address;
            }
            active_[static_cast<std::size_t>(border.fact)] += border.change;
        }
        push(index, {from, last}, cells);
    }

  private:
    bool holds(Fact fact, int level) const {
        return active_[static_cast<std::size_t>(slot_of(fact, level))] > 0;
    }

    void push(std::uint32_t index, const AddressRange& range, std::vector<SliceCell>& cells) const {
        SliceCell cell;
        cell.region = index;
        cell.range = range;
        cell.finest = program_.regions[index].level;
        for (int level = cell.finest + 1; level < levels; ++level) {
            if (holds(Fact::finest, level)) cell.finest = level;
        }
        cell.set = holds(Fact::contiguous, cell.finest);
        cell.unit_bytes =
            cell.set ? geometry_.contiguous_bytes(cell.finest) : geometry_.entry_bytes(cell.finest);
        for (int level = 0; level <= cell.finest; ++level) {
            LevelFacts& facts = cell.levels[static_cast<std::size_t>(level)];
            facts.stored = holds(Fact::stored, level);
            if (level < cell.finest) {
                facts.leaf = holds(Fact::leaf, level);
                facts.contiguous = holds(Fact::contiguous, level);
            }
            if (holds(Fact::table, level)) {
                cell.table_bytes = std::max(cell.table_bytes, geometry_.table_bytes(level));
            }
        }
        if (!cells.empty() && same(cells.back(), cell)) {
            cells.back().range.last = range.last;
        } else {
            cells.push_back(cell);
        }
    }

    static bool same(const SliceCell& a, const SliceCell& b) {
        return a.region == b.region && a.range.last + 1 == b.range.first && a.finest == b.finest &&
               a.set == b.set && a.levels == b.levels && a.table_bytes == b.table_bytes;
    }

    const ScheduleProgram& program_;
    const Geometry& geometry_;
    std::vector<Border> borders_;
    std::array<int, fact_count> active_{};
};

}  // namespace

std::vector<SliceCell> cells_of(const ScheduleProgram& program, const Property& property, const Lines& lines,
                                const Geometry& geometry) {
    const Hulls hulls(program, lines, geometry);
    Sweep sweep(program, geometry, borders_of(hulls.intervals));
    std::vector<std::uint32_t> regions;
    for (std::uint32_t i = 0; i < program.regions.size(); ++i) {
        const bool one = about_region(property.kind) && property.region.has_value();
        if (!one || *property.region == i) regions.push_back(i);
    }
    std::sort(regions.begin(), regions.end(), [&](std::uint32_t a, std::uint32_t b) {
        return program.regions[a].va < program.regions[b].va;
    });
    std::vector<SliceCell> cells;
    for (const std::uint32_t index : regions) sweep.region(index, cells);
    return cells;
}

}  // namespace tlbcheck::model
