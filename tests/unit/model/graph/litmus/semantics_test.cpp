// SPDX-License-Identifier: Apache-2.0
#include "model/graph/litmus/semantics.hpp"

#include "tests/unit/model/graph/litmus/test_programs.hpp"

using namespace tlbcheck::model;

TEST_CASE("a store reads the TTD, branches on it, and depends on address and data") {
    LitmusProgram p = program({{access(LitmusOpcode::store, "STR W0,[X1]", 0, 1)}});
    const LitmusGraph g = build_litmus_graph(p);
    const EventId address = only(g, {"ADDR"});
    const EventId data = only(g, {"DATA"});
    const EventId ttd = only(g, {"NExp", "R", "PTE", "D-PTE"});
    const EventId branch = only(g, {"B"});
    const EventId store = only(g, {"Exp", "W"});
    CHECK(edge(g, "iico_data", address, ttd));
    CHECK(edge(g, "iico_data", ttd, branch));
    CHECK(edge(g, "iico_data", ttd, store));
    CHECK(edge(g, "iico_data", data, store));
    CHECK(edge(g, "iico_ctrl", branch, store));
    CHECK_FALSE(edge(g, "iico_data", address, store));
    CHECK(g.graph.edges("iico_data").size() == 4);
}

TEST_CASE("a descriptor is accessed directly, without translation") {
    LitmusProgram p = program({{wide(access(LitmusOpcode::store, "STR X4,[X3]", 4, 3))}});
    const LitmusGraph g = build_litmus_graph(p);
    CHECK(all(g, "NExp").empty());
    const EventId store = only(g, {"Exp", "W", "PTE", "PTEINV"});
    CHECK(edge(g, "iico_data", only(g, {"ADDR"}), store));
}

TEST_CASE(
    "an invalid descriptor faults: data to the branch, control to the fault, and the return address is "
    "recorded") {
    LitmusProgram p = program({{access(LitmusOpcode::load, "LDR W5,[X1]", 5, 1)}});
    map_x(p, descriptor("x", 0));
    const LitmusGraph g = build_litmus_graph(p);
    const EventId fault = only(g, {"FAULT", "MMU", "Translation", "EXC-ENTRY", "FAULT-RD"});
    const EventId branch = only(g, {"B"});
    CHECK(edge(g, "iico_data", only(g, {"NExp", "R"}), branch));
    CHECK(edge(g, "iico_ctrl", branch, fault));
    CHECK(edge(g, "iico_ctrl", branch, only(g, {"Wreg"})));
    CHECK(all(g, "Exp").size() == all(g, "IW").size());
}

TEST_CASE("kinds of faults: access flag before permission, writes to clean pages, EL0") {
    const auto kind = [](const LitmusDescriptor& d, LitmusOpcode op, bool user) {
        LitmusProgram p = program({{access(op, "access", 0, 1)}});
        p.threads[0].user = user;
        map_x(p, d);
        const LitmusGraph g = build_litmus_graph(p);
        for (const char* name : {"Translation", "AccessFlag", "Permission"}) {
            if (!all(g, name).empty()) return std::string(name);
        }
        return std::string("none");
    };
    CHECK(kind(descriptor("x", 1, 0, 0), LitmusOpcode::store, false) == "AccessFlag");
    CHECK(kind(descriptor("x", 1, 1, 0), LitmusOpcode::store, false) == "Permission");
    CHECK(kind(descriptor("x", 1, 1, 0), LitmusOpcode::load, false) == "none");
    CHECK(kind(descriptor("x", 0, 0, 0), LitmusOpcode::store, false) == "Translation");
    LitmusDescriptor kernel = descriptor("x");
    kernel.el0 = 0;
    CHECK(kind(kernel, LitmusOpcode::load, true) == "Permission");
    CHECK(kind(kernel, LitmusOpcode::load, false) == "none");
}

TEST_CASE("hardware sets the access flag, and the dirty state where it manages that") {
    LitmusProgram p = program({{access(LitmusOpcode::store, "STR W0,[X1]", 0, 1)}});
    p.hardware.given = p.hardware.all_ha = p.hardware.all_hd = true;
    map_x(p, descriptor("x", 1, 1, 0, 1));
    const LitmusGraph g = build_litmus_graph(p);
    const EventId ttd = only(g, {"NExp", "R", "X", "AF", "DB"});
    const EventId update = only(g, {"NExp", "W", "X", "AF", "DB"});
    CHECK(edge(g, "iico_data", ttd, update));
    CHECK(edge(g, "rmw", ttd, update));
    CHECK(possible(g, g.graph.event(update).exec));
    CHECK(all(g, "FAULT").empty());
}

TEST_CASE("an exchange without result does not return, a release is on the write, an acquire on the read") {
    LitmusInstruction swap = access(LitmusOpcode::swap, "SWPAL W0,WZR,[X1]", 0, 1);
    swap.ordering.acquire = swap.ordering.release = true;
    LitmusProgram p = program({{swap}});
    const LitmusGraph g = build_litmus_graph(p);
    const EventId read = only(g, {"Exp", "R", "X", "NoRet"});
    CHECK(g.graph.in("A", read).is_false());
    const EventId write = only(g, {"Exp", "W", "X", "L"});
    CHECK(edge(g, "iico_order", read, write));
    CHECK(edge(g, "amo", read, write));
}

TEST_CASE("a store-exclusive without a load-exclusive always fails, after one it may do either") {
    LitmusInstruction store = access(LitmusOpcode::store_exclusive, "STXR W6,W0,[X1]", 0, 1);
    store.status = 6;
    store.ordering.exclusive = true;
    LitmusInstruction load = access(LitmusOpcode::load, "LDXR W5,[X1]", 5, 1);
    load.ordering.exclusive = true;
    LitmusProgram alone = program({{store}});
    alone.locations = {register_of(0, 6)};
    const LitmusGraph failing = build_litmus_graph(alone);
    for (const EventId w : all(failing, "EX")) CHECK_FALSE(possible(failing, failing.graph.event(w).exec));
    const LitmusGraph paired = build_litmus_graph(program({{load, store}}));
    const EventId write = only(paired, {"W", "EX"});
    CHECK(possible(paired, paired.graph.event(write).exec));
    CHECK(possible(paired, !paired.graph.event(write).exec));
    CHECK(edge(paired, "lxsx", only(paired, {"R", "EX"}), write));
}

TEST_CASE("access of another size than the location's is an error of the test") {
    const LitmusGraph g =
        build_litmus_graph(program({{wide(access(LitmusOpcode::load, "LDR X5,[X1]", 5, 1))}}));
    REQUIRE(g.errors.size() == 1);
    CHECK(g.errors[0].message.find("mixed-size") != std::string::npos);
    CHECK(possible(g, g.any_error));
}
