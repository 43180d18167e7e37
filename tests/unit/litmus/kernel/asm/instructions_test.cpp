// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/asm/decode_data.cpp and arithmetic.cpp: what instructions compute.

#include "litmus/kernel/asm/arithmetic.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/litmus/kernel/asm/test_host.hpp"

using tlbcheck::tests::Outcome;
using tlbcheck::tests::refusal;
using tlbcheck::tests::run_template;
using tlbcheck::tests::TestHost;

namespace {

/// $0 after the instructions, with $1 and $2 given.
std::uint64_t result(std::string_view text, std::uint64_t a = 0, std::uint64_t b = 0) {
    TestHost host;
    const Outcome outcome = run_template(host, text, "=r,r,r", {a, b});
    INFO(text << ": " << outcome.error);
    REQUIRE(outcome.outputs.size() == 1);
    CHECK(outcome.error.empty());
    return outcome.outputs[0];
}

constexpr std::uint64_t all = ~std::uint64_t{0};

}  // namespace

TEST_CASE("moves of registers and numbers") {
    CHECK(result("mov $0, $1", 7) == 7);
    CHECK(result("mov ${0:w}, ${1:w}", all) == 0xFFFFFFFF);
    CHECK(result("mov $0, #0x1234") == 0x1234);
    CHECK(result("mov $0, #-1") == all);
    CHECK(result("mov ${0:w}, #-1") == 0xFFFFFFFF);
    CHECK(result("movz $0, #5, lsl #16") == 0x50000);
    CHECK(result("movn $0, #5") == ~std::uint64_t{5});
    CHECK(result("mov $0, #0\nmovk $0, #0xabcd, lsl #32\nmovk $0, #1") == 0xABCD00000001);
    CHECK(result("mvn $0, $1", 1) == ~std::uint64_t{1});
    CHECK(result("mov $0, xzr", 3) == 0);
}

TEST_CASE("arithmetic and logic, with shifted and extended operands") {
    CHECK(result("add $0, $1, $2", 3, 4) == 7);
    CHECK(result("add ${0:w}, ${1:w}, ${2:w}", 0xFFFFFFFF, 2) == 1);
    CHECK(result("add $0, $1, #4, lsl #12", 1) == 0x4001);
    CHECK(result("add $0, $1, ${2:w}, uxtw #2", 1, 0x1'0000'0003) == 13);
    CHECK(result("add $0, $1, ${2:w}, sxtw", 1, 0xFFFFFFFF) == 0);
    CHECK(result("sub $0, $1, $2, lsl #3", 100, 2) == 84);
    CHECK(result("neg $0, $1", 1) == all);
    CHECK(result("and $0, $1, #0xff", 0x1234) == 0x34);
    CHECK(result("orr $0, $1, $2, lsl #48", 1, 5) == 0x0005000000000001);
    CHECK(result("orn $0, $1, $2", 1, all - 1) == 1);
    CHECK(result("eor $0, $1, $2", 6, 3) == 5);
    CHECK(result("eon $0, $1, $2", 6, 3) == ~std::uint64_t{5});
    CHECK(result("bic $0, $1, $2", 7, 2) == 5);
    CHECK(result("mul $0, $1, $2", 6, 7) == 42);
    CHECK(result("madd $0, $1, $2, $1", 6, 7) == 48);
    CHECK(result("msub $0, $1, $2, $1", 6, 7) == std::uint64_t{6} - 42);
    CHECK(result("umulh $0, $1, $2", all, all) == all - 1);
    CHECK(result("smulh $0, $1, $2", all, all) == 0);
    CHECK(result("udiv $0, $1, $2", 7, 2) == 3);
    CHECK(result("udiv $0, $1, $2", 7, 0) == 0);
    CHECK(result("sdiv $0, $1, $2", all - 6, 2) == all - 2);
    CHECK(result("sdiv ${0:w}, ${1:w}, ${2:w}", 0x80000000, 0xFFFFFFFF) == 0x80000000);
}

TEST_CASE("shifts, bit fields and bit counts") {
    CHECK(result("lsl $0, $1, #4", 3) == 48);
    CHECK(result("lsr ${0:w}, ${1:w}, #4", 0xF0000000F0) == 15);
    CHECK(result("asr $0, $1, $2", 0x8000000000000000, 68) == 0xF800000000000000);
    CHECK(result("ror ${0:w}, ${1:w}, #8", 0x11) == 0x11000000);
    CHECK(result("extr $0, $1, $1, #4", 0x1F) == 0xF000000000000001);
    CHECK(result("ubfx $0, $1, #4, #8", 0xABCD) == 0xBC);
    CHECK(result("sbfx $0, $1, #4, #8", 0xABCD) == 0xFFFFFFFFFFFFFFBC);
    CHECK(result("ubfiz $0, $1, #8, #4", 0xAB) == 0xB00);
    CHECK(result("mov $0, $2\nbfi $0, $1, #8, #4", 0xAB, all) == 0xFFFFFFFFFFFFFBFF);
    CHECK(result("mov $0, $2\nbfxil $0, $1, #4, #4", 0xAB, 0) == 0xA);
    CHECK(result("sxtw $0, ${1:w}", 0x80000000) == 0xFFFFFFFF80000000);
    CHECK(result("uxtb ${0:w}, ${1:w}", 0x1FF) == 0xFF);
    CHECK(result("sxth ${0:w}, ${1:w}", 0x8000) == 0xFFFF8000);
    CHECK(result("clz $0, $1", 1) == 63);
    CHECK(result("clz ${0:w}, ${1:w}", 0) == 32);
    CHECK(result("cls $0, $1", all) == 63);
    CHECK(result("rbit $0, $1", 1) == 0x8000000000000000);
    CHECK(result("rev $0, $1", 0x0102030405060708) == 0x0807060504030201);
    CHECK(result("rev16 ${0:w}, ${1:w}", 0x01020304) == 0x02010403);
    CHECK(result("rev32 $0, $1", 0x0102030405060708) == 0x0403020108070605);
}

TEST_CASE("flags and what they choose") {
    CHECK(result("cmp $1, $2\ncset $0, eq", 4, 4) == 1);
    CHECK(result("cmp $1, $2\ncset $0, hi", 5, 4) == 1);
    CHECK(result("cmp $1, $2\ncset $0, lt", all, 4) == 1);
    CHECK(result("cmp $1, $2\ncset $0, lo", all, 4) == 0);
    CHECK(result("cmn $1, $2\ncset $0, cs", all, 1) == 1);
    CHECK(result("tst $1, #8\ncset $0, ne", 12) == 1);
    CHECK(result("cmp $1, #9\ncsel $0, $1, $2, ge", 9, 3) == 9);
    CHECK(result("cmp $1, #9\ncsinc $0, $1, $2, gt", 9, 3) == 4);
    CHECK(result("cmp $1, #9\ncsinv $0, $1, $2, gt", 9, 3) == ~std::uint64_t{3});
    CHECK(result("cmp $1, #9\ncneg $0, $2, eq", 9, 3) == all - 2);
    CHECK(result("cmp $1, #9\ncsetm $0, eq", 9) == all);
    CHECK(result("adds $0, $1, $2\nadc $0, xzr, xzr", all, 1) == 1);
    // An index below a size as a mask: the borrow of a comparison, spread by a subtraction with carry.
    CHECK(result("cmp $1, $2\nsbc $0, xzr, xzr", 3, 4) == all);
    CHECK(result("cmp $1, $2\nsbc $0, xzr, xzr", 4, 4) == 0);
    CHECK(result("cmp $1, #1\nccmp $2, #2, #4, eq\ncset $0, eq", 1, 2) == 1);
    CHECK(result("cmp $1, #1\nccmp $2, #2, #0, eq\ncset $0, eq", 5, 2) == 0);
    CHECK(result("subs ${0:w}, ${1:w}, ${2:w}\ncset $0, vs", 0x80000000, 1) == 1);
}

TEST_CASE("branches inside a template") {
    CHECK(result("mov $0, #0\n1: add $0, $0, #2\nsub $1, $1, #1\ncbnz $1, 1b", 5) == 10);
    CHECK(result("mov $0, #1\ncbz ${1:w}, 2f\nmov $0, #9\n2:", 0x100000000) == 1);
    CHECK(result("mov $0, #1\ntbnz $1, #3, 1f\nmov $0, #2\n1: nop", 8) == 1);
    CHECK(result("mov $0, #1\ntbz $1, #3, 1f\nmov $0, #2\n1: nop", 8) == 2);
    CHECK(result("cmp $1, $2\nb.ne 1f\nmov $0, #1\nb 2f\n1: mov $0, #2\n2:", 3, 4) == 2);
    CHECK(result("mov $0, #3\ncmp $1, $2\nbeq done\nmov $0, #4\ndone:", 3, 3) == 3);
}

TEST_CASE("a loop without end meets the machine's bound") {
    TestHost host;
    CHECK_THROWS_WITH(run_template(host, "1: b 1b", "", {}), "out of steps");
}

TEST_CASE("the labels of an asm goto are ways out") {
    TestHost host;
    CHECK(run_template(host, "cbnz $0, ${1:l}\nnop", "r,!i", {0}).label == std::nullopt);
    CHECK(run_template(host, "cbnz $0, ${1:l}\nnop", "r,!i", {1}).label == 0);
    CHECK(run_template(host, "cbz $0, ${1:l}\nb ${2:l}", "r,!i,!i", {1}).label == 1);
}

TEST_CASE("addresses of symbols, whole, by page and by what is left of it") {
    TestHost host;
    host.symbols["table"] = 0x12345678;
    CHECK(run_template(host, "adrp $0, table\nadd $0, $0, :lo12:table", "=r", {}).outputs[0] == 0x12345678);
    CHECK(run_template(host, "adr $0, $1", "=r,i", {0x4000}).outputs[0] == 0x4000);
    CHECK(run_template(host, "adrp $0, $1\nadd $0, $0, :lo12:$1", "=r,S", {0x87654321}).outputs[0] ==
          0x87654321);
    CHECK(run_template(host, "adrp $0, other", "=r", {}).error ==
          "inline assembly: the address of 'other' is not known");
}

TEST_CASE("instructions that are not known are named with the operand they stumble over") {
    CHECK(refusal("fmov x0, x1") == "instruction 'fmov x0, x1': not an instruction that is known here");
    CHECK(refusal("add x0, q1, x2") ==
          "instruction 'add x0, q1, x2': operand 'q1': not a general-purpose register");
    CHECK(refusal("add x0, x1") == "instruction 'add x0, x1': an operand is missing");
    CHECK(refusal("add x0, x1, x2, msl #3") ==
          "instruction 'add x0, x1, x2, msl #3': operand 'x2': 'msl #3' is no shift or extension");
    CHECK(refusal("cset x0, xx") == "instruction 'cset x0, xx': operand 'xx': not a condition");
    CHECK(refusal("b somewhere") ==
          "instruction 'b somewhere': operand 'somewhere': a branch out of the template");
    CHECK(refusal("mov x0, somewhere") ==
          "instruction 'mov x0, somewhere': operand 'somewhere': not a number known here");
    CHECK(refusal("ubfx x0, x1, #60, #8") ==
          "instruction 'ubfx x0, x1, #60, #8': operand '#8': out of bounds");
    CHECK(refusal("nop") == "");
    CHECK(refusal("cbz x0, 1f, x3\n1:") ==
          "instruction 'cbz x0, 1@1, x3': operand 'x3': one more than is known here");
}
