// SPDX-License-Identifier: Apache-2.0
//
// Compiled code that changes which tables a PE walks: VTTBR, HCR_EL2.TGE, TTBR0 and TTBR1, hypercalls; the
// words of stage 2 and EL2.
#include "tests/end_to_end/kernel_scenario.hpp"

using namespace tlbcheck::tests;          // NOLINT(google-build-using-namespace)
using namespace tlbcheck::tests::kernel;  // NOLINT(google-build-using-namespace)

namespace {

ProgramResult answer(const std::string& text, const std::string& command = "check") {
    const Scenario scenario(text, "kernel \"unused.bc\";\n");
    auto options = other_code("contexts");
    options.insert(options.begin(), command);
    return scenario.run(options);
}

const std::string guest =
    "vm guest { vmid = 3; }\n"
    "region m { vm = guest; ipa = 0x40000000; pa = 0x80000000; size = 4K; }\n"
    "param vttbr = 0x3000000000000;\n";
const std::string root = "physical_address(align_down(table_slot(m, 0), 4096))";
const std::string in_guest = "call write_vttbr_el2(" + root + " + vttbr); isb(); ";
const std::string unmapped = "call store_entry(table_slot(m, 3), 0); ";
const std::string free_it = "free(m); }\nassert no_use_after_free;\nassert no_stale_entry(m);\n";

}  // namespace

TEST_CASE("compiled code writes VTTBR, and its TLBIs are for that VM") {
    if (!reads_bitcode()) return;
    const auto verdict = [](const std::string& statements) {
        const auto run = answer(guest + "thread P0 in host { " + statements + free_it);
        CAPTURE(run.err);
        CHECK(run.status != 2);
        return run.status;
    };
    CHECK(verdict(unmapped + in_guest + "call flush_guest(m.start, 0); ") == 0);
    CHECK(verdict(unmapped + in_guest + "call flush_guest(m.start, 1); ") == 1);  // combined entries stay
    CHECK(verdict(unmapped + "call flush_guest(m.start, 0); ") == 1);             // in the host
    CHECK(verdict(unmapped + in_guest + "call write_vttbr_el2(0); isb(); call flush_guest(m.start, 0); ") ==
          1);
    const auto listed = answer(guest + "thread P0 in host { " + unmapped + in_guest + free_it, "extract").out;
    CHECK(has(listed, "MSR VTTBR_EL2: VM guest, VMID 3"));
    CHECK(has(listed, "m[0] = invalid"));
    const Scenario scenario(guest + "thread P0 in host { " + unmapped + free_it, "kernel \"unused.bc\";\n");
    auto options = other_code("contexts");
    options.insert(options.begin(), {"extract", "-o", (scenario.path() / "out.sched").string()});
    CHECK(has(scenario.run(options).err, "a schedule with spaces or VMs is not written as statements"));
}

TEST_CASE("with E2H compiled code says by HCR_EL2.TGE whose entries go") {
    if (!reads_bitcode()) return;
    const std::string vhe = "space kernel { asid = 1; regime = el2_0; }\n" + guest;
    const auto verdict = [&](const std::string& before) {
        const auto run = answer(vhe + "thread P0 in host { " + unmapped + in_guest + before +
                                "call flush_guest(m.start, 0); " + free_it);
        CAPTURE(run.err);
        CHECK(run.status != 2);
        return run.status;
    };
    CHECK(verdict("call change_hcr(0x8000000, 0); isb(); ") == 0);
    CHECK(verdict("call change_hcr(0x8000000, 0); ") == 1);  // not synchronised
    CHECK(verdict("") == 1);                                 // of EL2&0
    const auto refused = answer(vhe + "thread P0 in host { call write_hcr_el2(0); " + free_it);
    CHECK(refused.status == 2);
    CHECK(has(refused.err, "HCR_EL2 is written with E2H = 0"));
}

TEST_CASE("a hypercall of KVM's list runs the function, between exception entry and return") {
    if (!reads_bitcode()) return;
    const std::string head = guest + "thread P0 in guest { ";
    const auto flushed = answer(head + unmapped + "call hypercall(7, m.start, 0, 0); " + free_it);
    CAPTURE(flushed.err);
    CHECK(flushed.status == 0);
    CHECK(answer(head + unmapped + "call hypercall(7, m.start, 1, 0); " + free_it).status == 1);
    // X0 and X1 as the call gives them: success, the function's result.
    CHECK(answer(head + "call hypercall(7, m.start, 0, table_slot(m, 3)); call flush_guest(m.start, 0); " +
                 free_it)
              .status == 0);
    const auto listed = answer(head + "call hypercall(7, m.start, 0, 0); " + free_it, "extract").out;
    CHECK(listed.find("exception entry") < listed.find("IPAS2E1IS"));
    CHECK(listed.find("IPAS2E1IS") < listed.find("ERET"));
    const auto stub = answer("kernel_stub flush_guest = ignore;\n" + head + unmapped +
                             "call hypercall(7, m.start, 0, 0); " + free_it);
    CHECK(stub.status == 1);
    CHECK(has(answer(head + "call hypercall(8, 0, 0, 0); " + free_it).err,
              "a hypercall to 'only_declared', which is not in the bitcode"));
    CHECK(
        has(answer(head + "call hypercall(9, 0, 0, 0); " + free_it).err, "0xc6000009 in X0 is no hypercall"));
}

TEST_CASE("compiled code switches processes: the ASID is in TTBR1, and must be the space's") {
    if (!reads_bitcode()) return;
    const std::string spaces =
        "space a { asid = 1; }\nspace b { asid = 1; }\nspace c { asid = 2; }\n"
        "region x { space = a; va = 0x400000; pa = 0x80000000; size = 4K; }\n"
        "region y { space = b; va = 0x400000; pa = 0x90000000; size = 4K; }\n"
        "region z { space = c; va = 0x400000; pa = 0xa0000000; size = 4K; }\n"
        "param asid_1 = 0x1000000000000;\nparam asid_2 = 0x2000000000000;\n";
    const auto to = [](const std::string& region) {
        return "call write_ttbr0_el1(physical_address(align_down(table_slot(" + region + ", 0), 4096))); ";
    };
    const std::string kernel_root = "physical_address(align_down(table_slot(0xffff000000000000, 0), 4096))";
    const auto with_asid = [&](const std::string& asid) {
        return "call write_ttbr1_el1(" + kernel_root + " + " + asid + "); ";
    };
    const auto run = [&](const std::string& statements) {
        return answer(spaces + "thread P0 in a { " + statements + " }\nassert no_stale_entry(y) by P0;\n");
    };
    const auto safe = run("switch(none); isb(); call flush_all_here(); " + to("y") + "isb();");
    CAPTURE(safe.err);
    CHECK(safe.status == 0);
    CHECK(run(to("y") + "isb();").status == 1);  // the ASID is a's, too
    CHECK(run("switch(none); isb(); " + with_asid("asid_2") + to("z") +
              "isb(); call flush_all_here(); switch(none); " + with_asid("asid_1") + to("y") + "isb();")
              .status == 0);
    CHECK(has(run(to("z")).err, "the PE switches to space 'c' with ASID 1 in TTBR1_EL1"));
    CHECK(has(run(with_asid("asid_2")).err, "the ASID in TTBR1_EL1 changes while TTBR0_EL1 leads to tables"));
    CHECK(has(run("call write_ttbr1_el1(0);").err, "TTBR1_EL1 is written with another root"));
    CHECK(has(run("call write_ttbr0_el1(0x5000);").err, "PA 0x5000, which is the root of no space"));
    CHECK(has(run("call write_mair_el1(0);").err, "writing mair_el1 is not modelled"));
    CHECK(has(run("call write_vttbr_el2(0x5000);").err, "PA 0x5000, which is the root of no VM"));
    const auto everywhere = answer(
        spaces +
        "region g { va = 0x800000; pa = 0xb0000000; size = 4K; }\nthread P0 in a { call flush_all_here(); }\n"
        "assert no_stale_entry(y) by P0;\n");
    CHECK(has(everywhere.err, "region 'g' of the lower half is in every space"));
}

TEST_CASE("words of stage 2 and of EL2") {
    if (!reads_bitcode()) return;
    // XN = 2, AF, SH, S2AP, MemAttr of normal memory.
    const std::string word = "0x400000800007ff";
    const auto over = [&](const std::string& value, const std::string& question) {
        return answer(guest + "thread P0 in guest { call store_entry(table_slot(m, 3), " + value +
                      "); }\nassert " + question + ";\n");
    };
    CHECK(over(word, "no_stale_entry(m)").status == 0);  // it was there
    CHECK(over(word + " ^ 0x80", "no_stale_entry(m)").status == 1);
    CHECK(over(word + " ^ 0x80", "no_bbm_violation").status == 0);  // read-only: a permission
    CHECK(over(word + " ^ 0x1000", "no_bbm_violation").status == 1);
    CHECK(over(word + " ^ 0x28", "no_bbm_violation").status == 1);  // non-cacheable
    CHECK(has(over(word + " ^ 0x40", "no_bbm_violation").err, "changes S2AP[0]"));
    CHECK(has(over(word + " ^ 0x400", "no_bbm_violation").err, "changes AF"));
    CHECK(has(over(word + " ^ 0x40000000000000", "no_bbm_violation").err, "changes XN"));
    CHECK(over(word + " ^ 0x18", "no_bbm_violation").status ==
          1);  // outer write-through, inner non-cacheable
    CHECK(has(over(word + " ^ 0xc", "no_bbm_violation").err, "with MemAttr 12, which is reserved"));
    const auto wrong = answer(guest + "thread P0 in host { call write_vttbr_el2(" + root +
                              " + 0x4000000000000); " + free_it);
    CHECK(has(wrong.err, "the tables of VM 'guest' and VMID 4; the schedule gives it VMID 3"));

    const std::string el2 =
        "space hyp { regime = el2; }\nregion m { space = hyp; va = 0x40000000; pa = 0x80000000; size = 4K; "
        "}\n";
    const auto hyp = [&](const std::string& statements) {
        return answer(el2 + "thread P0 in hyp { " + statements + " }\nassert no_stale_entry(m);\n").status;
    };
    const std::string read_only = "call store_entry(table_slot(m, 3), 0x400000800007c3); ";
    const std::string executable = "call store_entry(table_slot(m, 3), 0x80000743); ";
    const std::string flush = "call flush_el2(m.start); ";
    CHECK(hyp("call store_entry(table_slot(m, 3), 0x40000080000743); ") == 0);  // it was there
    CHECK(hyp(read_only) == 1);
    CHECK(hyp(read_only + flush) == 0);
    CHECK(hyp(executable) == 1);
    CHECK(hyp(executable + flush) == 0);
}
