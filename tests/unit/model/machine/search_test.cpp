// SPDX-License-Identifier: Apache-2.0
// The search: same result every time, paths that lead to the violation, limits that are kept.
#include "model/machine/search.hpp"

#include "model/machine/questions.hpp"
#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

TEST_CASE("the path of a search leads to a finished run that breaks the property") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).tlbi("vaale1is", ScheduleBuilder::va_base).dsb().isb();
    const JudgedSchedule schedule = unrolled(b.program());
    const HardwareParameters& hardware = b.program().hardware;
    const Scenario scenario(schedule, {PropertyKind::no_stale_entry,
                                       hardware,
                                       {0, false},
                                       false,
                                       {own_target(Geometry(hardware), b.leaf_va(0, 0))}});
    const Machine machine(scenario);
    const SearchResult result = search(machine, 1000);
    REQUIRE(result.path);
    MachineState state = machine.initial();
    for (const MachineAction& action : *result.path) machine.apply(state, action);
    CHECK(machine.finished(state));
    CHECK(machine.violates(state));
    const SearchResult stopped = search(machine, 1);
    CHECK_FALSE(stopped.path);
    CHECK_FALSE(stopped.exhausted);
}

TEST_CASE("the same seed gives the same schedule and the same verdict") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const ScheduleProgram program = tlbcheck::tests::random_schedule(seed);
        const Property property = tlbcheck::tests::random_property(program, seed);
        const ScheduleProgram again = tlbcheck::tests::random_schedule(seed);
        CHECK(tlbcheck::tests::describe(program, property) == tlbcheck::tests::describe(again, property));
        const tests::MachineVerdict first = tests::explore(program, property),
                                    second = tests::explore(again, property);
        CHECK(first.answer == second.answer);
        CHECK(first.states == second.states);
        CHECK(first.va == second.va);
    }
}
