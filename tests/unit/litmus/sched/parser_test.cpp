// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/parser.cpp, expression_parser.cpp and include.cpp: syntax and its errors.

#include "litmus/sched/parser.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using namespace tlbcheck::litmus;
using tlbcheck::tests::sched_errors;
using tlbcheck::tests::sched_program;

namespace {

/// The instructions of a thread that stores the value of `expression`.
std::uint64_t value_of(const std::string& expression) {
    const auto program = sched_program("flag f; thread P0 store(f, " + expression + ");");
    const auto& instruction = program.threads.at(0).code.at(0).body.at(0);
    return std::get<tlbcheck::model::Access>(instruction.operation).value;
}

}  // namespace

TEST_CASE("operators bind as in C") {
    CHECK(value_of("1 + 2 * 3") == 7);
    CHECK(value_of("(1 + 2) * 3") == 9);
    CHECK(value_of("10 - 4 - 3") == 3);
    CHECK(value_of("1 << 4 | 3") == 19);
    CHECK(value_of("1 == 1 && 2 > 3 || !0") == 1);
    CHECK(value_of("7 / 2 % 2") == 1);
    CHECK(value_of("-7 % 4") == 1);
    CHECK(value_of("~0 & 0xff") == 255);
    CHECK(value_of("6 ^ 3") == 5);
    CHECK(value_of("3 > 2 ? 10 : 20") == 10);
    CHECK(value_of("0 ? 1 : 0 ? 2 : 3") == 3);
    CHECK(value_of("min(3, 4) + max(3, 4) + align_up(5, 4) + align_down(7, 4)") == 19);
}

TEST_CASE("a body is one statement or a braced list") {
    const auto program = sched_program(
        "thread A isb(); thread B { isb(); ; { isb(); } } thread C if (0) isb(); else if (1) dsb(sy); thread "
        "D {}");
    CHECK(instruction_count(program.threads[0]) == 1);
    CHECK(instruction_count(program.threads[1]) == 2);
    CHECK(tlbcheck::tests::show(program.threads[2]) == "DSB SY\n");
    CHECK(instruction_count(program.threads[3]) == 0);
}

TEST_CASE("the last separator of a settings block may be left out, and a comma separates too") {
    const auto program = sched_program("machine { ets = 2, bbm_level = 1 } thread A isb();");
    CHECK(program.hardware.ets == 2);
    CHECK(program.hardware.bbm_level == 1);
}

TEST_CASE("syntax errors name what was expected, and where") {
    CHECK(sched_errors("thread P0 {\n    isb()\n    isb();\n}") ==
          "test.sched:2:10: error: expected ';' after the call\n    isb()\n         ^\n");
    CHECK(sched_errors("thread P0 { isb( }").find("test.sched:1:18: error: expected a value, found '}'") ==
          0);
    CHECK(sched_errors("thread P0 {").find("test.sched:1:11: error: this '{' is not closed") == 0);
    CHECK(sched_errors("region r = 3").find("expected '{' after 'region', found '='") != std::string::npos);
    CHECK(sched_errors("thread P0 x = 3;").find("hint: a local name is made by 'let x = ...;'") !=
          std::string::npos);
    CHECK(sched_errors("tread P0 {}").find("hint: did you mean 'thread'?") != std::string::npos);
    CHECK(sched_errors("param if = 3;").find("'if' is a word of the language") != std::string::npos);
    CHECK(sched_errors("machine { ets = 2; ets = 3; } thread A isb();")
              .find("test.sched:1:20: error: 'ets' is given twice") == 0);
    CHECK(sched_errors("thread A tlbi(vae1is, ttl = 3, 5);")
              .find("an argument without a name follows one with a name") != std::string::npos);
    CHECK(sched_errors("thread A tlbi(vae1is, 5, ttl = 3, ttl = 3);").find("'ttl' is given twice") !=
          std::string::npos);
}

TEST_CASE("deep nesting of a schedule is an error, not a crash") {
    const auto repeat = [](const std::string& part, int times) {
        std::string text;
        for (int k = 0; k < times; ++k) text += part;
        return text;
    };
    CHECK(sched_errors("thread A " + repeat("{", 100000)).find("nested too deeply") != std::string::npos);
    CHECK(sched_errors("param x = " + repeat("(", 100000)).find("nested too deeply") != std::string::npos);
    CHECK(sched_errors("param x = " + repeat("-", 100000)).find("nested too deeply") != std::string::npos);
    CHECK(sched_errors("param x = 1" + repeat(" + 1", 100000) + ";").find("too long") != std::string::npos);
    CHECK(sched_errors("param x = y" + repeat(".a", 100000) + ";").find("too long") != std::string::npos);
    CHECK(sched_errors("thread A " + repeat("if (1) ", 100000)).find("nested too deeply") !=
          std::string::npos);
    CHECK(sched_errors("thread A " + repeat("f(", 100000)).find("nested too deeply") != std::string::npos);
    CHECK(sched_errors("param x = " + repeat("(1 + ", 90) + "1" + repeat(")", 90) + "; thread A isb();") ==
          "");
}

TEST_CASE("no prefix of a real schedule crashes the parser") {
    const std::string text = tlbcheck::tests::with_region(
        "param p = 3; flag f; def g(a, b) { let c = a; if (b) clear(c); else tlbi(vae1is, c, ttl = 3); }\n"
        "thread P0 { for (s : sets(linear)) for (x : s) g(x, x.start == linear.start); await(f == 1); }\n"
        "thread P1 store(f, p); witness no_stale_entry(linear) with { contiguous_fill = none; };",
        "contiguous = true;");
    CHECK(sched_errors(text) == "");
    for (std::size_t length = 0; length < text.size(); ++length) sched_errors(text.substr(0, length));
}

TEST_CASE("an include is looked up once, and a missing one is an error with a hint") {
    CHECK(sched_errors("include \"linux.sched\"; include \"linux.sched\"; thread A flush_tlb_all();") == "");
    CHECK(sched_errors("include \"linus.sched\"; thread A isb();")
              .find("test.sched:1:9: error: cannot include \"linus.sched\"") == 0);
    int reads = 0;
    const sched::IncludeResolver resolver = [&](const std::string& from, const std::string& path,
                                                std::string&) {
        ++reads;
        CHECK(from == (path == "b" ? "a" : "b"));
        return make_source(path, path == "b" ? "include \"a\"; def f() isb();" : "unused");
    };
    const auto file = sched::parse_schedule(make_source("a", "include \"b\"; thread P0 f();"), resolver);
    REQUIRE(file.ok());
    CHECK(reads == 2);
    CHECK(file.value().sources().size() == 2);
}

TEST_CASE("an error in an included file names that file") {
    const sched::IncludeResolver resolver = [](const std::string&, const std::string&, std::string&) {
        return make_source("inc", "\n  def f( {}");
    };
    const auto file = sched::parse_schedule(make_source("a", "include \"b\"; thread P0 f();"), resolver);
    REQUIRE_FALSE(file.ok());
    CHECK(render(file.diagnostics()).find("inc:2:10: error:") == 0);
}

TEST_CASE("the title is that of the main file") {
    CHECK(sched_program("schedule \"mine\"; thread A isb();").title == "mine");
}
