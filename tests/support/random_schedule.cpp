// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_schedule.hpp"

#include <fmt/format.h>

#include "tests/support/schedule_generator.hpp"

namespace tlbcheck::tests {

using namespace model;

namespace {

std::string operation_text(const Operation& operation) {
    if (const auto* store = std::get_if<StoreDescriptor>(&operation)) {
        return fmt::format("store level {} {:#x} generation {} = {}", store->slot.level, store->slot.va,
                           store->slot.generation, to_string(store->value));
    }
    if (const auto* tlbi = std::get_if<TlbiInstruction>(&operation)) {
        return fmt::format("TLBI {}, {:#x}", to_string(tlbi->op), tlbi->operand);
    }
    if (const auto* barrier = std::get_if<Barrier>(&operation)) return to_string(*barrier);
    if (const auto* access = std::get_if<Access>(&operation)) {
        return fmt::format("access kind {} flag {} value {}", static_cast<int>(access->kind),
                           access->flag.value_or(99), access->value);
    }
    if (const auto* await = std::get_if<Await>(&operation)) {
        return fmt::format("await flag {} == {}", await->flag.value_or(99), await->value);
    }
    const Free& free = std::get<Free>(operation);
    if (const auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
        return fmt::format("free {:#x} + {:#x}", range->first, range->second);
    }
    const TablePage& page = std::get<TablePage>(free.what);
    return fmt::format("free table level {} {:#x} generation {}", page.level, page.va_base, page.generation);
}

}  // namespace

ScheduleProgram random_schedule(std::uint64_t seed, const RandomScheduleOptions& options) {
    return ScheduleGenerator(seed, options).run();
}

Property random_property(const ScheduleProgram& program, std::uint64_t seed) {
    ScheduleRandom random(seed ^ 0x5851f42d4c957f2d);
    Property property;
    property.kind = random.pick({PropertyKind::no_stale_entry, PropertyKind::no_stale_entry,
                                 PropertyKind::no_use_after_free, PropertyKind::no_use_after_free,
                                 PropertyKind::no_bbm_violation, PropertyKind::no_tlb_conflict});
    property.hardware = program.hardware;
    property.hardware.contiguous_fill =
        random.pick({ContiguousFill::any, ContiguousFill::any, ContiguousFill::none,
                     ContiguousFill::coalesced, ContiguousFill::shattered});
    property.hardware.walk_cache =
        random.pick({WalkCache::per_entry, WalkCache::per_entry, WalkCache::per_page});
    property.hardware.bbm_level = random.pick({0, 0, 1, 2, 3});
    property.hardware.ets = random.pick({0, 0, 2, 3});
    if (property.kind == PropertyKind::no_stale_entry) {
        property.region = static_cast<std::uint32_t>(random.below(static_cast<int>(program.regions.size())));
    }
    property.text = to_string(property.kind);
    return property;
}

Property random_never_invalid(const ScheduleProgram& program, std::uint64_t seed) {
    Property property = random_property(program, seed);
    ScheduleRandom random(seed ^ 0x2545f4914f6cdd1d);
    property.kind = PropertyKind::never_invalid;
    property.region = static_cast<std::uint32_t>(random.below(static_cast<int>(program.regions.size())));
    property.text = to_string(property.kind);
    return property;
}

std::string describe(const ScheduleProgram& program, const Property& property) {
    const HardwareParameters& hardware = property.hardware;
    std::string text =
        fmt::format("{}: {} granule={} levels={} contiguous_entries={} fill={} walk_cache={} bbm={} ets={}\n",
                    program.title, property.text, granule_name(hardware.granule), lookup_levels(hardware),
                    hardware.contiguous_entries.value_or(0), to_string(hardware.contiguous_fill),
                    to_string(hardware.walk_cache), hardware.bbm_level, hardware.ets);
    for (const Region& region : program.regions) {
        text += fmt::format("  region {} va {:#x} pa {:#x} size {:#x} level {}{}{}{}{}\n", region.name,
                            region.va, region.pa, region.size, region.level, region.contiguous ? " cont" : "",
                            region.writable ? " rw" : " ro", region.global ? "" : " asid",
                            region.mapped ? "" : " unmapped");
    }
    for (const NewTable& table : program.new_tables) {
        text += fmt::format("  new table level {} {:#x} generation {}{} pieces {}\n", table.page.level,
                            table.page.va_base, table.page.generation, table.garbage ? " garbage" : "",
                            table.leaves.size());
    }
    for (const ScheduleThread& thread : program.threads) {
        text += "  " + thread.name + "\n";
        for (const Run& run : thread.code) {
            for (const Instruction& instruction : run.body)
                text += "    " + operation_text(instruction.operation) + "\n";
        }
    }
    return text;
}

}  // namespace tlbcheck::tests
