// SPDX-License-Identifier: Apache-2.0
// Schedules put together by hand, for tests of what works on ScheduleProgram: regions, and a thread's
// instructions in the kernel's words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::tests {

/// Builds one program; every method appends. Leaves are counted from 0 in a region.
class ScheduleBuilder {
  public:
    static constexpr std::uint64_t va_base = 0xffff000080000000, pa_base = 0x80000000;

    ScheduleBuilder() : ScheduleBuilder(small_hardware(4, 2)) {}
    explicit ScheduleBuilder(model::HardwareParameters hardware);
    /// 4K granule, levels 2 and 3, contiguous sets of 4.
    static model::HardwareParameters small_hardware(int contiguous_entries = 4, int levels = 2);

    /// A region of `leaves` leaves at the next free range of its own level 2 (or level 1) entry; returns its
    /// index.
    std::uint32_t region(int leaves, bool contiguous, int level = 3);
    model::Region& at(std::uint32_t region) { return program_.regions[region]; }
    /// Adds a thread; later instructions go to it. The builder starts with none: the first instruction makes
    /// "P0".
    ScheduleBuilder& thread();
    std::uint32_t flag(const std::string& name);

    std::uint64_t leaf_va(std::uint32_t region, int leaf) const;
    model::Descriptor leaf_value(std::uint32_t region, int leaf) const;

    ScheduleBuilder& add(model::Operation operation);
    ScheduleBuilder& clear(std::uint32_t region, int leaf);
    ScheduleBuilder& set(std::uint32_t region, int leaf, const model::Descriptor& value);
    /// Clears the table descriptor at `level` over the region's first leaf.
    ScheduleBuilder& clear_table(std::uint32_t region, int level = 2);
    /// Points that table descriptor at the new table page of this generation.
    ScheduleBuilder& set_table(std::uint32_t region, std::uint32_t generation, int level = 2);
    ScheduleBuilder& barrier(model::BarrierKind kind, const char* option);
    ScheduleBuilder& dsb(const char* option = "ish") { return barrier(model::BarrierKind::dsb, option); }
    ScheduleBuilder& dmb(const char* option = "ish") { return barrier(model::BarrierKind::dmb, option); }
    ScheduleBuilder& isb() { return barrier(model::BarrierKind::isb, ""); }
    ScheduleBuilder& tlbi(const char* name, std::uint64_t va = 0, int ttl = 0, std::uint16_t asid = 0);
    ScheduleBuilder& tlbi_raw(const char* name, std::uint64_t operand);
    /// DSB ISHST; one VAALE1IS per leaf of [first, last]; DSB ISH; ISB.
    ScheduleBuilder& flush(std::uint32_t region, int first, int last, const char* name = "vaale1is");
    ScheduleBuilder& free_leaf(std::uint32_t region, int leaf);
    ScheduleBuilder& free_table(std::uint32_t region, int level = 3, std::uint32_t generation = 0);
    ScheduleBuilder& store_flag(std::uint32_t flag, bool release = false, std::uint64_t value = 1);
    ScheduleBuilder& await(std::uint32_t flag, std::uint64_t value = 1);
    ScheduleBuilder& new_table(std::uint32_t region, std::uint32_t generation, bool garbage, int leaves = 0,
                               int level = 3);

    model::Property property(model::PropertyKind kind, std::uint32_t region = 0) const;
    const model::ScheduleProgram& program() const { return program_; }
    model::ScheduleProgram& program() { return program_; }

  private:
    model::ScheduleProgram program_;
    model::Geometry geometry_;
};

}  // namespace tlbcheck::tests
