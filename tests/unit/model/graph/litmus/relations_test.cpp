// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/model/graph/litmus/test_programs.hpp"

using namespace tlbcheck::model;

namespace {
LitmusInstruction tlbi(TlbiBase base, RegisterId reg) {
    LitmusInstruction i = instruction(LitmusOpcode::tlbi, "TLBI");
    i.tlbi.base = base;
    i.tlbi.domain = TlbiDomain::inner;
    i.reg[0] = reg;
    return i;
}
LitmusInstruction page_of_x(RegisterId to) {
    LitmusInstruction i = wide(instruction(LitmusOpcode::arithmetic, "LSR"));
    i.arithmetic = ArithmeticOp::lsr;
    i.reg[0] = to;
    i.reg[1] = 1;
    i.operand.immediate = 12;
    return i;
}
}  // namespace

TEST_CASE("a TLBI by address has the descriptor of that page in scope, a TLBI of all every descriptor") {
    const auto store_x = access(LitmusOpcode::store, "STR W0,[X1]", 0, 1);
    const auto store_y = access(LitmusOpcode::store, "STR W0,[X2]", 0, 2);
    for (const bool everything : {false, true}) {
        const LitmusGraph g = build_litmus_graph(program(
            {{page_of_x(9), tlbi(everything ? TlbiBase::vmalle1 : TlbiBase::vaae1, 9)}, {store_x, store_y}}));
        const EventId t = only(g, {"TLBI", "TLBIIS"});
        int in_scope = 0;
        for (const EventId e : all(g, "NExp")) in_scope += edge(g, "inv-domain", t, e) ? 1 : 0;
        CHECK(in_scope == (everything ? 2 : 1));
    }
}

TEST_CASE(
    "a read does not see later writes of its own thread, but an explicit one may see a later hardware "
    "update") {
    LitmusProgram p = program({{wide(access(LitmusOpcode::load, "LDR X5,[X3]", 5, 3)),
                                access(LitmusOpcode::store, "STR W0,[X1]", 0, 1),
                                wide(access(LitmusOpcode::store, "STR X4,[X3]", 4, 3))}});
    p.hardware.given = p.hardware.ha.empty();
    p.hardware.ha = {0};
    map_x(p, descriptor("x", 1, 0));
    const LitmusGraph g = build_litmus_graph(p);
    const EventId read = only(g, {"Exp", "R"});
    std::set<EventId> seen;
    for (const Edge& e : g.graph.edges("rf")) {
        if (e.to == read) seen.insert(e.from);
    }
    for (const EventId w : all(g, "W")) {
        const Event& e = g.graph.event(w);
        if (e.thread != 0) continue;
        CHECK(seen.contains(w) == !g.graph.in("NExp", w).is_false());
    }
}

TEST_CASE("descriptors point to the accesses of their page") {
    const LitmusGraph g = build_litmus_graph(program({{access(LitmusOpcode::store, "STR W0,[X1]", 0, 1)}}));
    const EventId ttd = only(g, {"NExp", "R"});
    CHECK(edge(g, "PTEtoPA", ttd, only(g, {"Exp", "W"})));
    CHECK(edge(g, "same-oa", ttd, ttd));
    CHECK(edge(g, "at-least-one-writable", ttd, ttd));
}

TEST_CASE("sets of descriptor values carry the condition of the value") {
    LitmusProgram p = program({{access(LitmusOpcode::load, "LDR W5,[X1]", 5, 1)},
                               {wide(access(LitmusOpcode::store, "STR X4,[X3]", 4, 3))}});
    const LitmusGraph g = build_litmus_graph(p);
    const EventId ttd = only(g, {"NExp", "R"});
    const Formula valid = g.graph.in("PTEV", ttd);
    CHECK_FALSE(valid.is_constant());
    CHECK(g.graph.in("PTEINV", ttd) == !valid);
    CHECK(g.graph.in("PTENormal", ttd).is_true());
}
