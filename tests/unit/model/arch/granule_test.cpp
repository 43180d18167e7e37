// SPDX-License-Identifier: Apache-2.0
// Geometry: entry sizes, contiguous sets of every granule (docs/formal-model.md), alignment helpers.
#include "model/arch/granule.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;

Geometry geometry(Granule granule, std::optional<int> levels = {}, std::optional<int> entries = {}) {
    HardwareParameters hardware;
    hardware.granule = granule;
    hardware.levels = levels;
    hardware.contiguous_entries = entries;
    return Geometry(hardware);
}

}  // namespace

TEST_CASE("a descriptor maps what the granule and level say") {
    const Geometry g4 = geometry(Granule::k4), g16 = geometry(Granule::k16), g64 = geometry(Granule::k64);
    CHECK(g4.entry_bytes(3) == 4 * kib);
    CHECK(g4.entry_bytes(2) == 2 * mib);
    CHECK(g4.entry_bytes(1) == gib);
    CHECK(g4.entry_bytes(0) == 512 * gib);
    CHECK(g16.entry_bytes(3) == 16 * kib);
    CHECK(g16.entry_bytes(2) == 32 * mib);
    CHECK(g16.entry_bytes(1) == 64 * gib);
    CHECK(g64.entry_bytes(3) == 64 * kib);
    CHECK(g64.entry_bytes(2) == 512 * mib);
    CHECK(g64.entry_bytes(1) == 4096 * gib);
}

TEST_CASE("contiguous sets have the sizes of the Arm ARM's table") {
    const Geometry g4 = geometry(Granule::k4), g16 = geometry(Granule::k16), g64 = geometry(Granule::k64);
    CHECK(g4.contiguous_bytes(3) == 64 * kib);
    CHECK(g4.contiguous_bytes(2) == 32 * mib);
    CHECK(g4.contiguous_bytes(1) == 16 * gib);
    CHECK_FALSE(g4.contiguous_slots(0));
    CHECK(g16.contiguous_slots(3) == 128);
    CHECK(g16.contiguous_bytes(3) == 2 * mib);
    CHECK(g16.contiguous_slots(2) == 32);
    CHECK(g16.contiguous_bytes(2) == gib);
    CHECK_FALSE(g16.contiguous_slots(1));
    CHECK(g64.contiguous_slots(3) == 32);
    CHECK(g64.contiguous_bytes(3) == 2 * mib);
    CHECK(g64.contiguous_bytes(2) == 16 * gib);
}

TEST_CASE("contiguous_entries shrinks the sets of every level that has them, and no other") {
    const Geometry g = geometry(Granule::k16, {}, 2);
    CHECK(g.contiguous_slots(3) == 2);
    CHECK(g.contiguous_slots(2) == 2);
    CHECK_FALSE(g.contiguous_slots(1));
    CHECK(g.contiguous_bytes(3) == 32 * kib);
}

TEST_CASE("levels default by granule and set the first lookup level") {
    CHECK(geometry(Granule::k4).start_level() == 0);
    CHECK(geometry(Granule::k16).start_level() == 0);
    CHECK(geometry(Granule::k64).start_level() == 1);
    CHECK(geometry(Granule::k4, 2).start_level() == 2);
}

TEST_CASE("bases are aligned down in the upper half of the address space too") {
    const Geometry g = geometry(Granule::k4);
    const std::uint64_t va = 0xffff800080013abc;
    CHECK(g.entry_base(va, 3) == 0xffff800080013000);
    CHECK(g.entry_base(va, 2) == 0xffff800080000000);
    CHECK(g.set_base(va, 3) == 0xffff800080010000);
    CHECK(g.table_base(va, 3) == 0xffff800080000000);
    CHECK(g.table_base(va, 0) == 0xffff000000000000);
    CHECK(g.table_bytes(3) == 2 * mib);
    CHECK(g.table_bytes(0) == std::uint64_t{1} << 48);
}

TEST_CASE("the first table covers no more than 48 bits of addresses, those of one half or space") {
    const Geometry k64 = geometry(Granule::k64, 3), k16 = geometry(Granule::k16, 4);
    CHECK(k64.table_bytes(1) == std::uint64_t{1} << 48);
    CHECK(k64.table_base(0xffff800080013abc, 1) == 0xffff000000000000);
    CHECK(k64.table_base(0x0002000080013abc, 1) == 0x0002000000000000);
    CHECK(k64.table_base(0xffff800080013abc, 2) == 0xffff800000000000);
    CHECK(k16.table_base(0xffff800080013abc, 0) == 0xffff000000000000);
    CHECK(k16.table_bytes(0) == std::uint64_t{1} << 48);
}

TEST_CASE("leaves exist at the levels without 52-bit addresses") {
    CHECK(geometry(Granule::k4).has_leaf(1));
    CHECK_FALSE(geometry(Granule::k4).has_leaf(0));
    CHECK_FALSE(geometry(Granule::k16).has_leaf(1));
    CHECK_FALSE(geometry(Granule::k64).has_leaf(1));
    CHECK(geometry(Granule::k64).has_leaf(2));
    CHECK_FALSE(geometry(Granule::k4).has_leaf(4));
}

TEST_CASE("granules have their names") {
    CHECK(granule_name(Granule::k4) == "4K");
    CHECK(granule_name(Granule::k16) == "16K");
    CHECK(granule_name(Granule::k64) == "64K");
}
