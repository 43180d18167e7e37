// SPDX-License-Identifier: Apache-2.0
#include "model/program/litmus_program.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {
LitmusLocation reg(int thread, RegisterId r) {
    LitmusLocation l;
    l.is_register = true;
    l.thread = thread;
    l.reg = r;
    return l;
}
LitmusLocation memory(const char* symbol, ValueKind kind = ValueKind::address) {
    LitmusLocation l;
    l.address = LitmusValue::address(kind, symbol);
    return l;
}
}  // namespace

TEST_CASE(
    "displayed locations: registers by thread and number, then memory, then descriptors, then array "
    "elements") {
    LitmusProgram p;
    LitmusLocation element = memory("a");
    element.element = 1;
    p.locations = {element,    memory("x", ValueKind::pte), memory("y"), reg(1, 9), reg(1, 10), reg(0, 30),
                   memory("y")};
    const std::vector<LitmusLocation> expected{
        reg(0, 30), reg(1, 9), reg(1, 10), memory("y"), memory("x", ValueKind::pte), element};
    CHECK(p.displayed() == expected);
}

TEST_CASE("sizes and signs of types") {
    CHECK(size_in_bits({"", false, 0}) == 32);
    CHECK(size_in_bits({"uint64_t", false, 0}) == 64);
    CHECK(size_in_bits({"int", true, 0}) == 64);
    CHECK(size_in_bits({"foo", false, 0}) == 0);
    CHECK(is_signed({"int16_t", false, 0}));
    CHECK_FALSE(is_signed({"pteval_t", false, 0}));
}

TEST_CASE("register names") {
    CHECK(register_name(7) == "X7");
    CHECK(register_name(elr_el1) == "ELR_EL1");
    CHECK(parse_system_register("elr_el1") == elr_el1);
    CHECK(parse_system_register("NZCV") == pstate_n);
    CHECK_FALSE(parse_system_register("TTBR0_EL1").has_value());
}

TEST_CASE("element types of arrays") {
    LitmusProgram p;
    LitmusInitial i;
    i.location = memory("a");
    i.type = {"int64_t", false, 3};
    p.initial.push_back(i);
    LitmusLocation element = memory("a");
    element.element = 2;
    CHECK(p.type_of(element).elements == 0);
    CHECK(p.type_of(memory("a")).elements == 3);
    CHECK(p.type_of(memory("b")).base.empty());
}
