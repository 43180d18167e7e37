// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/asm/text.cpp and preprocessor.cpp.

#include "litmus/kernel/asm/preprocessor.hpp"

#include "litmus/kernel/asm/error.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus::kernel::assembly;

namespace {

/// All statements, joined by '|'; labels as "name:".
std::string read(std::string_view text) {
    Preprocessor reader(text);
    std::string result;
    while (const auto statement = reader.next()) {
        for (const std::string& label : statement->labels) result += label + ":";
        result += statement->word;
        if (!statement->operands.empty()) result += " " + statement->operands;
        result += "|";
    }
    return result;
}

std::string read_failure(std::string_view text) {
    try {
        read(text);
    } catch (const AsmError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("statements end at lines and semicolons; comments are no statements") {
    CHECK(read("nop; isb // rest\n# whole line\n/* a\n b */ dsb ish") == "nop|isb|dsb ish|");
    CHECK(read(".string \"a;b // c\"; nop") == ".string \"a;b // c\"|nop|");
    CHECK(read("7: 8:NOP\nfoo: ") == "7:8:nop|foo:|");
    CHECK(read("add x0, x1, #4") == "add x0, x1, #4|");
    CHECK(read("") == "");
}

TEST_CASE("operands are split at commas outside brackets and quotes") {
    CHECK(split_operands("[x0, #8], (1, 2), \"a,b\"") ==
          std::vector<std::string>{"[x0, #8]", "(1, 2)", "\"a,b\""});
    CHECK(split_operands("  ").empty());
}

TEST_CASE("conditions choose what is read, nested ones too") {
    CHECK(read(".if 2 == 2\n a\n.else\n b\n.endif") == "a|");
    CHECK(read(".if 0\n a\n.if 1\n b\n.endif\n.elseif 3\n c\n.else\n d\n.endif\ne") == "c|e|");
    CHECK(read(".set n, 4\n.ifdef n\n a\n.endif\n.ifndef m\n b\n.endif\n.ifc x, x\n c\n.endif") == "a|b|c|");
    CHECK(read_failure(".if 1\nnop") == "inline assembly: '.if' without '.endif'");
    CHECK(read_failure(".endif") == "inline assembly '.endif': there is no '.if' for it");
    CHECK(read_failure(".if unknown\n.endif").find("needs the value of 'unknown'") != std::string::npos);
}

TEST_CASE("repetitions are written out") {
    CHECK(read(".rept 3\nnop\n.endr") == "nop|nop|nop|");
    CHECK(read(".rept 2\n.rept 2\nnop\n.endr\nisb\n.endr") == "nop|nop|isb|nop|nop|isb|");
    CHECK(read(".irp r, 1, 5\nmov x\\r, #\\r\n.endr") == "mov x1, #1|mov x5, #5|");
    CHECK(read_failure(".rept 2\nnop").find("no '.endr' ends it") != std::string::npos);
    CHECK(read_failure(".rept 1000000000\nnop\n.endr").find("out of bounds") != std::string::npos);
}

TEST_CASE("macros are expanded with their arguments") {
    CHECK(read(".macro two, a, b\nmov \\a, \\b\nisb\n.endm\ntwo x1, (1 + 2) << 3\n.purgem two") ==
          "mov x1, (1 + 2) << 3|isb|");
    CHECK(read(".macro m a b=7\nadd \\a\\()1, \\b\n.endm\nm x") == "add x1, 7|");
    CHECK(read(".macro outer\n.macro inner\nisb\n.endm\ninner\n.endm\nouter") == "isb|");
    CHECK(read_failure("m: .purgem gone") == "inline assembly '.purgem gone': no such macro");
    CHECK(read_failure(".macro m a\n.endm\nm 1, 2").find("more arguments") != std::string::npos);
    CHECK(read_failure(".macro m a:vararg\n.endm").find("vararg") != std::string::npos);
    CHECK(read_failure(".macro loop\nloop\n.endm\nloop").find("more statements than any template has") !=
          std::string::npos);
}

TEST_CASE("a template may number registers by symbols, as code does that encodes instructions itself") {
    CHECK(read(".irp n,0,1,2\n.equ .Lreg_x\\n, \\n\n.endr\n.if .Lreg_x2 == 2\nnop\n.endif") == "nop|");
    CHECK(read("value = 3 + 4\n.if value == 7\nnop\n.endif") == "nop|");
    Preprocessor reader(".set a, 0x10\n.set a, a + 1");
    CHECK_FALSE(reader.next());
    CHECK(reader.symbol("a") == 17);
    CHECK_FALSE(reader.symbol("b"));
}
