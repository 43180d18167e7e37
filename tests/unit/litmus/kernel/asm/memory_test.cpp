// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/asm/decode_memory.cpp: loads, stores and atomics in all ordering forms.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/kernel/asm/test_host.hpp"

using tlbcheck::tests::Outcome;
using tlbcheck::tests::refusal;
using tlbcheck::tests::run_template;
using tlbcheck::tests::TestHost;

namespace {

constexpr std::uint64_t cell = 0x1000;

class HostWith : public TestHost {
  public:
    explicit HostWith(std::uint64_t value) { set(cell, value, 8); }
};

}  // namespace

TEST_CASE("loads by size and sign") {
    const auto loaded = [](std::string_view text) {
        TestHost host;
        host.set(cell, 0x8182838485868788, 8);
        host.set(cell + 8, 0x11, 8);
        const Outcome outcome = run_template(host, text, "=r,*Q", {cell});
        INFO(outcome.error);
        CHECK(outcome.error.empty());
        return outcome.outputs.at(0);
    };
    CHECK(loaded("ldr $0, $1") == 0x8182838485868788);
    CHECK(loaded("ldr ${0:w}, $1") == 0x85868788);
    CHECK(loaded("ldrb ${0:w}, $1") == 0x88);
    CHECK(loaded("ldrh ${0:w}, $1") == 0x8788);
    CHECK(loaded("ldrsw $0, $1") == 0xFFFFFFFF85868788);
    CHECK(loaded("ldrsb ${0:w}, $1") == 0xFFFFFF88);
    CHECK(loaded("ldar $0, $1") == 0x8182838485868788);
    CHECK(loaded("ldapr ${0:w}, $1") == 0x85868788);
    CHECK(loaded("ldaxr $0, $1") == 0x8182838485868788);
    CHECK(loaded("ldurh ${0:w}, $1") == 0x8788);
}

TEST_CASE("addresses with offsets and updates") {
    TestHost host;
    host.set(cell + 16, 5, 8);
    host.set(cell, 6, 8);
    CHECK(run_template(host, "ldr $0, [$1, #16]", "=r,r", {cell}).outputs[0] == 5);
    CHECK(run_template(host, "ldr $0, [$1, $2, lsl #3]", "=r,r,r", {cell, 2}).outputs[0] == 5);
    CHECK(run_template(host, "ldr $0, [$1, ${2:w}, uxtw #3]", "=r,r,r", {cell, 0x100000002}).outputs[0] == 5);
    CHECK(run_template(host, "ldr x9, [$1], #16\nmov $0, $1", "=r,r", {cell}).outputs[0] == cell + 16);
    CHECK(run_template(host, "ldr $0, [$1, #16]!\nadd $0, $0, $1", "=r,r", {cell}).outputs[0] == cell + 21);
    CHECK(run_template(host, "ldp x9, x10, [$1]\nadd $0, x9, x10", "=r,r", {cell + 8}).outputs[0] == 5);
}

TEST_CASE("stores, plain and releasing") {
    TestHost host;
    run_template(host, "str $1, $0\nstrb ${1:w}, [$2, #8]\nstlr $1, [$2]\nstp $1, xzr, [$2, #16]", "=*Q,r,r",
                 {cell + 64, 0x123456789, cell});
    CHECK(host.get(cell + 64, 8) == 0x123456789);
    CHECK(host.get(cell + 8, 8) == 0x89);
    CHECK(host.get(cell, 8) == 0x123456789);
    CHECK(host.get(cell + 16, 8) == 0x123456789);
    CHECK(host.logged() == "store 8; store 1; store.l 8; store 8; store 8");
}

TEST_CASE("an exclusive loop stores once") {
    HostWith host(0xF0);
    const Outcome outcome = run_template(host,
                                         "prfm pstl1strm, $2\n"
                                         "1: ldxr $0, $2\n"
                                         "orr $0, $0, $3\n"
                                         "stlxr ${1:w}, $0, $2\n"
                                         "cbnz ${1:w}, 1b",
                                         "=&r,=&r,=*Q,r,*Q", {cell, 0x0F, cell});
    CHECK(outcome.error.empty());
    CHECK(host.get(cell, 8) == 0xFF);
    CHECK(host.logged() == "load 8; store.l 8");
}

TEST_CASE("compare and exchange by an exclusive loop leaves memory alone when the values differ") {
    constexpr std::string_view text =
        "1: ldaxr ${1:w}, $2\n"
        "eor ${0:w}, ${1:w}, ${3:w}\n"
        "cbnz ${0:w}, 2f\n"
        "stxr ${0:w}, ${4:w}, $2\n"
        "cbnz ${0:w}, 1b\n"
        "dmb ish\n"
        "2:";
    HostWith equal(5);
    CHECK(run_template(equal, text, "=&r,=&r,=*Q,r,r,*Q", {cell, 5, 9, cell}).outputs[1] == 5);
    CHECK(equal.get(cell, 8) == 9);
    CHECK(equal.logged() == "load.a 4; store 4; DMB ISH");
    HostWith other(6);
    CHECK(run_template(other, text, "=&r,=&r,=*Q,r,r,*Q", {cell, 5, 9, cell}).outputs[1] == 6);
    CHECK(other.get(cell, 8) == 6);
    CHECK(other.logged() == "load.a 4");
}

TEST_CASE("LSE atomics: operation, old value, ordering and size") {
    const auto run = [](std::string_view instruction, std::uint64_t before, std::uint64_t operand) {
        TestHost host;
        host.set(cell, before, 8);
        const std::string text = ".arch_extension lse\n" + std::string(instruction);
        const Outcome outcome = run_template(host, text, "=r,=*Q,r,*Q", {cell, operand, cell});
        INFO(instruction << " " << outcome.error);
        CHECK(outcome.error.empty());
        return std::make_tuple(host.get(cell, 8), outcome.outputs.at(0), host.logged());
    };
    using Result = std::tuple<std::uint64_t, std::uint64_t, std::string>;
    CHECK(run("ldadd $2, $0, $1", 5, 3) == Result{8, 5, "load 8; store 8"});
    CHECK(run("ldadda $2, $0, $1", 5, 3) == Result{8, 5, "load.a 8; store 8"});
    CHECK(run("ldaddl ${2:w}, ${0:w}, $1", 5, 3) == Result{8, 5, "load 4; store.l 4"});
    CHECK(run("ldaddal ${2:w}, ${0:w}, $1", 0xFFFFFFFF, 1) == Result{0, 0xFFFFFFFF, "load.a 4; store.l 4"});
    CHECK(run("ldclral $2, $0, $1", 7, 2) == Result{5, 7, "load.a 8; store.l 8"});
    CHECK(run("ldseta $2, $0, $1", 4, 2) == Result{6, 4, "load.a 8; store 8"});
    CHECK(run("ldeor $2, $0, $1", 6, 3) == Result{5, 6, "load 8; store 8"});
    CHECK(run("ldsmax $2, $0, $1", ~std::uint64_t{0}, 3) == Result{3, ~std::uint64_t{0}, "load 8; store 8"});
    CHECK(run("ldumin $2, $0, $1", 9, 3) == Result{3, 9, "load 8; store 8"});
    CHECK(run("swp $2, $0, $1", 1, 2) == Result{2, 1, "load 8; store 8"});
    CHECK(run("swpal $2, $0, $1", 1, 2) == Result{2, 1, "load.a 8; store.l 8"});
    CHECK(run("mov $0, #0\nstset $2, $1", 4, 2) == Result{6, 0, "load 8; store 8"});
    CHECK(run("mov $0, #0\nstaddl ${2:w}, $1", 4, 2) == Result{6, 0, "load 4; store.l 4"});
    CHECK(run("mov $0, #0\nstclrb ${2:w}, $1", 0xFFFF, 0x0F) == Result{0xFFF0, 0, "load 1; store 1"});
}

TEST_CASE("the acquire of an atomic whose old value nobody wants is none") {
    HostWith host(4);
    run_template(host, "ldaddal $1, xzr, $0", "=*Q,r,*Q", {cell, 1, cell});
    CHECK(host.logged() == "load 8; store.l 8");
}

TEST_CASE("compare and swap") {
    const auto run = [](std::uint64_t expected) {
        TestHost host;
        host.set(cell, 5, 8);
        const Outcome outcome =
            run_template(host, "casal ${0:x}, ${2:x}, $1", "=r,=*Q,r,0,*Q", {cell, 9, expected, cell});
        CHECK(outcome.error.empty());
        return std::make_tuple(host.get(cell, 8), outcome.outputs.at(0), host.logged());
    };
    CHECK(run(5) == std::make_tuple(std::uint64_t{9}, std::uint64_t{5}, std::string("load.a 8; store.l 8")));
    CHECK(run(4) == std::make_tuple(std::uint64_t{5}, std::uint64_t{5}, std::string("load.a 8")));
}

TEST_CASE("accesses that are not modelled are refused by name") {
    CHECK(refusal("ldxp x0, x1, [x2]") ==
          "instruction 'ldxp x0, x1, [x2]': two registers as one value are not modelled");
    CHECK(refusal("caspal x0, x1, x2, x3, [x4]").find("two registers as one value") != std::string::npos);
    CHECK(refusal("ldtr x0, [x1]") ==
          "instruction 'ldtr x0, [x1]': an access to user memory is not modelled");
    CHECK(refusal("ldr q0, [x1]") ==
          "instruction 'ldr q0, [x1]': operand 'q0': not a general-purpose register");
    CHECK(refusal("ldr x0, [w1]").find("operand '[w1]': not an address") != std::string::npos);
    CHECK(refusal("ldadd x0, x1, [x2, #8]").find("has no offset") != std::string::npos);
    CHECK(refusal("ldrq x0, [x1]") == "instruction 'ldrq x0, [x1]': not an instruction that is known here");
}
