// SPDX-License-Identifier: Apache-2.0
//
// The translation tables as one thread has left them, followed statically while its schedule is expanded:
// which table page (generation) holds the slot for an address, and what was last mapped there. clear()
// changes neither, so that a cleared leaf can still be freed or set again, and a detached table still be
// named.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "litmus/sched/interval_map.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::sched {

/// What a leaf descriptor maps; `pa` is that of the address asked about.
struct Leaf {
    std::uint64_t pa = 0;
    bool writable = true;
    bool contiguous = false;
    bool nt = false;
    bool global = true;
    std::uint16_t asid = 0;
    model::Attr attributes = model::Attr::none;
    std::optional<std::uint64_t> contents;  ///< as in model::Descriptor

    bool accessed = true;  ///< AF
    bool dbm = false;

    friend bool operator==(const Leaf&, const Leaf&) = default;
};

/// A slot's last valid value: a leaf, or a table of the given generation.
struct TableEntry {
    std::optional<std::uint32_t> table;
    Leaf leaf;

    TableEntry advanced(std::uint64_t bytes) const {
        TableEntry result = *this;
        if (!table) result.leaf.pa += bytes;
        return result;
    }
    friend bool operator==(const TableEntry&, const TableEntry&) = default;
};

/// The end of a walk: the deepest slot known for an address. All addresses first .. last have their slot in
/// pages of this level and generation, and hold the same leaf (growing PA), or nothing.
struct WalkEnd {
    int level = 0;
    std::uint32_t generation = 0;
    std::uint64_t first = 0, last = 0;
    std::optional<Leaf> leaf;  ///< of the address asked about; nullopt: never mapped
};

class TableState {
  public:
    TableState(const model::Geometry& geometry, std::vector<model::Region> regions);

    /// Walks for `va`. A slot of a new table that was never written counts as the region's declared leaf.
    WalkEnd walk(std::uint64_t va) const;
    /// Generation of the table page at `level` on the walk for `va`; nullopt when the walk ends above.
    /// `first`/`last`: as in WalkEnd.
    std::optional<WalkEnd> page_at(std::uint64_t va, int level) const;
    /// The region that holds `va`; nullptr when none does.
    const model::Region* region_of(std::uint64_t va) const;

    using Key = std::pair<int, std::uint32_t>;  ///< level and generation
    void assign(Key key, std::uint64_t first, std::uint64_t last, const TableEntry& entry);

    /// Records what assign() replaces, to be taken back or repeated.
    struct Change {
        Key key;
        std::uint64_t first, last;
        std::vector<IntervalMap<TableEntry>::Segment> before;
    };
    /// The same is mapped everywhere.
    friend bool operator==(const TableState& a, const TableState& b) { return a.tables_ == b.tables_; }

    void start_log();
    void roll_back();
    /// Ends the log, and repeats the changes of the first window (its `stride` bytes) for windows 1 ..
    /// count-1 above it. False when that would take more than a bounded number of segments; nothing is
    /// repeated then.
    bool repeat(std::uint64_t window_first, std::uint64_t stride, std::uint64_t count);

  private:
    Leaf declared_leaf(const model::Region& region, std::uint64_t va) const;

    model::Geometry geometry_;
    std::vector<model::Region> regions_;
    std::map<Key, IntervalMap<TableEntry>> tables_;
    bool logging_ = false;
    std::vector<Change> log_;
};

}  // namespace tlbcheck::litmus::sched
