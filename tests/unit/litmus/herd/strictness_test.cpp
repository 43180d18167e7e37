// SPDX-License-Identifier: Apache-2.0
//
// What is no test is refused at its place, as herd7 refuses it.
#include "tests/unit/litmus/herd/test_text.hpp"

using namespace tlbcheck::litmus::herd;  // NOLINT(google-build-using-namespace)

TEST_CASE("a condition speaks of locations and threads that the test has") {
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (x=0 /\\ zz=1)")) ==
          "5:16: there is no location 'zz' in this test");
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (fault(P0,w))")) ==
          "5:18: there is no location 'w' in this test");
    CHECK(error_of(one_thread("NOP", "x=0;", "locations [v;] exists (x=0)")) ==
          "5:12: there is no location 'v' in this test");
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (3:X1=0)")) == "5:1: there is no thread P3");
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (0:X1=q)")) ==
          "5:14: there is no location 'q' in this test");
    CHECK(error_of(one_thread("NOP", "[PTE(x)]=(valid:1);", "exists ([PTE(x)]=(oa:PA(q)))")) ==
          "5:25: there is no location 'q' in this test");
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (fault(P0:L7,x))")) == "5:1: there is no label 'P0:L7'");
}

TEST_CASE("a label stands once in the test, and ADR names one that is there") {
    CHECK(error_of("AArch64 T\n{ x=0; }\n P0 | P1 ;\n L0: NOP | L0: NOP ;\nexists (x=0)\n") ==
          "3:7: label 'L0' stands more than once in this test");
    CHECK(error_of(one_thread("ADR X0,L9", "x=0;")) == "4:2: there is no label 'L9' on P0");
    CHECK(error_of("AArch64 T\n{ x=0; }\n P0 | P1 ;\n ADR X0,L1 | L1: NOP ;\nexists (x=0)\n") ==
          "4:2: there is no label 'L1' on P0; give a register the initial value P1:L1");
    const auto p =
        program_of("AArch64 T\n{ x=0; }\n P0 | P1 ;\n NOP | ADR X0,L1 ;\n NOP | L1: NOP ;\nexists (x=0)\n");
    CHECK(p.threads[1].code[0].label_thread == 1);
}

TEST_CASE("the ordered pairs have 64-bit registers only") {
    CHECK(error_of(one_thread("LDAP W0,W1,[X2]", "x=0;")) == "4:7: expected an X register");
    CHECK(error_of(one_thread("STLP W0,W1,[X2]", "x=0;")) == "4:7: expected an X register");
    CHECK(program_of(one_thread("LDAP X0,X1,[X2]", "x=0;")).threads[0].code[0].size == 64);
}

TEST_CASE("a field of a descriptor is given once") {
    CHECK(error_of(one_thread("NOP", "x=0; [PTE(x)]=(oa:PA(x),valid:0,valid:1);")) ==
          "2:35: 'valid' is given twice");
    CHECK(error_of(one_thread("NOP", "x=0; [PTE(x)]=(oa:PA(x),oa:PA(x));")) == "2:27: 'oa' is given twice");
}

TEST_CASE("code holds instructions, branches by their distance") {
    const auto p = program_of(
        "AArch64 T\n{ x=0; }\n P0 ;\n L0: nop ;\n L1: B L3 ;\n L2: add w0, w0, #1 ;\n L3: CBZ W1,L0 ;\n"
        " L4: ;\nexists (x=0)\n");
    const auto& thread = p.threads[0];
    CHECK(thread.word_at("L0")->symbol == "NOP");
    CHECK(thread.word_at("L1")->symbol == "B .+8");
    CHECK(thread.word_at("L2")->symbol == "ADD W0,W0,#1");
    CHECK(thread.word_at("L3")->symbol == "CBZ W1,.-12");
    CHECK_FALSE(thread.word_at("L4"));
}
