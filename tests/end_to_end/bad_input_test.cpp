// SPDX-License-Identifier: Apache-2.0
//
// Malformed files: file:line:column, the line, a caret, exit 2.
#include <regex>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

const std::string region = "region r { va = 0xffff000080000000; pa = 0; size = 64K; level = 3; }\n";

void is_rejected(const std::string& name, const std::string& text) {
    const TemporaryFolder folder;
    folder.write(name, text);
    const auto run = run_tlbcheck({"check", name}, {}, folder.path());
    CAPTURE(text, run.err);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(std::regex_search(run.err, std::regex(name + R"(:\d+:\d+: error: .*\n.*\n *\^)")));
}

}  // namespace

TEST_CASE("malformed schedules are rejected at their place") {
    for (const std::string& text : {
             region + "thread P0 { clear(r) }\n",                                       // syntax
             region + "thread P0 { clear(r); \n",                                       // end of file
             region + "thread P0 { frobnicate(r); }\n",                                 // unknown helper
             region + "thread P0 { clear(q); }\n",                                      // unknown name
             "def f() { g(); }\ndef g() { f(); }\n" + region + "thread P0 { f(); }\n",  // recursion
             region + "region s { va = 0xffff000080008000; pa = 0; size = 64K; level = 3; }\n"  // overlap
                      "thread P0 { clear(r); }\n",
             std::string("region r { va = 0x800; pa = 0; size = 4K; level = 3; }\nthread P0 { isb(); }\n"),
             std::string("region r { va = 0x1000; pa = 0; size = 64K; level = 3; contiguous = true; }\n"
                         "thread P0 { isb(); }\n"),
             std::string(
                 "region r { va = 0; pa = 0; size = 999999999T; level = 3; }\nthread P0 { isb(); }\n"),
             std::string("region r { va = 0; pa = 0; size = 0; level = 3; }\nthread P0 { isb(); }\n"),
             std::string("machine { granule = 5K; }\n") + region + "thread P0 { isb(); }\n",
             region + "thread P0 { tlbi(vae9is, r); }\n",  // unknown operation
             region + "thread P0 { dsb(nope); }\n",
             region + "thread P0 { isb(); }\nassert no_stale_entry(q);\n",
             region + "thread P0 { isb(); }\nassert no_such_property;\n",
             "include \"not_there.sched\";\n" + region + "thread P0 { isb(); }\n",
             region + "thread P0 { \x01\xff }\n",
         }) {
        is_rejected("bad.sched", text);
    }
}

TEST_CASE("malformed litmus tests are rejected at their place") {
    for (const std::string& text : {
             std::string("AArch64 T\n{ x=1; \n P0;\n NOP;\nexists (x=1)\n"),
             std::string("AArch64 T\n{ 0:X1=x; }\n P0 ;\n FROB X0,X1 ;\nexists (0:X0=1)\n"),
             std::string("AArch64 T\n{ 0:X1=x; }\n P0 ;\n LDR W0,[X1 ;\nexists (0:X0=1)\n"),
             std::string("AArch64 T\n{ 0:X1=x; }\n P0 ;\n LDR W0,[X1] ;\nexists (0:X0=\n"),
         }) {
        is_rejected("bad.litmus", text);
    }
}

TEST_CASE(
    "a litmus test whose values have no meaning is an error of the test, also where no execution is left") {
    for (const std::string code : {" ORR X3,X1,X2 ;\n LDR X4,[X3] ;\n", " MUL X3,X1,X2 ;\n"}) {
        const TemporaryFolder folder;
        folder.write("t.litmus", "AArch64 T\n{\n0:X1=x; 0:X2=y;\n}\n P0 ;\n" + code + "exists (0:X3=0)\n");
        for (const std::string command : {"check", "states"}) {
            const auto run = run_tlbcheck({command, "t.litmus"}, {}, folder.path());
            CAPTURE(code, command, run.out, run.err);
            CHECK(run.status == 2);
            CHECK((run.out + run.err).find("t.litmus:6:2: error: arithmetic on values") != std::string::npos);
        }
    }
}
