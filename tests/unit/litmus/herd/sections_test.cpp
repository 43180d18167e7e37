// SPDX-License-Identifier: Apache-2.0
#include "litmus/herd/sections.hpp"

#include "tests/unit/litmus/herd/test_text.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::herd;
using tlbcheck::model::FaultHandling;

TEST_CASE("name, doc string and header fields are found; other header text is skipped") {
    const auto p = program_of(
        "AArch64 MP+pos.litmus\n\"a doc\"\n(* note *)\nCycle=a b\nsome words\nHash=12\n{ x=0; }\n P0 ;\n NOP "
        ";\nexists (x=0)\n");
    CHECK(p.name == "MP+pos");
    CHECK(p.doc == "a doc");
    CHECK(p.field("hash") == "12");
    CHECK(p.field("Cycle") == "a b");
    CHECK(p.field("absent").empty());
}

TEST_CASE(
    "variants of the header come after those of the command line: tags unite, the last fault mode wins") {
    ReadOptions options;
    options.variants = {"vmsa", "fatal", "ets2"};
    const auto p = program_of(one_thread("NOP", "x=0;", "exists (x=0)", "variant=imprecise,ETS3\n"), options);
    CHECK(p.variants.ets2);
    CHECK(p.variants.ets3);
    CHECK(p.variants.faults == FaultHandling::handled);
    CHECK(program_of(one_thread("NOP"), options).variants.faults == FaultHandling::fatal);
}

TEST_CASE("precise is fatal, imprecise is handled, faultToNext is skip") {
    const auto mode = [](const std::string& tag) {
        return program_of(one_thread("NOP", "x=0;", "exists (x=0)", "Variant=" + tag + "\n")).variants.faults;
    };
    CHECK(mode("precise") == FaultHandling::fatal);
    CHECK(mode("handled") == FaultHandling::handled);
    CHECK(mode("faultToNext") == FaultHandling::skip);
}

TEST_CASE("an unknown variant is an error at its place, a known one that is not supported says so") {
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (x=0)", "Variant=vmsa,foo\n")) ==
          "2:14: no variant is called 'foo'");
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (x=0)", "Variant=mixed\n")) ==
          "2:9: variant 'mixed' is not supported");
    ReadOptions options;
    options.variants = {"bar"};
    CHECK_FALSE(read_text(one_thread("NOP"), options).ok());
}

TEST_CASE("TTHM is for all threads or one, and HD implies HA") {
    const auto all = program_of(one_thread("NOP", "x=0;", "exists (x=0)", "TTHM=HA\n")).hardware;
    CHECK(all.ha_on(0));
    CHECK_FALSE(all.hd_on(0));
    const auto one = program_of(one_thread("NOP", "x=0;", "exists (x=0)", "TTHM=P1:HD P0:SW\n")).hardware;
    CHECK(one.ha_on(1));
    CHECK(one.hd_on(1));
    CHECK_FALSE(one.ha_on(0));
    CHECK(one.software_on(0));
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (x=0)", "TTHM=HX\n")) == "2:6: expected HA, HD or SW");
}

TEST_CASE("EL0 and Unroll") {
    const auto p = program_of(one_thread("NOP", "x=0;", "exists (x=0)", "EL0=P0\nUnroll=5\n"));
    CHECK(p.threads[0].user);
    CHECK(p.unroll == 5);
    CHECK(program_of(one_thread("NOP")).unroll == 2);
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (x=0)", "Unroll=many\n")) ==
          "2:8: expected a number up to 999");
}

TEST_CASE("a file that is no AArch64 test is refused at its first word") {
    CHECK(error_of("X86 MP\n{}\n") == "1:1: architecture 'X86' is not supported");
    CHECK(error_of("AArch64 T\n") == "2:1: expected '{', the initial state");
    CHECK(error_of("AArch64 T\n{ x=0;\n") == "2:1: initial state without an end");
}
