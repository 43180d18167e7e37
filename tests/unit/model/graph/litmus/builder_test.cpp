// SPDX-License-Identifier: Apache-2.0
#include "model/graph/litmus/builder.hpp"

#include "tests/unit/model/graph/litmus/test_programs.hpp"

using namespace tlbcheck::model;

TEST_CASE(
    "values that come by way of memory are found: a descriptor loaded from the table and stored back "
    "changed") {
    LitmusInstruction set = wide(access(LitmusOpcode::fetch_and_op, "LDCLR X0,X6,[X3]", 0, 3, 6));
    set.fetch = FetchOp::clear;
    LitmusProgram p = program({{set}, {wide(access(LitmusOpcode::load, "LDR X7,[X3]", 7, 3))}});
    p.locations = {register_of(1, 7), memory_of("x", ValueKind::pte)};
    const LitmusGraph g = build_litmus_graph(p);
    CHECK(g.finals[0].elements[0].alternatives.size() == 2);
    const ValueId* last = g.finals[1].elements[0].constant();
    REQUIRE(last != nullptr);
    CHECK(g.values.value(*last).descriptor.valid == 0);
}

TEST_CASE("two counters that feed each other have finitely many values") {
    const LitmusInstruction add = access(LitmusOpcode::fetch_and_op, "LDADD W0,W6,[X1]", 0, 1, 6);
    LitmusProgram p = program({{add, add}, {add}});
    p.locations = {memory_of("x")};
    const LitmusGraph g = build_litmus_graph(p);
    CHECK_FALSE(g.graph.incomplete);
    CHECK(g.finals[0].elements[0].alternatives.size() >= 3);
}

TEST_CASE("what comes from a later write of the thread to the same place is not read from another thread") {
    // P1 counts up; P0 counts up twice, by one and by what it read, and stores what it read then.
    const LitmusInstruction first = access(LitmusOpcode::fetch_and_op, "LDADD W0,W6,[X1]", 0, 1, 6);
    const LitmusInstruction second = access(LitmusOpcode::fetch_and_op, "LDADD W6,W7,[X1]", 6, 1, 7);
    const LitmusInstruction store = access(LitmusOpcode::store, "STR W7,[X1]", 7, 1);
    LitmusProgram p = program({{first, second, store}, {first}});
    p.locations = {register_of(0, 6), memory_of("x")};
    const LitmusGraph exact = build_litmus_graph(p);
    CHECK_FALSE(exact.graph.incomplete);
    LitmusGraphLimits any;
    any.any_origin = true;
    const LitmusGraph more = build_litmus_graph(p, any);
    const auto size = [](const LitmusGraph& g) { return g.finals[0].elements[0].alternatives.size(); };
    CHECK(size(exact) < size(more));
}

TEST_CASE("hardware that manages the access flag may set it with no access at all") {
    LitmusProgram p = program({{instruction(LitmusOpcode::nop, "NOP")}});
    p.hardware.given = p.hardware.all_ha = true;
    map_x(p, descriptor("x", 1, 0));
    p.locations = {memory_of("x", ValueKind::pte)};
    const LitmusGraph g = build_litmus_graph(p);
    CHECK(g.finals[0].elements[0].alternatives.size() == 2);
    const EventId read = only(g, {"SPURIOUS", "R", "NExp", "AF", "X"});
    const EventId write = only(g, {"SPURIOUS", "W", "NExp", "AF", "X"});
    CHECK(edge(g, "rmw", read, write));
    CHECK(candidates(g).size() == 2);
    p.hardware = {};
    CHECK(all(build_litmus_graph(p), "SPURIOUS").empty());
}

TEST_CASE("sizes and initial values follow the types") {
    LitmusProgram p = program({{access(LitmusOpcode::load, "LDR W5,[X1]", 5, 1)}});
    p.initial[0].type.base = "int64_t";
    CHECK_FALSE(build_litmus_graph(p).errors.empty());
}

TEST_CASE("limits end the building and are told") {
    LitmusProgram p = program({{access(LitmusOpcode::load, "LDR W5,[X1]", 5, 1)}});
    LitmusGraphLimits limits;
    limits.events = 6;
    const LitmusGraph g = build_litmus_graph(p, limits);
    CHECK(g.graph.incomplete);
    CHECK_FALSE(g.graph.incomplete_reason.empty());
}
