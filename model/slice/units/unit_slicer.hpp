// SPDX-License-Identifier: Apache-2.0
//
// The slice of one unit: the instructions that matter to it, in program order, and the slice's canonical form
// (docs/formal-model.md section 8; docs/slicing.md).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/program/judged_schedule.hpp"
#include "model/slice/units/reduced_code.hpp"
#include "model/slice/units/tlbi_index.hpp"

namespace tlbcheck::model {

struct UnitSlice {
    Unit unit;
    std::vector<std::vector<KeptInstruction>> threads;
};

/// What the slice keeps, to be judged at the first addresses of the unit's leaves, and inside of a block of
/// memory that is freed.
JudgedSchedule judged_schedule(const SliceContext& context, const UnitSlice& slice);

class UnitSlicer {
  public:
    UnitSlicer(const SliceContext& context, const Lines& lines);

    UnitSlice slice(const Unit& unit) const;
    JudgedSchedule schedule(const UnitSlice& slice) const;
    std::vector<std::uint64_t> canonical(const UnitSlice& slice) const;

    /// Physical bytes that a descriptor in `slot` maps addresses of the unit to; nullopt where it serves
    /// none.
    static std::optional<AddressRange> mapped(const Descriptor& leaf, const DescriptorSlot& slot,
                                              const Unit& unit, const SliceContext& context);
    /// Calls `visit(slot, value, garbage)` for each slot that may serve the unit, of every generation.
    template <class Visit>
    void initial_values(const Unit& unit, const Visit& visit) const;
    /// Number of the generation among those that exist for the unit at a level; 0 is the initial one.
    std::uint64_t generation_rank(const Unit& unit, int level, std::uint64_t generation) const;

  private:
    /// Iterations of one line that touch a unit; or lines of a list, numbered, that touch it through an entry
    /// wider than `inner`.
    struct Stretch {
        const Line* line;  ///< of a list: the first
        Iterations iterations;
        bool constant;  ///< a TLBI whose footprint is the same in all of them
        const AlikeLines* list = nullptr;
        AddressRange inner = {1, 0};  ///< lines of the list that meet it belong to other stretches

        const Line& at(std::uint64_t i) const { return list == nullptr ? *line : *(*list)[i]; }
        std::uint64_t iteration(std::uint64_t i) const { return list == nullptr ? i : 0; }
        CodePlace place(std::uint64_t i) const { return place_of(at(i), iteration(i)); }
        /// The first from `i` on that is not before iteration `to.iteration` of run `to.run`.
        std::uint64_t skip(std::uint64_t i, const CodePlace& to) const;
    };
    using Stretches = std::vector<Stretch>;
    class Thread;

    void add_stores(const Unit& unit, Stretches& stretches) const;
    void add_tlbis(const Unit& unit, Stretches& stretches) const;
    void add_tlbi(const Line& line, const Unit& unit, Stretches& stretches) const;
    void add_far_tlbis(const Unit& unit, const std::vector<AddressRange>& spans, bool last_level,
                       Stretches& stretches) const;
    void add_frees(const Unit& unit, const Stretches& stores, Stretches& stretches) const;
    void add_others(const Unit& unit, Stretches& stretches) const;
    std::vector<AddressRange> spans(const Unit& unit, bool last_level) const;
    std::vector<AddressRange> memory_of(const Unit& unit, const Stretches& stores) const;

    const SliceContext& context_;
    const Lines& lines_;
    TlbiIndex tlbis_;
    std::vector<BarrierIndex> barriers_;  ///< by thread
};

template <class Visit>
void UnitSlicer::initial_values(const Unit& unit, const Visit& visit) const {
    const Geometry& geometry = context_.geometry;
    const std::vector<NewTable>& tables = context_.program.new_tables;
    for (int level = context_.start_level(); level <= unit.cell->finest; ++level) {
        const AddressRange range = context_.descriptors(unit, level);
        const auto visit_slots = [&](std::uint32_t generation, bool garbage) {
            const std::uint64_t bytes = geometry.entry_bytes(level);
            for (std::uint64_t offset = 0; offset <= range.last - range.first; offset += bytes) {
                const DescriptorSlot slot{range.first + offset, level, generation};
                visit(slot, initial_descriptor(context_.program, slot), garbage);
            }
        };
        visit_slots(0, false);
        const std::uint64_t base = geometry.table_base(unit.base, level);
        auto table = std::lower_bound(tables.begin(), tables.end(), TablePage{level, base, 0},
                                      [](const NewTable& t, const TablePage& page) { return t.page < page; });
        for (; table != tables.end() && table->page.level == level && table->page.va_base == base; ++table) {
            visit_slots(table->page.generation, table->garbage);
        }
    }
}

}  // namespace tlbcheck::model
