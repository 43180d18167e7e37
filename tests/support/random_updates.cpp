// SPDX-License-Identifier: Apache-2.0
//
// Schedules whose leaves have flags that hardware may set.
#include "model/arch/hardware_update.hpp"
#include "tests/support/random_schedule.hpp"
#include "tests/support/schedule_generator.hpp"

namespace tlbcheck::tests {

using namespace model;

void manage_flags(ScheduleProgram& program, Property& property, std::uint64_t seed) {
    ScheduleRandom random(seed ^ 0x1d8e4e27c47d124f);
    HardwareParameters& hardware = program.hardware;
    hardware.ha = random.chance(80);
    hardware.hd = hardware.ha && random.chance(75);
    property.hardware.ha = hardware.ha;
    property.hardware.hd = hardware.hd;
    const auto flags = [&](Region& region) {
        region.accessed = random.chance(65);
        region.dbm = random.chance(60);
    };
    for (Region& region : program.regions) flags(region);
    for (NewTable& table : program.new_tables) {
        for (Region& leaves : table.leaves) flags(leaves);
    }
    for (ScheduleThread& thread : program.threads) {
        for (Run& run : thread.code) {
            for (Instruction& instruction : run.body) {
                auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
                if (store == nullptr || store->value.kind == DescriptorKind::table) continue;
                store->atomic = random.chance(40);
                if (store->value.kind != DescriptorKind::leaf) continue;
                set_flags(store->value, random.chance(65), random.chance(60), managed_flags(hardware, false));
                if (random.chance(50)) store->value.db = random.chance(30);
            }
        }
    }
    if (random.chance(35)) return;
    property.kind = PropertyKind::no_lost_update;
    property.region = static_cast<std::uint32_t>(random.below(static_cast<int>(program.regions.size())));
    property.text = to_string(property.kind);
}

}  // namespace tlbcheck::tests
