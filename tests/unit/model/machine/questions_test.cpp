// SPDX-License-Identifier: Apache-2.0
// What a property asks of the machine: addresses, observers, walks.
#include "model/machine/questions.hpp"

#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

TEST_CASE("an address is walked through its own slot and through neighbours that are ever Contiguous") {
    ScheduleBuilder b;
    b.region(4, false);
    Descriptor value = b.leaf_value(0, 2);
    value.contiguous = true;
    b.set(0, 2, value);
    const JudgedSchedule schedule = unrolled(b.program());
    const ContiguousSlots stored = stored_contiguous_slots(schedule);
    HardwareParameters hardware = b.program().hardware;
    const auto targets = targets_of(schedule, stored, hardware, b.leaf_va(0, 0));
    REQUIRE(targets.size() == 2);
    CHECK_FALSE(targets[0].sibling_level);
    CHECK(targets[1].sibling_level == 3);
    CHECK(targets[1].sibling_va == b.leaf_va(0, 2));
    CHECK(targets[1].walked_for == b.leaf_va(0, 2));
    CHECK(targets_of(schedule, stored, hardware, b.leaf_va(0, 2)).size() == 1);
    hardware.contiguous_fill = ContiguousFill::none;
    CHECK(targets_of(schedule, stored, hardware, b.leaf_va(0, 0)).size() == 1);
}

TEST_CASE("a neighbouring block's walk is for the page that lies in it as the judged one lies in its own") {
    const Geometry geometry(ScheduleBuilder::small_hardware(4, 3));
    const WalkTarget target = sibling_target(geometry, 0x200000 + 0x5000, 2, 0);
    CHECK(target.walked_for == 0x5000);
}

TEST_CASE("observers are the PEs that maintain the tables and one more; hazards need that one only") {
    ScheduleBuilder b;
    b.region(1, false);
    const std::uint32_t flag = b.flag("f");
    b.clear(0, 0).thread().await(flag);
    const JudgedSchedule schedule = unrolled(b.program());
    const std::uint64_t va = b.program().regions[0].va;
    const auto observers = observers_of(schedule, PropertyKind::no_stale_entry, va);
    REQUIRE(observers.size() == 2);
    CHECK(observers[0].thread == 0);
    CHECK_FALSE(observers[1].thread);
    CHECK(observers_of(schedule, PropertyKind::no_tlb_conflict, va).size() == 1);
    // What is mapped from the start may never fault: another PE at any time meets all that the own one does.
    CHECK(observers_of(schedule, PropertyKind::never_invalid, va).size() == 1);
}

TEST_CASE("judged addresses: each leaf of the asked region, first and last page of a block") {
    ScheduleBuilder b(ScheduleBuilder::small_hardware(4, 3));
    b.region(2, false);
    b.region(1, false, 2);
    b.clear(0, 0);
    const auto pages = tests::judged_addresses(b.program(), b.property(PropertyKind::no_stale_entry, 0));
    CHECK(pages == std::vector<std::uint64_t>{b.leaf_va(0, 0), b.leaf_va(0, 1)});
    const auto block = tests::judged_addresses(b.program(), b.property(PropertyKind::no_stale_entry, 1));
    CHECK(block == std::vector<std::uint64_t>{b.leaf_va(1, 0), b.leaf_va(1, 0) + 0x1ff000});
    CHECK(tests::judged_addresses(b.program(), b.property(PropertyKind::no_use_after_free)).size() == 4);
}

TEST_CASE("two walks may conflict when their leaves can differ") {
    ScheduleBuilder b;
    b.region(4, true);
    const auto pair = [&](const JudgedSchedule& schedule) {
        const HardwareParameters& hardware = b.program().hardware;
        const WalkTarget own = own_target(Geometry(hardware), b.leaf_va(0, 0));
        return may_conflict(
            Scenario(schedule, {PropertyKind::no_tlb_conflict, hardware, {}, false, {own, own}}));
    };
    b.clear(0, 0);
    CHECK_FALSE(pair(unrolled(b.program())));
    Descriptor value = b.leaf_value(0, 0);
    value.contiguous = false;
    b.set(0, 0, value);
    CHECK(pair(unrolled(b.program())));
}
