// SPDX-License-Identifier: Apache-2.0
//
// The instructions of a compact schedule as arithmetic progressions of address ranges, so that what touches a
// unit is found by division instead of by visiting every iteration.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// Addresses, both ends inclusive.
struct AddressRange {
    std::uint64_t first = 0, last = 0;
    bool meets(const AddressRange& other) const { return first <= other.last && other.first <= last; }
    bool holds(const AddressRange& other) const { return first <= other.first && other.last <= last; }
    friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

/// Iterations, both ends inclusive.
struct Iterations {
    std::uint64_t first = 0, last = 0;
};

enum class LineKind : std::uint8_t { store, tlbi, access, free_pages, free_table, flag };

/// One instruction of a run's body: iteration i touches `length` bytes from `first + i * step`: VAs, or PAs
/// for free_pages.
struct Line {
    LineKind kind = LineKind::store;
    std::uint32_t thread = 0, run = 0, position = 0;
    std::uint64_t count = 1;
    std::uint64_t first = 0;
    std::int64_t step = 0;  ///< 0 where count is 1
    std::uint64_t length = 1;
    bool everywhere = false;  ///< a TLBI without address, a flag
    bool last_level = false;  ///< TLBI in scope of no table descriptor
    /// Not 0: what the line really touches is less, and depends on the alignment of its address to this many
    /// bytes.
    std::uint64_t alignment = 0;
    int level = 3;  ///< of a store's slot or a freed table
    const Instruction* instruction = nullptr;

    bool strided() const { return step != 0; }
    /// Writes descriptors: a store, or the new owner of a freed table page.
    bool writes_descriptors() const { return kind == LineKind::store || kind == LineKind::free_table; }
    AddressRange hull() const;
    AddressRange at(std::uint64_t iteration) const;
    /// The iterations that touch a byte of `range`; they are adjacent where |step| <= length or else the hull
    /// of those that do.
    std::optional<Iterations> touching(const AddressRange& range) const;
};

/// Finds the ranges that meet a given one: an implicit interval tree.
class RangeIndex {
  public:
    void add(const AddressRange& range, std::uint32_t id) { nodes_.push_back({range, range.last, id}); }
    void build();
    /// Appends the ids of all that meet `range`.
    void find(const AddressRange& range, std::vector<std::uint32_t>& ids) const;
    bool empty() const { return nodes_.empty(); }

  private:
    struct Node {
        AddressRange range;
        std::uint64_t greatest_last = 0;  ///< in the subtree
        std::uint32_t id = 0;
    };
    std::uint64_t build(std::size_t from, std::size_t to);
    void find(std::size_t from, std::size_t to, const AddressRange& range,
              std::vector<std::uint32_t>& ids) const;
    std::vector<Node> nodes_;
};

/// Every line of a program that can matter to some unit, by kind and address.
struct Lines {
    std::vector<Line> all;
    std::array<RangeIndex, 4> stores;  ///< by level, hull of the entries they write
    RangeIndex tlbis, leaf_tlbis;      ///< all-level and last-level operations
    RangeIndex accesses, free_pages, free_tables;
    std::vector<std::uint32_t> everywhere;  ///< ids of lines that have no address
    std::string
        irregular;  ///< set when some instruction does not advance evenly (wraps around, changes fields)
};
/// Which TLBIs are lines: those on stage 1 of EL1&0, or of whatever regime and stage.
enum class LineTlbis : std::uint8_t { stage1_el10, all };
Lines lines_of(const ScheduleProgram& program, const Geometry& geometry,
               LineTlbis tlbis = LineTlbis::stage1_el10);

}  // namespace tlbcheck::model
