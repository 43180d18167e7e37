// SPDX-License-Identifier: Apache-2.0
#include "model/graph/litmus/events.hpp"

#include "tests/unit/model/graph/litmus/test_programs.hpp"

using namespace tlbcheck::model;

namespace {
LitmusInstruction load(RegisterId to) {
    return access(LitmusOpcode::load, "LDR", to, 1);
}
LitmusInstruction move(RegisterId to, std::int64_t k) {
    LitmusInstruction i = instruction(LitmusOpcode::move_immediate, "MOV");
    i.reg[0] = to;
    i.operand.immediate = k;
    return i;
}
std::size_t instances(const LitmusGraph& g, const std::string& text) {
    std::set<std::pair<int, int>> seen;
    for (const Event& e : g.graph.events()) {
        if (e.thread >= 0 && g.sources[e.source].first == text) seen.insert({e.thread, e.instruction});
    }
    return seen.size();
}
}  // namespace

TEST_CASE("paths that meet again share what follows") {
    // LDR W5; CBZ W5,L; MOV W6,#1; L: MOV W7,#2
    LitmusProgram p =
        program({{load(5), jump(LitmusOpcode::compare_branch, "CBZ", 5, 3), move(6, 1), move(7, 2)},
                 {access(LitmusOpcode::store, "STR", 0, 1)}});
    p.locations = {register_of(0, 6)};
    const LitmusGraph g = build_litmus_graph(p);
    CHECK(instances(g, "MOV") == 2);
    REQUIRE(g.finals.size() == 1);
    CHECK(g.finals[0].elements[0].alternatives.size() == 2);
}

TEST_CASE("a loop on memory is unrolled to the limit, further rounds are cut off") {
    LitmusProgram p = program({{load(5), jump(LitmusOpcode::compare_branch, "CBZ", 5, 0)}});
    const LitmusGraph g = build_litmus_graph(p);
    CHECK(instances(g, "LDR") == 3);
    CHECK_FALSE(g.cutoff.is_false());
    p.unroll = 0;
    CHECK(instances(build_litmus_graph(p), "LDR") == 1);
}

TEST_CASE("a loop on a constant runs to its end") {
    LitmusInstruction down = instruction(LitmusOpcode::arithmetic, "SUB");
    down.arithmetic = ArithmeticOp::sub;
    down.reg[0] = down.reg[1] = 5;
    down.operand.immediate = 1;
    LitmusInstruction again = jump(LitmusOpcode::compare_branch, "CBNZ", 5, 1);
    again.negative = true;
    const LitmusGraph g = build_litmus_graph(program({{move(5, 6), down, again}}));
    CHECK(instances(g, "SUB") == 6);
    CHECK(g.cutoff.is_false());
    LitmusGraphLimits limits;
    limits.instances = 5;
    CHECK(build_litmus_graph(program({{move(5, 600), down, again}}), limits).graph.incomplete);
}

TEST_CASE("after a fault: fatal ends the thread, skip goes on, handled tries once more and then gives up") {
    const auto with = [](FaultHandling mode) {
        LitmusProgram p = program({{load(5), move(6, 1)}});
        map_x(p, descriptor("x", 0));
        p.variants.faults = mode;
        return build_litmus_graph(p);
    };
    CHECK(instances(with(FaultHandling::fatal), "MOV") == 0);
    CHECK(instances(with(FaultHandling::skip), "MOV") == 1);
    const LitmusGraph handled = with(FaultHandling::handled);
    CHECK(instances(handled, "LDR") == 2);
    CHECK(candidates(handled).empty());
}

TEST_CASE("a handler runs after a fault and returns where ELR says") {
    LitmusProgram p = program({{load(5), move(6, 1)}});
    map_x(p, descriptor("x", 0));
    LitmusInstruction adr = instruction(LitmusOpcode::address_of_label, "ADR");
    adr.reg[0] = 9;
    adr.label = "L1";
    LitmusInstruction msr = instruction(LitmusOpcode::write_system, "MSR");
    msr.reg[0] = 9;
    msr.system = elr_el1;
    p.threads[0].labels["L1"] = 1;
    p.threads[0].handler = {adr, msr, instruction(LitmusOpcode::exception_return, "ERET")};
    p.locations = {register_of(0, 6), register_of(0, 9)};
    const LitmusGraph g = build_litmus_graph(p);
    CHECK(g.errors.empty());
    CHECK(instances(g, "MOV") == 1);
    CHECK(g.values.value(*g.finals[1].elements[0].constant()) == LitmusValue::label(0, "L1"));
    CHECK(all(g, "EXC-RET").size() == 1);
}

TEST_CASE("a handler that returns to the faulting instruction is cut off") {
    LitmusProgram p = program({{load(5)}});
    map_x(p, descriptor("x", 0));
    p.threads[0].labels["L0"] = 0;
    p.threads[0].handler = {instruction(LitmusOpcode::exception_return, "ERET")};
    const LitmusGraph g = build_litmus_graph(p);
    CHECK(g.cutoff.is_true());
}
