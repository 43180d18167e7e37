// SPDX-License-Identifier: Apache-2.0
//
// Schedules with spaces, VMs and several threads, one thing wrong in each: the change that is found, and that
// it mends the schedule.
#include "tests/unit/checker/advice/found_cause.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using Found = tests::FoundCause;

namespace {

const std::string machine = "machine { levels = 3; contiguous_entries = 2; }\n";

std::string vms(const std::string& thread) {
    return machine +
           "vm g { vmid = 1; }\nvm h { vmid = 2; }\n"
           "region s { vm = g; ipa = 0x40000000; pa = 0x80000000; size = 4K; }\n"
           "region t { vm = h; ipa = 0x40000000; pa = 0x90000000; size = 4K; }\n" +
           thread + "\nassert no_use_after_free;\n";
}

std::string spaces(const std::string& asid_of_b, const std::string& threads) {
    return machine + "space a { asid = 5; }\nspace b { asid = " + asid_of_b +
           "; }\n"
           "region x { va = 0x400000; pa = 0x80000000; size = 4K; space = a; }\n"
           "region y { va = 0x400000; pa = 0x90000000; size = 4K; space = b; }\n" +
           threads + "\nassert no_stale_entry(y);\n";
}

void check_mended(const Found& found, const std::string& kinds, const std::string& said) {
    INFO(found.cause.sentence);
    CHECK(found.kinds_of() == kinds);
    CHECK(found.cause.tested);
    CHECK(found.cause.sentence.find(said) != std::string::npos);
    CHECK(found.cause.to_do.size() == found.cause.changes.size());
    CHECK(found.after(found.cause.changes) == Verdict::safe);
}

}  // namespace

TEST_CASE("of a VM's flush: the VMID that VTTBR holds, a write that is not synchronised") {
    const std::string unmap = "tlbi(ipas2e1is, s); dsb(ish); tlbi(vmalle1is); dsb(ish); ";
    const std::string clear = " { clear(s); dsb(ishst); ";
    check_mended(Found(vms("thread P0 in host" + clear + unmap + "isb(); free(s); }")), "tlbi_in_vm",
                 "which is that of the host there, and not that of VM g");
    check_mended(Found(vms("thread P0 in h" + clear + unmap + "isb(); free(s); }")), "tlbi_in_vm",
                 "which is that of VM h there");
    check_mended(
        Found(vms("thread P0 in host" + clear + "switch(g); " + unmap + "switch(host); isb(); free(s); }")),
        "isb_after_switch", "no ISB follows MSR VTTBR_EL2");
}

TEST_CASE("of a VM's flush: either stage is missing, or the DSB between them") {
    const std::string start = "thread P0 in g { clear(s); dsb(ishst); ";
    const std::string end = "dsb(ish); isb(); free(s); }";
    check_mended(Found(vms(start + "tlbi(vmalle1is); " + end)), "flush_stage2", "leaves entries of stage 2");
    check_mended(Found(vms(start + "tlbi(ipas2e1is, s); " + end)), "flush_combined",
                 "leaves what combines the entry with stage 1");
    check_mended(Found(vms(start + "tlbi(ipas2e1is, s); tlbi(vmalle1is); " + end)), "dsb_between_tlbis",
                 "no DSB stands between TLBI IPAS2E1IS");
    const Found none(vms("thread P0 in g { clear(s); free(s); }"));
    CHECK(none.after(none.cause.changes) == Verdict::safe);
    REQUIRE_FALSE(none.cause.to_do.empty());
    CHECK(none.cause.to_do[0].find("TLBI IPAS2E1IS, DSB ISH, TLBI VMALLE1IS") != std::string::npos);
}

TEST_CASE("an ASID that is used again: no flush, one that comes too early, one switch without ISB") {
    check_mended(Found(spaces("5", "thread P0 in a { switch(b); isb(); }")), "flush_before_switch",
                 "no TLBI of ASID 5 is complete between the last time a PE is in space a");
    check_mended(Found(spaces("5", "thread P0 in a { tlbi(aside1is, a); dsb(ish); switch(b); isb(); }")),
                 "flush_before_switch", "no TLBI of ASID 5");
    check_mended(Found(spaces("6", "thread P0 in a { switch(b); }")), "isb_after_switch",
                 "no ISB follows MSR TTBR0_EL1");
}

TEST_CASE("two spaces of one ASID, one of them live to the end: no flush helps, an ASID of its own does") {
    const Found found(spaces("5", "thread P0 in a { dsb(ish); isb(); }"));
    CHECK(found.cause.remedy == Remedy::no_flush);
    CHECK(found.kinds_of() == "own_tag");
    CHECK(found.cause.to_do.back().find("give space b an ASID of its own") != std::string::npos);
    CHECK(found.after(found.cause.changes) == Verdict::safe);
}

TEST_CASE("memory that one thread frees and another one flushes: nothing waits") {
    check_mended(
        Found(machine + "region m { va = 0x400000; pa = 0x80000000; size = 8K; }\n"
                        "thread P0 { clear(m); dsb(ishst); tlbi_pages(vaale1is, m); dsb(ish); isb(); }\n"
                        "thread P1 { free(m); }\n"
                        "assert no_use_after_free;\n"),
        "wait_for_flush", "nothing orders free");
}

TEST_CASE("a set of which only half is contiguous is told as that") {
    const Found found(machine +
                      "region m { va = 0x400000; pa = 0x80000000; size = 8K; mapped = false; }\n"
                      "thread P0 { set(range(m.start, m.start + 4K), contiguous = true); "
                      "set(range(m.start + 4K, m.end)); dsb(ishst); isb(); }\n"
                      "assert no_tlb_conflict;\n");
    CHECK(found.cause.sentence.find("differ in the Contiguous bit") != std::string::npos);
}

TEST_CASE("a freed table is told with the store that unhooked it") {
    const Found found(
        machine +
        "region m { va = 0x400000; pa = 0x80000000; size = 8K; }\n"
        "thread P0 { clear(m); dsb(ishst); tlbi_pages(vaae1is, m); dsb(ish); clear(table(m, 3)); "
        "free(table(m, 3)); }\n"
        "assert no_use_after_free;\n");
    CHECK(found.kinds_of() == "add_flush");
    CHECK(found.cause.sentence.find("follows the store that unhooked it") != std::string::npos);
    CHECK(found.after(found.cause.changes) == Verdict::safe);
}

TEST_CASE("a block over a table of which one page is flushed: told by the addresses, both questions") {
    const std::string text =
        machine +
        "vm g { vmid = 1; }\n"
        "region s { vm = g; ipa = 0x40000000; pa = 0x80000000; size = 2M; mapped = false; }\n"
        "thread P0 in g { set(range(s.start, s.start + 8K)); dsb(ishst); clear(table(s, 3)); "
        "dsb(ishst); tlbi(ipas2e1is, s); dsb(ish); tlbi(vmalle1is); dsb(ish); isb(); "
        "set(s, level = 2); dsb(ishst); eret(); }\n";
    const Found conflict(text + "assert no_tlb_conflict;\n");
    CHECK(conflict.cause.sentence.find("name 0x40000000 to 0x40000fff, and not 0x40001000") !=
          std::string::npos);
    const Found broken(text + "assert no_bbm_violation;\n");
    CHECK(broken.cause.sentence.find("no TLBI that removes an entry for 0x40001000") != std::string::npos);
    CHECK(broken.cause.sentence.find("no invalid descriptor") == std::string::npos);
}
