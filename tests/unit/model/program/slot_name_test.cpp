// SPDX-License-Identifier: Apache-2.0
// Names of descriptors: by their region, or by level.
#include "model/program/slot_name.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

TEST_CASE("slots of a region are named by it, others by their level") {
    constexpr std::uint64_t va = 0xffff000080000000;
    ScheduleProgram program;
    Region region;
    region.name = "linear";
    region.va = va;
    region.size = 0x10000;
    program.regions = {region};
    const Geometry geometry{HardwareParameters{}};
    CHECK(slot_name(program, geometry, {va + 0x1000, 3, 0}) == "linear[1]");
    CHECK(slot_name(program, geometry, {va, 2, 0}) == "PMD[0]");
    CHECK(slot_name(program, geometry, {va + 0x10000, 3, 0}) == "PTE[16]");
    CHECK(slot_name(program, geometry, {va, 3, 2}) == "PTE[0] of new table 2");
}
