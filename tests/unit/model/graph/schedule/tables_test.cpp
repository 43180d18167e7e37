// SPDX-License-Identifier: Apache-2.0
//
// Which writes the walks of some addresses can meet.
#include "model/graph/schedule/tables.hpp"

#include <algorithm>

#include "model/slice/slicing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
using tlbcheck::tests::ScheduleBuilder;

namespace {

JudgedSchedule judged(const ScheduleBuilder& b) {
    return whole(b.program(), b.property(PropertyKind::no_stale_entry));
}

/// The values of the writes that a read at the level may come from.
std::vector<Descriptor> values(const ReachableTables& tables, int level) {
    std::vector<Descriptor> result;
    for (const std::size_t i : tables.sources(level)) result.push_back(tables.writes()[i].value);
    return result;
}

}  // namespace

TEST_CASE("a page is reached through its own descriptors, with what is stored there") {
    ScheduleBuilder b;
    const auto r = b.region(2, false);
    b.clear(r, 0).clear(r, 1);
    const JudgedSchedule schedule = judged(b);
    const ReachableTables tables(schedule, {b.leaf_va(r, 0)});
    CHECK(values(tables, 3) == std::vector<Descriptor>{b.leaf_value(r, 0), Descriptor()});
    REQUIRE(values(tables, 2).size() == 1);
    CHECK(values(tables, 2)[0].kind == DescriptorKind::table);
    CHECK(tables.output_address(tables.writes()[tables.sources(3)[0]], b.leaf_va(r, 0)) ==
          ScheduleBuilder::pa_base);
    CHECK(tables.writes()[tables.sources(3)[1]].thread == 0);
}

TEST_CASE("a contiguous set's slots serve each other, unless fills are of one page") {
    ScheduleBuilder b;
    const auto r = b.region(4, true);
    b.clear(r, 2);
    JudgedSchedule schedule = judged(b);
    const std::uint64_t va = b.leaf_va(r, 1);
    {
        const ReachableTables tables(schedule, {va});
        CHECK(values(tables, 3).size() == 4);  // not the cleared slot's invalid value
        for (const std::size_t i : tables.sources(3)) {
            const StaticWrite& w = tables.writes()[i];
            CHECK(tables.is_own(w, va) == (w.slot.va == va));
            CHECK(tables.serves_neighbour(w, va));
            CHECK(tables.output_address(w, va) == ScheduleBuilder::pa_base + 0x1000);
        }
    }
    schedule.hardware.contiguous_fill = ContiguousFill::none;
    const ReachableTables alone(schedule, {va});
    CHECK(values(alone, 3) == std::vector<Descriptor>{b.leaf_value(r, 1)});
    CHECK_FALSE(alone.serves_neighbour(alone.writes()[alone.sources(3).at(0)], va));
}

TEST_CASE("another table page is reached only where a descriptor points to it") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.new_table(r, 1, false, 1);
    {
        const JudgedSchedule schedule = judged(b);
        CHECK(values(ReachableTables(schedule, {b.leaf_va(r, 0)}), 3).size() == 1);
    }
    b.clear_table(r).set_table(r, 1);
    const JudgedSchedule schedule = judged(b);
    const ReachableTables tables(schedule, {b.leaf_va(r, 0)});
    CHECK(values(tables, 2).size() == 3);
    const auto leaves = values(tables, 3);
    REQUIRE(leaves.size() == 2);
    CHECK(leaves[1].oa == leaves[0].oa + 0x40000000);
}

TEST_CASE("a freed table page holds what its new owner wrote") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear_table(r).free_table(r);
    const JudgedSchedule schedule = judged(b);
    const ReachableTables tables(schedule, {b.leaf_va(r, 0)});
    const auto leaves = values(tables, 3);
    REQUIRE(leaves.size() == 2);
    CHECK(leaves[1] == new_owner_descriptor());
    CHECK(tables.writes()[tables.sources(3)[1]].by_new_owner);
    CHECK(tables.writes()[tables.sources(3)[1]].index == 1);
}

TEST_CASE("stores to one slot are in program order, thread by thread") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    Descriptor other = b.leaf_value(r, 0);
    other.db = false;
    b.clear(r, 0).set(r, 0, other);
    b.thread().clear(r, 0);
    const JudgedSchedule schedule = judged(b);
    const ReachableTables tables(schedule, {b.leaf_va(r, 0)});
    std::vector<std::pair<int, std::uint64_t>> order;
    for (const std::size_t i : tables.sources(3))
        order.emplace_back(tables.writes()[i].thread, tables.writes()[i].index);
    CHECK(order == std::vector<std::pair<int, std::uint64_t>>{{initial_thread, 0}, {0, 0}, {0, 1}, {1, 0}});
}

TEST_CASE("leaves translate with their access flag set only") {
    Descriptor leaf;
    leaf.kind = DescriptorKind::leaf;
    CHECK(translates(leaf));
    CHECK_FALSE(is_contiguous_leaf(leaf));
    leaf.contiguous = true;
    CHECK(is_contiguous_leaf(leaf));
    leaf.af = false;
    CHECK_FALSE(translates(leaf));
    CHECK_FALSE(is_contiguous_leaf(leaf));
    CHECK_FALSE(translates(Descriptor()));
}

TEST_CASE("a descriptor that a thread goes by is there, wherever it is mapped") {
    ScheduleBuilder b;
    const auto r = b.region(1, false), other = b.region(1, false);
    const DescriptorSlot slot{b.leaf_va(other, 0), 3, 0};
    b.clear(r, 0).add(Branch{std::nullopt, slot, 0, true}).add(EndBranch{});
    const JudgedSchedule schedule = judged(b);
    const ReachableTables tables(schedule, {b.leaf_va(r, 0)});
    CHECK(std::ranges::any_of(tables.writes(), [&](const StaticWrite& w) { return w.slot == slot; }));
}
