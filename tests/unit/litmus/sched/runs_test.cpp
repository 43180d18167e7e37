// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/runs.cpp: joining of iterations that turn out alike.

#include "litmus/sched/runs.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::litmus::sched;

namespace {

Instruction tlbi(std::uint64_t operand) {
    Instruction instruction;
    instruction.operation = TlbiInstruction{*parse_tlbi("vaae1is"), operand};
    return instruction;
}
Instruction freed(std::uint64_t pa) {
    Instruction instruction;
    instruction.operation = Free{std::pair{pa, std::uint64_t{4096}}};
    return instruction;
}
std::string shown(const std::vector<Run>& runs) {
    return tlbcheck::tests::show(ScheduleThread{"P0", runs});
}

}  // namespace

TEST_CASE("iterations whose numbers grow evenly become one run") {
    std::vector<Run> runs;
    for (std::uint64_t i = 0; i < 4; ++i) add_iteration(runs, {{1, {tlbi(10 + i), freed(100 - 2 * i)}}});
    CHECK(shown(runs) == "x4 {\nTLBI VAAE1IS a +va 1\nfree 64 1000 +pa fffffffffffffffe\n}\n");
}

TEST_CASE("an iteration that does not fit begins a new run") {
    std::vector<Run> runs;
    for (const std::uint64_t operand : {1, 2, 3, 7, 8}) add_iteration(runs, {{1, {tlbi(operand)}}});
    CHECK(shown(runs) == "x3 {\nTLBI VAAE1IS 1 +va 1\n}\nx2 {\nTLBI VAAE1IS 7 +va 1\n}\n");
    add_iteration(runs, {{1, {freed(0)}}});
    CHECK(runs.size() == 3);
}

TEST_CASE("instructions of different statements are not joined") {
    std::vector<Run> runs;
    Instruction other = tlbi(2);
    other.place.line = 7;
    add_iteration(runs, {{1, {tlbi(1)}}});
    CHECK_FALSE(add_iteration(runs, {{1, {other}}}));
}

TEST_CASE("straight code is joined with straight code before it only") {
    std::vector<Run> runs;
    add_straight(runs, tlbi(1));
    add_straight(runs, tlbi(2));
    add_run(runs, {3, {tlbi(3)}});
    add_run(runs, {1, {tlbi(4)}});
    add_code(runs, {{1, {tlbi(5)}}, {0, {tlbi(6)}}});
    CHECK(shown(runs) ==
          "TLBI VAAE1IS 1\nTLBI VAAE1IS 2\nx3 {\nTLBI VAAE1IS 3\n}\nTLBI VAAE1IS 4\nTLBI VAAE1IS 5\n");
    CHECK(held_instructions(runs) == 5);
}
