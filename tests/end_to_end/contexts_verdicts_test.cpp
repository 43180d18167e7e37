// SPDX-License-Identifier: Apache-2.0
//
// The answers that must hold with address spaces, closed worlds, stage 2 and guests, each on its example
// file. The file's own assert and witness lines do not enter; the answers follow from docs/formal-model.md,
// sections 9, 10 and 14.
#include <string>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using tlbcheck::tests::run_tlbcheck;
using tlbcheck::tests::TemporaryFolder;
using tlbcheck::tests::verdicts;

namespace {

std::string in_spaces(const std::string& name) {
    return verdicts("examples/address_spaces/" + name + ".sched");
}

std::string in_stage2(const std::string& name) {
    return verdicts("examples/stage2/" + name + ".sched");
}

}  // namespace

TEST_CASE("an ASID is reused only after a flush that no walk of the old space can follow") {
    CHECK(in_spaces("asid_reused") == "unsafe");
    CHECK(in_spaces("asid_reused_after_flush") == "safe");
    CHECK(in_spaces("asid_reused_flush_too_early") == "unsafe");
    CHECK(in_spaces("asid_reused_two_pes") == "safe");
    CHECK(in_spaces("asid_reused_two_pes_local") == "unsafe");
    CHECK(in_spaces("asid_reused_flushed_elsewhere") == "unsafe");
    CHECK(in_spaces("conflict_left_by_switch") == "unsafe");  // no_tlb_conflict
    CHECK(in_spaces("same_address_twice") == "unsafe safe");  // of the space not flushed, of the other
    CHECK(in_spaces("no_isb_after_switch") == "unsafe");
}

TEST_CASE("tables of the upper half are swapped by an ISB and a flush, or by way of empty tables") {
    // no_stale_entry, no_tlb_conflict
    CHECK(in_spaces("ttbr1_swapped") == "safe unsafe");
    CHECK(in_spaces("ttbr1_swapped_by_empty") == "safe safe");
    CHECK(in_spaces("ttbr1_swapped_no_isb") == "unsafe");
    CHECK(in_spaces("ttbr1_swapped_not_flushed") == "unsafe");
}

TEST_CASE("TTBR1 and the ASID are synchronised each on its own") {
    CHECK(in_spaces("ttbr1_and_asid") == "unsafe");
    CHECK(in_spaces("ttbr1_then_asid") == "safe");
}

TEST_CASE("a PE that does not say where it starts was in any space, and before an ISB it is in either") {
    // no_stale_entry, no_tlb_conflict; never_invalid, no_stale_entry
    CHECK(verdicts("tests/end_to_end/schedules/space_of_start_unknown.sched") == "unsafe unsafe");
    CHECK(verdicts("tests/end_to_end/schedules/space_window_of_switch.sched") == "unsafe safe");
}

TEST_CASE("a page of another space with the same ASID is hit inside of a block") {
    CHECK(verdicts("tests/end_to_end/schedules/space_pages_inside_block.sched") == "unsafe");
}

TEST_CASE("addresses of spaces and VMs are the numbers that the schedule gives") {
    CHECK(verdicts("tests/end_to_end/schedules/space_numbers.sched") == "safe safe safe");
}

TEST_CASE("a local flush on each PE is enough only where these are all PEs") {
    // no_stale_entry, no_use_after_free
    CHECK(in_spaces("local_flush_with_ipi") == "safe safe");
    CHECK(in_spaces("local_flush_open_world") == "unsafe unsafe");
    CHECK(in_spaces("local_flush_not_waited_for") == "safe unsafe");
    CHECK(in_spaces("local_flush_never_active") == "safe");  // no_use_after_free
}

TEST_CASE("a flush may hang on what a PE reads, if it reads that late enough") {
    CHECK(in_spaces("lazy_flush") == "safe");
    CHECK(in_spaces("lazy_flush_read_too_early") == "unsafe");
    CHECK(in_spaces("lazy_flush_of_other") == "unsafe");
    CHECK(in_spaces("left_space") == "safe safe");  // no_use_after_free, no_stale_entry
    CHECK(in_spaces("left_space_unflushed") == "unsafe unsafe");
}

TEST_CASE("flags that hardware sets are lost through entries of an ASID, or of PEs, that were not flushed") {
    CHECK(in_spaces("freed_table_wrong_asid") == "unsafe");
    CHECK(in_spaces("freed_table_flushed") == "safe safe");  // of the old space, of the young one
    CHECK(in_spaces("dirty_after_local_flush") == "safe");
    CHECK(in_spaces("dirty_local_flush_open_world") == "unsafe");
}

TEST_CASE("unmapping at stage 2 needs each of its pieces") {
    // no_stale_entry, no_use_after_free
    for (const char* whole : {"unmap", "unmap_by_vmalls12", "unmap_by_range", "unmap_from_host"}) {
        INFO(whole);
        CHECK(in_stage2(whole) == "safe safe");
    }
    for (const char* broken :
         {"unmap_without_dsb_before", "unmap_without_stage2", "unmap_without_dsb_between",
          "unmap_without_stage1", "unmap_without_dsb_after", "unmap_stage1_first", "unmap_local",
          "unmap_from_host_without_isb", "unmap_from_host_without_switch"}) {
        INFO(broken);
        CHECK(in_stage2(broken) == "unsafe unsafe");
    }
    CHECK(in_stage2("unmap_without_isb") == "unsafe");
    CHECK(in_stage2("vmid_reused") == "safe");
    CHECK(in_stage2("vmid_reused_without_flush") == "unsafe");
}

TEST_CASE("a local flush of stage 2 is said to be local where another PE keeps the entry") {
    const TemporaryFolder folder;
    folder.write("relaxed.sched",
                 "vm guest { vmid = 1; }\n"
                 "region m { vm = guest; ipa = 0x40000000; pa = 0x80000000; size = 4K; ap = ro; }\n"
                 "thread first in guest {\n    set(m, ap = rw);\n    store_release(f, 1);\n    dsb(nshst);\n"
                 "    tlbi(ipas2e1, m);\n    dsb(nsh);\n    tlbi(vmalle1);\n    dsb(nsh);\n    isb();\n}\n"
                 "thread second in guest {\n    await(f == 1);\n    isb();\n}\n"
                 "assert no_stale_entry(m) by second;\n");
    const std::string out = run_tlbcheck({"check", (folder.path() / "relaxed.sched").string()}).out;
    CHECK(out.find("TLBI IPAS2E1, 0x40000000 (line 7) is local to the PE that executes it") !=
          std::string::npos);
}

TEST_CASE("tables and contiguous sets of stage 2 are freed and flushed as those of stage 1") {
    // no_use_after_free, no_stale_entry
    CHECK(in_stage2("table_freed") == "safe safe");
    CHECK(in_stage2("table_freed_last_level") == "unsafe unsafe");
    CHECK(in_stage2("table_freed_early") == "unsafe safe");
    // no_stale_entry; of contiguous_per_page also where no contiguous entries are made
    CHECK(in_stage2("contiguous_batched") == "safe");
    CHECK(in_stage2("contiguous_per_page") == "unsafe safe");
}

TEST_CASE("a guest's stage 1 above stage 2: each piece of each recipe") {
    const auto in_guest = [](const std::string& name) {
        return verdicts("examples/guest/" + name + ".sched");
    };
    // no_stale_entry, no_use_after_free
    for (const char* whole :
         {"host_unmap", "host_unmap_by_va", "guest_unmap", "guest_unmap_for_guest", "table_page_unmapped"}) {
        INFO(whole);
        CHECK(in_guest(whole) == "safe safe");
    }
    for (const char* broken :
         {"host_unmap_without_stage1", "host_unmap_without_stage2", "host_unmap_without_dsb_before",
          "host_unmap_without_dsb_between", "host_unmap_without_dsb_after", "guest_unmap_by_ipa",
          "guest_unmap_from_host", "table_page_unmapped_without_stage2"}) {
        INFO(broken);
        CHECK(in_guest(broken) == "unsafe unsafe");
    }
    CHECK(in_guest("host_unmap_by_va_alias") == "safe unsafe unsafe");  // of either VA; of the memory
    CHECK(in_guest("table_page_unmapped_without_stage1") == "unsafe safe");
    CHECK(in_guest("contiguous_both") == "safe");
    CHECK(in_guest("contiguous_above_pages") == "unsafe");
    CHECK(in_guest("two_vcpus") == "safe");
    CHECK(in_guest("two_vcpus_without_flush") == "unsafe");
}

TEST_CASE("a schedule with contexts says that it was solved whole") {
    for (const char* file : {"examples/address_spaces/asid_reused.sched",
                             "examples/address_spaces/asid_reused_after_flush.sched",
                             "examples/address_spaces/local_flush_with_ipi.sched",
                             "examples/stage2/unmap.sched", "examples/stage2/unmap_without_stage1.sched"}) {
        INFO(file);
        CHECK(run_tlbcheck({"check", "-v", file}).out.find("solved whole: ") != std::string::npos);
    }
}

TEST_CASE("an unsafe answer about stage 2 names what is missing, and a flush that helps") {
    const auto told = [](const std::string& name) {
        return run_tlbcheck({"check", "-v", "examples/stage2/" + name + ".sched"}).out;
    };
    const auto says = [&](const std::string& name, const std::string& cause, const std::string& change) {
        INFO(name);
        CHECK(told(name).find(cause) != std::string::npos);
        CHECK(told(name).find(change) != std::string::npos);
    };
    says("unmap_without_stage1", "leaves what combines the entry with stage 1",
         "put TLBI VMALLE1IS, DSB ISH behind the DSB that completes TLBI IPAS2E1IS");
    says("unmap_without_dsb_between", "no DSB stands between TLBI IPAS2E1IS",
         "put DSB ISH before TLBI VMALLE1IS");
    says("unmap_stage1_first", "leaves entries of stage 2, and no TLBI IPAS2E1IS for it is complete before",
         "put TLBI IPAS2E1IS for 0x40000000 to 0x40000fff, DSB ISH before TLBI VMALLE1IS");
    const std::string without = told("unmap_without_stage2");
    CHECK(without.find("leaves entries of stage 2, and no TLBI IPAS2E1IS") != std::string::npos);
    CHECK(without.find("helps") == std::string::npos);
    // A flush between the two VMs helps, which is not tried.
    CHECK(told("vmid_reused_without_flush").find("helps") == std::string::npos);
    CHECK(without.find("the first at 0x40000000") != std::string::npos);
}

TEST_CASE("break-before-make at EL2 takes the flush of the regime, on a single PE a local one") {
    const std::string folder = "tests/end_to_end/schedules/bbm_";
    CHECK(verdicts(folder + "el2.sched") == "safe");
    CHECK(verdicts(folder + "el2_by_el1.sched") == "unsafe");
    CHECK(verdicts(folder + "vhe.sched") == "safe");
    CHECK(verdicts(folder + "vhe_without_tge.sched") == "unsafe");
    CHECK(verdicts(folder + "single_cpu.sched") == "safe");
}
