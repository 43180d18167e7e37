// SPDX-License-Identifier: Apache-2.0
//
// The machine where a PE changes its context: what is judged before the change, and which entries differ.
#include "model/machine/machine.hpp"

#include "model/machine/questions.hpp"
#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

namespace {

constexpr auto safe = tests::MachineVerdict::Answer::not_violated;
constexpr auto unsafe = tests::MachineVerdict::Answer::violated;

ContextChange change(ContextChange::Kind kind) {
    ContextChange result;
    result.kind = kind;
    return result;
}

tests::MachineVerdict::Answer conflict(bool freed_before) {
    ScheduleBuilder b;
    b.region(1, false);
    b.program().closed = true;
    if (freed_before) b.free_table(0);
    b.add(change(ContextChange::Kind::exception_entry));
    if (!freed_before) b.free_table(0);
    b.dsb("ishst").tlbi("vmalle1is").dsb();
    b.add(change(ContextChange::Kind::exception_return));
    return tests::explore(b.program(), b.property(PropertyKind::no_tlb_conflict), {}).answer;
}

}  // namespace

TEST_CASE("an access before an exception meets what became visible before it") {
    CHECK(conflict(true) == unsafe);
    CHECK(conflict(false) == safe);  // the handler accesses what is written there and no more
}

TEST_CASE("an access after a thread's part may be translated early, in the handler that it ends with") {
    const auto ends_in_handler = [](bool isb) {
        ScheduleBuilder b;
        b.region(1, false);
        b.program().closed = true;
        b.add(change(ContextChange::Kind::exception_entry));
        b.free_table(0).dsb("ishst").tlbi("vmalle1is").dsb();
        if (isb) b.isb();
        return tests::explore(b.program(), b.property(PropertyKind::no_tlb_conflict), {}).answer;
    };
    CHECK(ends_in_handler(false) == unsafe);
    CHECK(ends_in_handler(true) == safe);
}

TEST_CASE("an entry that is global serves otherwise than one that is not") {
    ScheduleBuilder b;
    b.region(1, false);
    b.at(0).global = false;
    b.at(0).asid = 5;
    Descriptor value = b.leaf_value(0, 0);
    value.not_global = false;
    b.set(0, 0, value);
    const JudgedSchedule schedule = unrolled(b.program());
    const Scenario scenario(schedule, {PropertyKind::no_stale_entry,
                                       b.program().hardware,
                                       {0, false},
                                       false,
                                       {own_target(Geometry(b.program().hardware), b.leaf_va(0, 0))}});
    const Translation before = scenario.translate(false, 3, b.leaf_value(0, 0), false);
    const Translation after = scenario.translate(false, 3, value, false);
    CHECK(after.global);
    CHECK(scenario.is_stale(before, after));
    CHECK_FALSE(scenario.is_stale(after, after));
    CHECK(tests::explore(b.program(), b.property(PropertyKind::no_stale_entry), {}).answer == unsafe);
}

TEST_CASE("of memory that is freed twice accesses that store are asked about too") {
    const auto observers = [](int frees) {
        ScheduleBuilder b;
        b.region(1, false);
        for (int i = 0; i < frees; ++i) b.free_leaf(0, 0);
        const JudgedSchedule schedule = unrolled(b.program());
        return observers_of(schedule, PropertyKind::no_use_after_free, b.leaf_va(0, 0), {});
    };
    const auto stores = [](const std::vector<Observer>& all) {
        return std::ranges::count_if(all, [](const Observer& o) { return o.store; });
    };
    CHECK(stores(observers(1)) == 0);
    CHECK(stores(observers(2)) == 2);
    CHECK(observers(2).size() == 4);
}
