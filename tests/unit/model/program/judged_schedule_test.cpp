// SPDX-License-Identifier: Apache-2.0
// A program in the form that is judged: every instruction that its threads execute.
#include "model/program/judged_schedule.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
using tlbcheck::tests::ScheduleBuilder;

TEST_CASE("every iteration of a run has its own instruction, numbered as the thread executes them") {
    ScheduleBuilder b;
    b.region(4, false);
    b.clear(0, 0);
    Run& run = b.program().threads[0].code[0];
    run.count = 4;
    run.body[0].va_step = 0x1000;
    run.body[0].kernel = 3;
    run.body[0].place = {0, 7, 2};
    run.body[0].helper_place = {0, 9, 5};
    b.program().threads[0].starts_in.vm = 2;
    b.program().hardware.ets = 3;
    const JudgedSchedule schedule = unrolled(b.program());
    CHECK(schedule.program == &b.program());
    CHECK(schedule.hardware.ets == 3);
    CHECK(schedule.candidates.empty());
    REQUIRE(schedule.threads.size() == b.program().threads.size());
    CHECK(schedule.threads[0].name == b.program().threads[0].name);
    CHECK(schedule.threads[0].starts_in.vm == SpaceId{2});
    REQUIRE(schedule.threads[0].code.size() == 4);
    CHECK(instruction_count(schedule) == 4);
    for (std::uint64_t i = 0; i < 4; ++i) {
        const PlainInstruction& instruction = schedule.threads[0].code[i];
        CHECK(instruction.index == i);
        CHECK(instruction.kernel == 3);
        CHECK(instruction.place.line == 7);
        CHECK(instruction.helper_place.line == 9);
        CHECK(std::get<StoreDescriptor>(instruction.operation).slot.va == b.leaf_va(0, static_cast<int>(i)));
    }
}

TEST_CASE("a thread that stores, invalidates or frees maintains the tables; one of barriers does not") {
    ScheduleBuilder b;
    b.region(1, false);
    b.dsb().isb();
    CHECK_FALSE(unrolled(b.program()).threads[0].maintains);
    b.clear(0, 0);
    CHECK(unrolled(b.program()).threads[0].maintains);
}

TEST_CASE("branches are found wherever they stand") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0);
    CHECK_FALSE(has_branch(unrolled(b.program())));
    b.thread().add(Branch{});
    CHECK(has_branch(unrolled(b.program())));
}
