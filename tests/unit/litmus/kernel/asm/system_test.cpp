// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/asm/decode_system.cpp, decode_word.cpp and system_registers.cpp.

#include <fmt/format.h>

#include "litmus/kernel/asm/system_registers.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/litmus/kernel/asm/test_host.hpp"

using namespace tlbcheck::litmus::kernel::assembly;
using tlbcheck::tests::Outcome;
using tlbcheck::tests::refusal;
using tlbcheck::tests::run_template;
using tlbcheck::tests::TestHost;

namespace {

std::string log_of(std::string_view text, std::uint64_t argument = 0) {
    TestHost host;
    const Outcome outcome = run_template(host, text, "r", {argument});
    return outcome.error.empty() ? host.logged() : outcome.error;
}

}  // namespace

TEST_CASE("barriers with their options") {
    CHECK(log_of("dsb ishst") == "DSB ISHST");
    CHECK(log_of("dsb nsh; dmb ishld; isb; isb sy") == "DSB NSH; DMB ISHLD; ISB; ISB");
    CHECK(log_of("DSB ISHNXS") == "DSB ISHnXS");
    CHECK(refusal("dsb #3") == "instruction 'dsb #3': operand '#3': not an option that is known here");
    CHECK(refusal("dmb") == "instruction 'dmb': an operand is missing");
}

TEST_CASE("TLBIs with and without a register") {
    CHECK(log_of(".arch armv8.5-a\ntlbi vmalle1is\n") == "TLBI VMALLE1IS 0x0");
    CHECK(log_of("tlbi vaale1is, ${0:x}", 0x1234) == "TLBI VAALE1IS 0x1234");
    CHECK(log_of("tlbi rvae1is, $0", 5) == "TLBI RVAE1IS 0x5");
    CHECK(log_of("tlbi vae1isnxs, $0", 5) == "TLBI VAE1ISNXS 0x5");
    CHECK(log_of("tlbi vale1, xzr") == "TLBI VALE1 0x0");
    CHECK(refusal("tlbi paallos") ==
          "instruction 'tlbi paallos': operand 'paallos': a TLBI operation that is not known here");
    CHECK(refusal("tlbi vae1is") == "instruction 'tlbi vae1is': its register is missing");
    CHECK(refusal("tlbi vmalle1is, x0") ==
          "instruction 'tlbi vmalle1is, x0': operand 'x0': this operation takes no register");
}

TEST_CASE("system registers are read and written through the machine") {
    TestHost host;
    host.registers = {{"sp_el0", 7}, {"daif", 0xC0}, {"tcr_el1", 1}, {"s3_3_c15_c2_1", 9}};
    CHECK(run_template(host, "mrs $0, sp_el0", "=r", {}).outputs[0] == 7);
    CHECK(run_template(host, "mrs $0, S3_3_C15_C2_1", "=r", {}).outputs[0] == 9);
    run_template(host, "msr tcr_el1, ${0:x}", "rZ", {42});
    CHECK(host.registers["tcr_el1"] == 42);
    run_template(host, "msr daifset, #3", "", {});
    CHECK(host.registers["daif"] == 0xC0);
    run_template(host, "msr daifclr, #2", "", {});
    CHECK(host.registers["daif"] == 0x40);
    CHECK(run_template(host, "mrs $0, far_el1", "=r", {}).error ==
          "instruction 'mrs': reading far_el1 is not modelled");
    CHECK(run_template(host, "msr vbar_el1, $0", "r", {1}).error ==
          "instruction 'msr': writing vbar_el1 is not modelled");
    CHECK(refusal("mrs x0, made_up_el1")
              .find("operand 'made_up_el1': a system register that is not known here") != std::string::npos);
}

TEST_CASE("names and encodings of registers are one another's inverse") {
    for (const char* name : {"sp_el0", "ttbr1_el1", "tcr_el12", "ctr_el0", "icc_pmr_el1"}) {
        const auto reg = find_system_register(name);
        REQUIRE(reg);
        CHECK(to_string(*reg) == name);
    }
    CHECK(find_system_register("S3_0_C4_C1_0") == sp_el0);
    CHECK(to_string(system_register(3, 7, 15, 15, 7)) == "s3_7_c15_c15_7");
    CHECK_FALSE(find_system_register("s3_8_c0_c0_0"));
    CHECK_FALSE(find_system_register("s3_0_c4_c1_0x"));
    CHECK_FALSE(find_system_register(""));
}

TEST_CASE("instructions given as words") {
    // A macro that builds MRS from the fields of a register and the number of a general-purpose one.
    constexpr std::string_view read =
        ".irp n,0,1,2,3,30\n.equ .Lnr_x\\n, \\n\n.endr\n"
        ".macro read_by_number, t, reg\n.inst (0xd5200000|(\\reg)|(.Lnr_\\t))\n.endm\n"
        "read_by_number $0, (((3) << 19) | ((0) << 16) | ((4) << 12) | ((1) << 8) | ((0) << 5))\n";
    TestHost host;
    host.registers["sp_el0"] = 11;
    const Outcome outcome = run_template(host, read, "=r", {});
    CHECK(outcome.error.empty());
    CHECK(outcome.outputs.at(0) == 11);
    run_template(host, ".inst 0xd5184100", "{x0}", {12});  // MSR SP_EL0, X0
    CHECK(host.registers["sp_el0"] == 12);
    CHECK(log_of(".inst 0xd503201f, 0xd50330ff") == "");  // NOP, SB
    CHECK(log_of(".inst 0xd5033a9f") == "DSB ISHST");
    CHECK(log_of(".inst 0xd5033bbf") == "DMB ISH");
    CHECK(log_of(".inst 0xd5033fdf") == "ISB");
    CHECK(log_of(".inst 0xd5033a3f") == "DSB ISHnXS");
    CHECK(log_of(".inst 0xd508831f") == "TLBI VMALLE1IS 0x0");
    CHECK(log_of("mov x9, #7\n.inst 0xd50883e9") == "TLBI VAALE1IS 0x7");
    CHECK(log_of("mov x9, #7\n.inst 0xd50882a9") == "TLBI RVALE1IS 0x7");
    CHECK(log_of("mov x9, #7\n.inst 0xd50c8029") == "TLBI IPAS2E1IS 0x7");
    CHECK(log_of("mov x9, #7\n.inst 0xd50c8429") == "TLBI IPAS2E1 0x7");
    CHECK(log_of("mov x9, #7\n.inst 0xd5089329") == "TLBI VAE1ISNXS 0x7");
    CHECK(refusal(".inst 0x00000000") == "instruction '.inst 0x0': an encoding that is not known here");
    CHECK(refusal(".inst 0xd50b7e20").find("an encoding that is not known here") != std::string::npos);
}

TEST_CASE("hints and cache maintenance do nothing, other ways out are refused by name") {
    CHECK(log_of("nop; yield; wfe; sevl; hint #20; prfm pldl1keep, [x0]; ic iallu; dc cvac, x0; msr pan, #1; "
                 "sb; bti c") == "");
    CHECK(refusal("dc zva, x0") ==
          "instruction 'dc zva, x0': operand 'zva': writing a block of memory this way is not modelled");
    CHECK(refusal("smc #0") == "instruction 'smc #0': a call to other software is not modelled");
    CHECK(refusal("at s1e1r, x0") ==
          "instruction 'at s1e1r, x0': a translation asked of the hardware is not modelled");
    CHECK(refusal("bl f") == "instruction 'bl f': leaving the template this way is not modelled");
    CHECK(refusal("brk #0x900") ==
          "instruction 'brk #0x900': a breakpoint that no __bug_table entry describes");
    CHECK(refusal("msr unknown, #1").find("not a field of PSTATE") != std::string::npos);
}

TEST_CASE("HVC #0 is a call with X0 to X7, which gives back X0 to X3") {
    TestHost host;
    const Outcome outcome =
        run_template(host, "mov x7, #9\nhvc #0", "={x0},={x1},={x2},={x3},{x0},{x1}", {5, 6});
    CHECK(outcome.error.empty());
    CHECK(outcome.outputs == std::vector<std::uint64_t>{0, 9, 3, 4});
    CHECK(host.logged() == "HVC 5 6");
    CHECK(refusal("hvc #1") ==
          "instruction 'hvc #1': operand '#1': a hypercall other than HVC #0 is not modelled");
}
