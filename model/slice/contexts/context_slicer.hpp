// SPDX-License-Identifier: Apache-2.0
//
// Slices of schedules with address spaces, VMs or context changes (docs/slicing.md, "Slices with contexts"):
// of one unit, what concerns its addresses in any space. Instructions are looked at one by one, so that the
// cost grows with instructions times units.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/program/judged_schedule.hpp"
#include "model/slice/units/reduced_code.hpp"
#include "model/slice/units/unit_slicer.hpp"

namespace tlbcheck::model {

class ContextSlicer {
  public:
    explicit ContextSlicer(const SliceContext& context);

    UnitSlice slice(const Unit& unit) const;
    JudgedSchedule schedule(const UnitSlice& slice) const;
    std::vector<std::uint64_t> canonical(const UnitSlice& slice) const;

    /// Calls `visit(slot)` for each slot, of every space, table page and level, that may serve the unit.
    template <class Visit>
    void for_each_slot(const Unit& unit, const Visit& visit) const;
    /// Plain addresses of the slots that may serve the unit at a level.
    AddressRange slots(const Unit& unit, int level) const;
    /// Bytes of memory that a leaf in the slot, of whatever space, maps addresses of the unit to.
    std::vector<AddressRange> mapped(const Descriptor& leaf, const DescriptorSlot& slot,
                                     const Unit& unit) const;

  private:
    using Entries = std::vector<CachedTranslation>;
    bool set_at(int level) const;
    struct OfUnit;  ///< what is asked of instructions for one unit

    bool touches(const Operation& operation, const OfUnit& of) const;
    Footprint footprint(const TlbiInstruction& tlbi, const Entries& entries) const;
    void add_entries(Entries& entries, std::uint64_t va, int from_level) const;
    Entries entries(const Unit& unit, int from_level) const;
    OfUnit look_at(const Unit& unit) const;
    bool flushes(std::size_t thread, const OfUnit& of) const;
    bool is_alone(std::size_t thread, const OfUnit& of) const;
    std::vector<KeptInstruction> reduced(std::size_t thread, const OfUnit& of, bool alone) const;

    const SliceContext& context_;
    std::array<bool, 4> sets_{};  ///< by level: some value is Contiguous
    bool plain_ = false;          ///< what a PE is in never changes, and no two spaces share entries
};

/// Why a schedule with contexts cannot be sliced so, beside what speaks against slicing at all; empty: it
/// can.
std::string why_contexts_whole(const ScheduleProgram& program, const HardwareParameters& hardware);

template <class Visit>
void ContextSlicer::for_each_slot(const Unit& unit, const Visit& visit) const {
    const ScheduleProgram& program = context_.program;
    const Geometry& geometry = context_.geometry;
    const bool spaced = spaces::of(unit.base).has_value();
    for (SpaceId s = 0; s < (spaced ? program.spaces.size() : 1); ++s) {
        const auto in_space = [&](std::uint64_t plain) { return spaced ? spaces::within(plain, s) : plain; };
        for (int level = context_.start_level(); level <= 3; ++level) {
            const AddressRange range = slots(unit, level);
            const std::uint64_t table = geometry.table_base(in_space(range.first), level);
            std::vector<std::uint32_t> generations{0};
            for (const NewTable& made : program.new_tables) {
                if (made.page.level == level && made.page.va_base == table)
                    generations.push_back(made.page.generation);
            }
            for (const std::uint32_t generation : generations) {
                for (std::uint64_t at = range.first; range.meets({at, at});
                     at += geometry.entry_bytes(level)) {
                    visit(DescriptorSlot{in_space(at), level, generation});
                    if (at + geometry.entry_bytes(level) < at) break;
                }
            }
        }
    }
}

}  // namespace tlbcheck::model
