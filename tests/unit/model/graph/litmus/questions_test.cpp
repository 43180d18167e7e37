// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/model/graph/litmus/test_programs.hpp"

using namespace tlbcheck::model;

namespace {
Proposition equals(const LitmusLocation& l, std::uint64_t n) {
    Proposition p;
    p.kind = Proposition::Kind::value;
    p.location = l;
    p.values.push_back(LitmusValue::of(n));
    return p;
}
Proposition raised(const std::string& type) {
    Proposition p;
    p.kind = Proposition::Kind::fault;
    p.fault.label = "L0";
    p.fault.address = LitmusValue::address(ValueKind::address, "x");
    p.fault.type = type;
    return p;
}
}  // namespace

TEST_CASE("the last write in coherence order gives the final value") {
    LitmusInstruction two = instruction(LitmusOpcode::move_immediate, "MOV");
    two.reg[0] = 0;
    two.operand.immediate = 2;
    LitmusProgram p = program(
        {{access(LitmusOpcode::store, "STR", 0, 1)}, {two, access(LitmusOpcode::store, "STR", 0, 1)}});
    p.condition = equals(memory_of("x"), 2);
    const LitmusGraph g = build_litmus_graph(p);
    REQUIRE(g.finals.size() == 1);
    CHECK(g.finals[0].elements[0].alternatives.size() == 2);
    CHECK(possible(g, g.condition));
    CHECK(possible(g, !g.condition));
}

TEST_CASE("untyped locations compare 32 bits") {
    LitmusProgram p = program({{instruction(LitmusOpcode::nop, "NOP")}});
    p.initial.push_back({register_of(0, 7), {"int64_t", false, 0}, {LitmusValue::of(~std::uint64_t{0})}});
    p.initial.push_back({register_of(0, 8), {}, {LitmusValue::of(~std::uint64_t{0})}});
    p.condition = equals(register_of(0, 8), 0xffffffff);
    CHECK(build_litmus_graph(p).condition.is_true());
    p.condition = equals(register_of(0, 7), 0xffffffff);
    CHECK(build_litmus_graph(p).condition.is_false());
}

TEST_CASE("faults match by thread, label, address and type, where given") {
    LitmusProgram p = program({{access(LitmusOpcode::load, "LDR", 5, 1)}});
    map_x(p, descriptor("x", 0));
    p.threads[0].labels["L0"] = 0;
    const auto holds = [&](const Proposition& c) {
        p.condition = c;
        return build_litmus_graph(p).condition.is_true();
    };
    CHECK(holds(raised("")));
    CHECK(holds(raised("MMU:Translation")));
    CHECK(holds(raised("D-MMU:Translation")));
    CHECK_FALSE(holds(raised("MMU:Permission")));
    Proposition other = raised("");
    other.fault.label = "L1";
    CHECK_FALSE(holds(other));
    other = raised("");
    other.fault.address = LitmusValue::address(ValueKind::pte, "x");
    CHECK_FALSE(holds(other));
}

TEST_CASE("connectives") {
    LitmusProgram p = program({{instruction(LitmusOpcode::nop, "NOP")}});
    const Proposition yes = equals(memory_of("x"), 0);
    const Proposition no = equals(memory_of("x"), 1);
    const auto holds = [&](Proposition::Kind kind, std::vector<Proposition> operands) {
        p.condition = {};
        p.condition.kind = kind;
        p.condition.operands = std::move(operands);
        return build_litmus_graph(p).condition.is_true();
    };
    CHECK(holds(Proposition::Kind::conjunction, {}));
    CHECK_FALSE(holds(Proposition::Kind::disjunction, {}));
    CHECK(holds(Proposition::Kind::implication, {no, no}));
    CHECK_FALSE(holds(Proposition::Kind::implication, {yes, no}));
    CHECK(holds(Proposition::Kind::negation, {no}));
    CHECK(holds(Proposition::Kind::disjunction, {no, yes}));
}
