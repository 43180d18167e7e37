// SPDX-License-Identifier: Apache-2.0
#include "litmus/herd/code_parser.hpp"
#include "tests/unit/litmus/herd/test_text.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::herd;
using namespace tlbcheck::model;

namespace {
LitmusInstruction instruction(const std::string& text) {
    return program_of(one_thread("L0: " + text)).threads.at(0).code.at(0);
}
std::string instruction_error(const std::string& text) {
    return error_of(one_thread(text));
}
}  // namespace

TEST_CASE("every family of instructions is read") {
    for (const char* text : {"NOP",
                             "B L0",
                             "BL L0",
                             "BR X1",
                             "BLR X1",
                             "RET",
                             "RET X3",
                             "ERET",
                             "SVC #0",
                             "UDF #0",
                             "B.NE L0",
                             "B.HS L0",
                             "CBZ W1,L0",
                             "CBNZ X1,L0",
                             "TBZ W1,#3,L0",
                             "TBNZ X1,#63,L0",
                             "ADR X1,L0",
                             "LDR X0,[X1]",
                             "LDRB W0,[X1]",
                             "LDRSW X0,[X1,#4]",
                             "LDRSB W0,[X1]",
                             "LDUR W0,[X1,#4]",
                             "LDP W0,W2,[X1]",
                             "LDNP X0,X2,[X1,#16]",
                             "LDPSW X0,X2,[X1]",
                             "LDIAPP X0,X2,[X1]",
                             "STP X0,X2,[X1],#16",
                             "STILP X0,X2,[X1]",
                             "LDXP X0,X2,[X1]",
                             "LDAXP W0,W2,[X1]",
                             "STXP W3,X0,X2,[X1]",
                             "STLXP W3,W0,W2,[X1]",
                             "LDAR W0,[X1]",
                             "LDAPRH W0,[X1]",
                             "LDAXRB W0,[X1]",
                             "STLR X0,[X1]",
                             "STLXR W2,X0,[X1]",
                             "SWPAL W0,W2,[X1]",
                             "CASAB W0,W2,[X1]",
                             "CASPAL X0,X1,X2,X3,[X4]",
                             "LDADDALH W0,W2,[X1]",
                             "LDCLRL X0,X2,[X1]",
                             "LDSMAXA W0,W2,[X1]",
                             "STUMINL W0,[X1]",
                             "STADD X0,[X1]",
                             "MOV X0,#1",
                             "MOV W0,W1",
                             "MOV X0,XZR",
                             "MOVZ X0,#1,LSL #16",
                             "MOVN W0,#1",
                             "MOVK X0,#1,LSL #48",
                             "ADDS W0,W1,#1",
                             "SUB X0,X1,X2,LSL #3",
                             "ADD X0,X1,W2,SXTW #2",
                             "AND X0,X1,#64",
                             "BICS W0,W1,W2",
                             "ORN W0,W1,W2",
                             "CMP W1,W2",
                             "TST X1,#4",
                             "NEG X0,X1",
                             "MVN W0,W1",
                             "LSR X9,X3,12",
                             "ROR X0,X1,X2",
                             "LSLV W0,W1,W2",
                             "MADD X0,X1,X2,X3",
                             "MUL W0,W1,W2",
                             "UBFM X0,X1,#3,#7",
                             "SBFM W0,W1,#3,#7",
                             "EXTR X0,X1,X2,#8",
                             "RBIT W0,W1",
                             "REV X0,X1",
                             "REV16 W0,W1",
                             "ABS X0,X1",
                             "SXTW X0,W1",
                             "CSEL W0,W1,W2,EQ",
                             "CSINC X0,X1,X2,LT",
                             "CSET W0,NE",
                             "CSETM X0,GE",
                             "CINC W0,W1,HI",
                             "DMB ISHLD",
                             "DSB SY",
                             "ISB",
                             "TLBI VMALLE1IS",
                             "TLBI VAAE1IS,X1",
                             "TLBI VALE2ISNXS,X1",
                             "DC CVAU,X1",
                             "DC CIVAC,X1",
                             "IC IVAU,X1",
                             "IC IALLUIS",
                             "MRS X0,NZCV",
                             "MSR ELR_EL1,X9",
                             "str w0,[x1,w2,sxtw]",
                             "STR W0,[X1,#4]!",
                             "LDR W0,[X1],#4"}) {
        INFO(text);
        CHECK(read_text(one_thread("L0: " + std::string(text))).ok());
    }
}

TEST_CASE("widths, sizes and orderings follow the mnemonic") {
    CHECK(instruction("LDAPRH W0,[X1]").size == 16);
    CHECK(instruction("LDAPRH W0,[X1]").ordering.acquire_pc);
    CHECK(instruction("STLXR W2,X0,[X1]").size == 64);
    CHECK(instruction("STLXR W2,X0,[X1]").ordering.release);
    CHECK(instruction("LDADDAL W0,WZR,[X1]").ordering.acquire);
    CHECK(instruction("STADD W0,[X1]").reg[1] == zero_register);
    CHECK(instruction("CSET W0,NE").condition == LitmusCondition::eq);
    CHECK(instruction("CMP W1,W2").reg[0] == zero_register);
    CHECK(instruction("LDR W0,[X1,W2,SXTW #2]").address.offset.shift == ShiftKind::sxtw);
    CHECK(instruction("LDR W0,[X1],#4").address.mode == AddressMode::post_index);
    CHECK(instruction("DSB ISHST").barrier->access == BarrierAccess::st);
}

TEST_CASE("an instruction that is not supported is named") {
    CHECK(instruction_error("FADD D0,D1,D2") == "4:2: instruction 'FADD' is not supported");
    CHECK(instruction_error("TLBI RVAE1IS,X1") == "4:7: TLBI operation 'RVAE1IS' is not supported");
    CHECK(instruction_error("DC ZVA,X1") == "4:5: DC operation 'ZVA' is not supported");
    CHECK(instruction_error("MRS X0,TTBR0_EL1") == "4:9: system register 'TTBR0_EL1' is not supported");
}

TEST_CASE("operands that do not fit are refused where they stand") {
    CHECK(instruction_error("LDR W0,[W1]") == "4:10: expected an X register");
    CHECK(instruction_error("SWP W0,X1,[X2]") == "4:9: expected a W register");
    CHECK(instruction_error("LDRB X0,[X1]") == "4:7: expected a W register");
    CHECK(instruction_error("DMB FOO") == "4:6: 'FOO' is no barrier option");
    CHECK(instruction_error("TBZ W0,#32,L0") == "4:9: expected a number from 0 to 31");
    CHECK(instruction_error("CAS W0,W1,[X2,#4]") == "4:18: expected no offset");
    CHECK(instruction_error("LDR W0,[X1,W2]!") == "4:18: a register offset takes no index update");
    CHECK(instruction_error("MOV W0") == "4:9: expected ','");
}
