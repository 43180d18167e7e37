// SPDX-License-Identifier: Apache-2.0
#include "litmus/herd/code_parser.hpp"

#include "tests/unit/litmus/herd/test_text.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::herd;

TEST_CASE("columns, labels on lines of their own, empty cells and fault handlers") {
    const auto p = program_of(
        "AArch64 T\n{ x=0; }\n P0 | P1 | P1.F ;\n MOV W0,#1 | L1: | ERET ;\n | L0: LDR W2,[X3] | ;\n | CBZ "
        "W2,L1 "
        "| ;\n | Lend: | ;\nexists (x=0)\n");
    REQUIRE(p.threads.size() == 2);
    CHECK(p.threads[0].code.size() == 1);
    CHECK(p.threads[1].code.size() == 2);
    CHECK(p.threads[1].handler->size() == 1);
    CHECK(p.threads[1].labels.at("L1") == 0);
    CHECK(p.threads[1].labels.at("L0") == 0);
    CHECK(p.threads[1].labels.at("Lend") == 2);
    CHECK(p.threads[1].code[1].target == 0);
    CHECK(p.threads[1].code[0].text == "LDR W2,[X3]");
    CHECK(p.threads[1].code[0].place.line == 5);
}

TEST_CASE("tables that do not fit together are refused") {
    CHECK(error_of("AArch64 T\n{ }\n P0 | P1 ;\n NOP | NOP | NOP ;\n") ==
          "4:14: this row has more cells than there are threads");
    CHECK(error_of("AArch64 T\n{ }\n P0 | P1 | P2 ;\n NOP | NOP ;\n") ==
          "4:2: this row has 2 cells, the head has 3");
    CHECK(error_of("AArch64 T\n{ }\n P0 | P0 ;\n NOP | NOP ;\n") == "3:7: this thread is already there");
    CHECK(error_of("AArch64 T\n{ }\n P0 | P1.F ;\n NOP | NOP ;\n") ==
          "3:7: a fault handler of a thread that does not exist");
    CHECK(error_of("AArch64 T\n{ }\n P0 ;\n B L7 ;\n") == "4:2: there is no label 'L7' on P0");
    CHECK(error_of("AArch64 T\n{ }\n P0 ;\n L0: NOP ;\n L0: NOP ;\n") ==
          "5:2: label 'L0' is already on this thread");
    CHECK(error_of("AArch64 T\n{ }\n P0 ;\n NOP NOP ;\n") ==
          "4:6: expected ';' or '|' after the instruction");
}

TEST_CASE("a branch by distance counts bytes from itself") {
    const auto code =
        program_of(one_thread("B .+8 ;\n NOP ;\n CBNZ W0,.-8 ;\n TBZ X0,#1,.+4")).threads.at(0).code;
    CHECK(code.at(0).target == 2);
    CHECK(code.at(2).target == 0);
    CHECK(code.at(3).target == 4);
    CHECK(error_of(one_thread("B .+8")) == "4:2: the branch leaves the thread's code");
    CHECK(error_of(one_thread("B .+2")) == "4:2: the branch leaves the thread's code");
}
