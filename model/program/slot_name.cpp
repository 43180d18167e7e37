// SPDX-License-Identifier: Apache-2.0
//
// The region or table that a slot belongs to.
#include "model/program/slot_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "model/program/guest.hpp"

namespace tlbcheck::model {

std::string slot_name(const ScheduleProgram& program, const Geometry& geometry, const DescriptorSlot& slot) {
    const std::uint64_t bytes = geometry.entry_bytes(slot.level);
    if (slot.generation == 0) {
        for (const Region& region : program.regions) {
            if (region.level != slot.level || slot.va - region.va >= region.size) continue;
            return fmt::format("{}[{}]", region.name, (slot.va - region.va) / bytes);
        }
    }
    constexpr std::array<std::string_view, 4> kernel_names = {"PGD", "PUD", "PMD", "PTE"};
    const auto level = static_cast<std::size_t>(std::clamp(slot.level, 0, 3));
    const std::uint64_t table = table_of(slot, geometry).va_base;
    std::string name = fmt::format("{}[{}]", kernel_names[level], (slot.va - table) / bytes);
    if (slot.generation != 0) name += fmt::format(" of new table {}", slot.generation);
    const auto space = spaces::of(slot.va);
    if (space && *space < program.spaces.size() && has_guests(program, *space)) name += " of stage 2";
    return name;
}

std::string branch_text(const ScheduleProgram& program, const Geometry& geometry, const Branch& branch) {
    if (branch.flag) {
        const std::string name = *branch.flag < program.flags.size() ? program.flags[*branch.flag]
                                                                     : fmt::format("flag {}", *branch.flag);
        return fmt::format("if ({} {} {})", name, branch.equal ? "==" : "!=", branch.value);
    }
    return fmt::format("if ({} is {})", slot_name(program, geometry, branch.slot),
                       branch.equal ? "invalid" : "valid");
}

}  // namespace tlbcheck::model
