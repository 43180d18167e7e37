// SPDX-License-Identifier: Apache-2.0
// Places with the names of their files, and the frame of a kernel stack that is shown.
#include "model/program/places.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

TEST_CASE("a place has its file's name; one out of range is unknown") {
    ScheduleProgram program;
    program.files = {"a.sched", "linux.sched"};
    CHECK(place_of(program, SourcePlace{1, 9, 2}) == Place{"linux.sched", 9, 2});
    CHECK(place_of(program, SourcePlace{2, 9, 2}) == Place{});
    CHECK(to_string(Place{"a.sched", 3, 5}) == "a.sched:3:5");
    CHECK(to_string(Place{"a.c", 3, 0}) == "a.c:3");
    CHECK(to_string(Place{"a.c", 0, 0}) == "a.c");
    CHECK(to_string(Place{}).empty());
}

TEST_CASE("of a kernel stack the innermost frame outside of headers is shown") {
    ScheduleProgram program;
    program.kernel_stacks = {{{"flush", "tlbflush.h", 1}, {"unmap", "mmu.c", 2}, {"remove", "mmu.c", 3}}, {}};
    REQUIRE(kernel_stack(program, 0) != nullptr);
    CHECK(shown_frame(*kernel_stack(program, 0)).function == "unmap");
    CHECK(place_of(shown_frame(*kernel_stack(program, 0))) == Place{"mmu.c", 2, 0});
    CHECK(shown_frame({{"flush", "tlbflush.h", 1}}).function == "flush");
    CHECK(kernel_stack(program, 1) == nullptr);
    CHECK(kernel_stack(program, no_kernel_stack) == nullptr);
}
