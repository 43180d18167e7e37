// SPDX-License-Identifier: Apache-2.0
#include "litmus/isla/reader.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace {

using namespace tlbcheck;
using litmus::isla::read_litmus_toml;
using model::LitmusProgram;

std::string test_text(const std::string& setup, const std::string& code, const std::string& reset,
                      const std::string& assertion = "true") {
    return "arch = \"AArch64\"\nname = \"t\"\nsymbolic = [\"x\"]\npage_table_setup = \"\"\"\n" + setup +
           "\n\"\"\"\n[thread.0]\ncode = \"\"\"\n" + code + "\n\"\"\"\n[thread.0.reset]\n" + reset +
           "\n[final]\nassertion = \"" + assertion + "\"\n";
}

LitmusProgram program_of(const std::string& text) {
    const auto result = read_litmus_toml(litmus::make_source("t.litmus.toml", text));
    INFO(litmus::render(result.diagnostics()));
    REQUIRE(result.ok());
    return result.value();
}

std::string error_of(const std::string& text) {
    const auto result = read_litmus_toml(litmus::make_source("t.litmus.toml", text));
    REQUIRE_FALSE(result.ok());
    return litmus::render(result.diagnostics());
}

std::uint64_t initial(const LitmusProgram& p, model::RegisterId reg) {
    for (const model::LitmusInitial& i : p.initial) {
        if (i.location.is_register && i.location.reg == reg) return i.values.front().number;
    }
    FAIL("no such register");
    return 0;
}

}  // namespace

TEST_CASE("tables are words in memory: the descriptor that pte3 finds maps the page") {
    const LitmusProgram p = program_of(test_text("physical pa1; x |-> pa1; *pa1 = 7;", "NOP",
                                                 "R0 = \"desc3(x, page_table_base)\"\n"
                                                 "R1 = \"pte3(x, page_table_base)\"\n"
                                                 "R2 = \"pa1\"\nR3 = \"mkdesc3(oa=pa1)\""));
    REQUIRE(p.translation);
    CHECK(initial(p, 0) == initial(p, 3));
    CHECK(p.translation->word(initial(p, 1)) == initial(p, 0));
    CHECK(p.translation->word(initial(p, 2)) == 7);
    CHECK((initial(p, 0) & 0x0000fffffffff000U) == initial(p, 2));
    const model::TranslationTable* table = p.translation->table_page(initial(p, 1));
    REQUIRE(table != nullptr);
    CHECK(table->stage == 1);
    CHECK(table->level == 3);
}

TEST_CASE("an invalid block entry has no table below it, and a mapping that may come is not there at first") {
    const LitmusProgram p =
        program_of(test_text("physical pa1; x |-> invalid at level 2; x ?-> pa1 at level 2;", "NOP",
                             "R0 = \"desc2(x, page_table_base)\"\nR1 = \"mkdesc2(oa=pa1)\""));
    CHECK(initial(p, 0) == 0);
    CHECK((initial(p, 1) & 3U) == 1);
}

TEST_CASE("addresses are chosen so that assertions hold") {
    const LitmusProgram p =
        program_of(test_text("physical pa1 pa2; intermediate ipa1; assert pa1 == ipa1;\n"
                             "assert pa2[48..12] == add_bits_int(pa1[48..12], 1);",
                             "NOP", "R0 = \"pa1\"\nR1 = \"ipa1\"\nR2 = \"pa2\""));
    CHECK(initial(p, 0) == initial(p, 1));
    CHECK(initial(p, 2) == initial(p, 0) + 4096);
    CHECK(error_of(test_text("physical pa1 pa2; assert pa1 == pa2; assert pa1 != pa2;", "NOP", ""))
              .find("assert") != std::string::npos);
}

TEST_CASE("registers, levels and local labels") {
    const LitmusProgram p =
        program_of(test_text("physical pa1; x |-> pa1;", "CBZ X0,1f\nNOP\n1: HVC #0",
                             "\"PSTATE.EL\" = \"0b01\"\n"
                             "VTTBR_EL2 = \"ttbr(vmid=0x0003, base=s2_page_table_base)\"\n"
                             "R4 = \"extz(page(x), 64)\""));
    REQUIRE(p.threads.front().layout);
    CHECK(p.threads.front().layout->exception_level == 1);
    CHECK(p.threads.front().code.front().target == 2);
    CHECK(initial(p, model::vttbr_el2) >> 48U == 3);
    CHECK(initial(p, 4) != 0);
}

TEST_CASE("what is not supported is an error with its place") {
    const std::string unknown = error_of(test_text("physical pa1; x |-> pb1;", "NOP", ""));
    CHECK(unknown.find("t.litmus.toml:5:21: error: there is no address 'pb1'") != std::string::npos);
    CHECK(unknown.find("did you mean 'pa1'?") != std::string::npos);
    CHECK(error_of(test_text("", "FOO X1", "")).find("t.litmus.toml:9:1: error") != std::string::npos);
    CHECK(error_of(test_text("", "NOP", "R99 = \"0x1\"")).find("register 'R99'") != std::string::npos);
    CHECK(error_of(test_text("", "NOP", "", "1:X0 = 1")).find("no such thread") != std::string::npos);
    CHECK(error_of("name = \"t\"\nfoo = 1\n").find("unknown key 'foo'") != std::string::npos);
    const std::string deep = "R0 = \"" + std::string(100000, '(') + "1\"";
    CHECK(error_of(test_text("", "NOP", deep)).find("nested too deeply") != std::string::npos);
    CHECK(error_of("[").find("t.litmus.toml:1") != std::string::npos);
}
