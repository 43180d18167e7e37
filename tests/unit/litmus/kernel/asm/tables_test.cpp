// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/asm/tables.cpp and assemble.cpp: alternatives, static keys, BUG and WARN.

#include "litmus/kernel/asm/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/litmus/kernel/asm/test_host.hpp"

using namespace tlbcheck::litmus::kernel::assembly;
using tlbcheck::tests::Outcome;
using tlbcheck::tests::refusal;
using tlbcheck::tests::run_template;
using tlbcheck::tests::TestBug;
using tlbcheck::tests::TestHost;

namespace {

/// `before` unless the machine has capability 40, `after` when it has.
std::string alternative(const std::string& before, const std::string& after) {
    return "10: " + before +
           "\n11:\n.pushsection .altinstructions, \"a\"\n.word 10b - ., 12f - .\n.hword 40\n" +
           ".byte 11b - 10b, 13f - 12f\n.popsection\n.subsection 2\n12: " + after + "\n13:\n" +
           ".org . - (13b - 12b) + (11b - 10b)\n.previous\n";
}

std::string log_with(const std::string& text, std::set<unsigned> capabilities) {
    TestHost host;
    host.capabilities = std::move(capabilities);
    const Outcome outcome = run_template(host, text, "r", {3});
    return outcome.error.empty() ? host.logged() : outcome.error;
}

/// A branch of the static key $0 to the label $1; `code` is what was compiled there.
std::string static_branch(const std::string& code) {
    return "1: " + code +
           "\n.pushsection __jump_table, \"aw\"\n.align 3\n.long 1b - ., ${1:l} - .\n.quad ${0:c} - "
           ".\n.popsection";
}

std::string trap(const std::string& flags) {
    return "9: brk 0x800\n.pushsection __bug_table, \"aw\"\n.align 2\n.long 9b - .\n"
           ".pushsection .rodata.str, \"aMS\", @progbits, 1\n8: .string \"own.c\"\n.popsection\n"
           ".long 8b - .\n.short 77, " +
           flags + "\n.align 2\n.popsection\nisb";
}

}  // namespace

TEST_CASE("an alternative's body is chosen by the capability") {
    const std::string text = "dsb ishst\n" + alternative("tlbi vae1is, $0", "tlbi vale1is, $0") + "isb";
    CHECK(log_with(text, {}) == "DSB ISHST; TLBI VAE1IS 0x3; ISB");
    CHECK(log_with(text, {40}) == "DSB ISHST; TLBI VALE1IS 0x3; ISB");
    CHECK(log_with(text, {39}) == "DSB ISHST; TLBI VAE1IS 0x3; ISB");
    TestHost host;
    run_template(host, text, "r", {3});
    CHECK(host.asked == std::vector<unsigned>{40});
    CHECK(assemble({text, "r", {std::nullopt}}).capabilities == std::vector<unsigned>{40});
}

TEST_CASE("bodies of several instructions, with labels in both") {
    const std::string loop = "mov x9, #2\n1: dmb ish\nsub x9, x9, #1\ncbnz x9, 1b";
    const std::string flat = "1: dmb osh\n.rept 3\nnop\n.endr";
    CHECK(log_with(alternative(loop, flat), {}) == "DMB ISH; DMB ISH");
    CHECK(log_with(alternative(loop, flat), {40}) == "DMB OSH");
}

TEST_CASE("of two alternatives for one place the later one counts where both apply") {
    const std::string text =
        "1: dmb ish\n2:\n.pushsection .altinstructions, \"a\"\n"
        ".word 1b - ., 3f - .\n.hword 5\n.byte 2b - 1b, 4f - 3f\n"
        ".word 1b - ., 5f - .\n.hword 6\n.byte 2b - 1b, 6f - 5f\n.popsection\n"
        ".subsection 1\n3: dmb osh\n4: \n5: dmb sy\n6:\n.previous";
    CHECK(log_with(text, {}) == "DMB ISH");
    CHECK(log_with(text, {5}) == "DMB OSH");
    CHECK(log_with(text, {6}) == "DMB SY");
    CHECK(log_with(text, {5, 6}) == "DMB SY");
}

TEST_CASE("a callback that makes NOPs skips the body where the capability is there") {
    const std::string text =
        "1: b ${1:l}\n2:\n.pushsection .altinstructions, \"a\"\n.word 1b - .\n.word alt_cb_patch_nops - .\n"
        ".hword (1 << 15) | ($0)\n.byte 2b - 1b, 0\n.popsection\nisb";
    for (const bool present : {false, true}) {
        TestHost host;
        if (present) host.capabilities = {12};
        const Outcome outcome = run_template(host, text, "i,!i", {12}, {{12}});
        CHECK(outcome.error.empty());
        CHECK(outcome.label == (present ? std::nullopt : std::optional<std::size_t>(0)));
        CHECK(host.asked == std::vector<unsigned>{12});
    }
}

TEST_CASE("other callbacks are refused by name where they would be applied") {
    const std::string text =
        "1: nop\n2:\n.pushsection .altinstructions, \"a\"\n.word 1b - ., my_patcher - .\n.hword 32775\n"
        ".byte 2b - 1b, 0\n.popsection\nisb";
    CHECK(log_with(text, {}) == "ISB");
    CHECK(log_with(text, {7}) == "inline assembly: code that my_patcher writes while the kernel boots");
}

TEST_CASE("EL2's address of a pointer is EL1's") {
    TestHost host;
    host.capabilities = {7};
    const std::string text =
        "1: and $0, $0, #1\n2:\n.pushsection .altinstructions, \"a\"\n.word 1b - ., kvm_update_va_mask - .\n"
        ".hword 32775\n.byte 2b - 1b, 0\n.popsection";
    CHECK(run_template(host, text, "=r,0", {6}).outputs == std::vector<std::uint64_t>{6});
}

TEST_CASE("what is refused in a body that is not taken does no harm") {
    const std::string text = alternative("smc #0", "isb");
    CHECK(log_with(text, {40}) == "ISB");
    CHECK(log_with(text, {}) == "instruction 'smc #0': a call to other software is not modelled");
}

TEST_CASE("a branch into a replaceable instruction asks again, and a branch out of a replacement leaves it") {
    const std::string text =
        "mov x9, #2\n5: sub x9, x9, #1\n" + alternative("dmb ish", "dmb osh") + "cbnz x9, 5b";
    CHECK(log_with(text, {40}) == "DMB OSH; DMB OSH");
    CHECK(log_with(alternative("nop", "b 7f") + "isb\n7:", {40}) == "");
    CHECK(log_with(alternative("nop", "b 7f") + "isb\n7:", {}) == "ISB");
}

TEST_CASE("a static key's branch is taken iff enabled XOR its branch bit") {
    constexpr std::uint64_t key = 0x8000;
    for (const std::string code : {"nop", "b ${1:l}"}) {
        for (const std::uint64_t branch : {0U, 1U}) {
            for (const std::uint64_t count :
                 {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{0xFFFFFFFF}}) {
                TestHost host;
                host.set(key, count, 4);
                const Outcome outcome = run_template(host, static_branch(code), "i,!i", {key + branch});
                INFO(code << " " << branch << " " << count << " " << outcome.error);
                CHECK(outcome.error.empty());
                const bool enabled = count == 1 || count == 2;
                CHECK(outcome.label.has_value() == (enabled != (branch != 0)));
            }
        }
    }
}

TEST_CASE("a key whose branch bit is an operand of its own") {
    TestHost host;
    host.set(0x8000, 1, 4);
    const std::string text =
        "1: nop\n.pushsection __jump_table, \"aw\"\n.long 1b - ., ${2:l} - .\n.quad $0 + $1 - .\n.popsection";
    CHECK(run_template(host, text, "i,i,!i", {0x8000, 1}, {std::nullopt, {1}}).label == std::nullopt);
    CHECK(run_template(host, text, "i,i,!i", {0x8000, 0}, {std::nullopt, {0}}).label == 0);
}

TEST_CASE("a WARN is told and gone over, a BUG stops") {
    CHECK(log_with(trap("1"), {}) == "warn own.c:77; ISB");
    CHECK(log_with(trap("(1 << 0)|((9) << 8)"), {}) == "warn own.c:77; ISB");
    TestHost host;
    CHECK_THROWS_AS(run_template(host, trap("0"), "r", {0}), TestBug);
    CHECK_THROWS_WITH(run_template(host, trap("2"), "r", {0}), "bug own.c:77");
}

TEST_CASE("a bug table without names, and one with a format before the name") {
    const std::string bare =
        "9: brk 0x800\n.pushsection __bug_table, \"aw\"\n.long 9b - .\n.short 1\n.popsection";
    CHECK(log_with(bare, {}) == "warn :0");
    const std::string format =
        "9: brk 0x800\n.pushsection __bug_table, \"aw\"\n.long 9b - ., 7f - ., 8f - .\n.short 5, "
        "1\n.popsection\n"
        ".pushsection .rodata.str, \"aMS\"\n7: .string \"%s\"\n8: .string \"f.c\"\n.popsection";
    CHECK(log_with(format, {}) == "warn f.c:5");
}

TEST_CASE("tables that are not as the kernel has them are refused") {
    CHECK(refusal("1: nop\n.pushsection .altinstructions\n.word 1b - .\n.popsection")
              .find("an entry of .altinstructions: a layout") != std::string::npos);
    CHECK(
        refusal("1: nop\n.pushsection .altinstructions\n.word 1b, 1b - .\n.hword 3\n.byte 4, 4\n.popsection")
            .find("not relative to its own place") != std::string::npos);
    CHECK(refusal("1: nop\n.pushsection .altinstructions\n.word 1b - ., 1b - .\n.hword other\n.byte 4, "
                  "4\n.popsection")
              .find("a number that is not known") != std::string::npos);
    CHECK(refusal("1: nop\n2: nop\n.pushsection .altinstructions\n.word 1b - ., 2b - .\n.hword 3\n.byte 4, "
                  "8\n.popsection")
              .find("not equally long") != std::string::npos);
    CHECK(refusal("9: nop\n.pushsection __bug_table\n.long 9b - .\n.short 1\n.popsection")
              .find("it is no BRK") != std::string::npos);
    CHECK(
        refusal("9:\n.pushsection __bug_table\n.long 9b - .\n.short 1\n.popsection").find("no instruction") !=
        std::string::npos);
    CHECK(refusal("1: nop\n.pushsection __jump_table\n.long 1b - ., 1b - .\n.quad 1b - .\n.popsection")
              .find("a key that is no operand") != std::string::npos);
    CHECK(refusal(".pushsection .static_call_sites\n.long 1\n.popsection") ==
          "inline assembly: a section '.static_call_sites' whose meaning is not known here");
    CHECK(refusal("1: ldr x0, [x1]\n.pushsection __ex_table, \"a\"\n.long 1b - ., 2f - .\n.short 1, "
                  "2\n.popsection\n2:") == "");
}

TEST_CASE("functions that module-level assembly defines") {
    CHECK(defined_functions(".section \".export_symbol\",\"a\"\n__export_f: .asciz \"GPL\"\n.previous")
              .empty());
    CHECK(defined_functions(".globl own_entry\nown_entry:\n1: nop\nret\n.size own_entry, . - own_entry") ==
          std::vector<std::string>{"own_entry"});
}
