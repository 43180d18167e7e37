// SPDX-License-Identifier: Apache-2.0
//
// explain on every example, and the one sentence that names the cause on those that break something.
#include <algorithm>
#include <filesystem>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

/// The causes that `check --verbose` gives for a file, and what it says to look at.
std::string causes(const std::string& file) {
    const auto run = run_tlbcheck({"check", "--verbose", file});
    std::string lines;
    for (std::size_t at = 0; at < run.out.size();) {
        const std::size_t end = std::min(run.out.find('\n', at), run.out.size());
        const std::string line = run.out.substr(at, end - at);
        if (line.starts_with("    because: ") || line.starts_with("    at: ")) lines += line.substr(4) + "\n";
        at = end + 1;
    }
    return lines;
}

void check_cause(const std::string& file, const std::string& part) {
    const std::string told = causes(file);
    CAPTURE(file, told);
    CHECK(told.find(part) != std::string::npos);
}

const std::string message_passing =
    "AArch64 MP+dmbs\n{ 0:X1=x; 0:X3=y; 1:X1=x; 1:X3=y; }\n P0 | P1 ;\n MOV W0,#1 | LDR W0,[X3] ;\n"
    " STR W0,[X1] | DMB SY ;\n DMB SY | LDR W2,[X1] ;\n STR W0,[X3] | ;\nexists (1:X0=1 /\\ 1:X2=0)\n";

}  // namespace

TEST_CASE("explain ends well on every example") {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / "examples")) {
        if (entry.path().extension() != ".sched") continue;
        const auto run = run_tlbcheck({"explain", entry.path().string()});
        CAPTURE(entry.path(), run.err);
        CHECK(run.status == 0);
        CHECK(run.err.empty());
        const bool tells = run.out.find("cause: ") != std::string::npos ||
                           run.out.find("conceivable wrong reading") != std::string::npos ||
                           run.out.find(": safe") != std::string::npos;
        CHECK(tells);
        ++files;
    }
    CHECK(files >= 57);
}

TEST_CASE("counterexamples of contiguous sets and of several threads have a timeline") {
    for (const char* name : {"bbm_unfold_cleared_short", "contiguous_set_rewritten_memory_type",
                             "await_before_change", "freed_by_two_threads", "bbm_flushes_in_any_order"}) {
        const std::string file = std::string("tests/end_to_end/schedules/") + name + ".sched";
        const auto run = run_tlbcheck({"explain", (source_dir() / file).string()});
        CAPTURE(file, run.out, run.err);
        CHECK(run.status == 0);
        CHECK(run.out.find("!! ") != std::string::npos);
    }
}

TEST_CASE("the cause of each mistake in a flush is named") {
    const std::string folder = "examples/flush_mistakes/";
    check_cause(folder + "one_page_short.sched",
                "name 0xffff000080000000 to 0xffff00008000efff, and not 0xffff00008000f000");
    check_cause(folder + "short_num.sched",
                "name 0xffff000080000000 to 0xffff00008000dfff, and not 0xffff00008000e000");
    check_cause(folder + "wrong_ttl.sched",
                "says by its TTL hint that the entry is of level 2; it is of level 3");
    check_cause(folder + "local_tlbi.sched", "local to the PE that executes it");
    check_cause(folder + "no_dsb_before.sched",
                "no DSB stands between the store to the descriptor and the TLBI");
    check_cause(folder + "dmb_before.sched", "only DMB ISHST and no DSB stands between");
    check_cause(folder + "no_dsb_after.sched", "no DSB follows the TLBI");
    check_cause(folder + "ishst_after.sched", "DSB ISHST after the TLBI does not complete it");
    check_cause(folder + "no_isb.sched", "no ISB follows, and no FEAT_ETS2");
    check_cause("examples/user_mappings/wrong_asid.sched", "is for ASID 6; the entry is of ASID 5");
}

TEST_CASE("the cause of each mistake around tables and freed memory is named") {
    check_cause("examples/unmap_hotplug/per_leaf.sched", "a walk for the neighbour 0xffff000080001000");
    check_cause("examples/vmemmap/contiguous_per_leaf.sched", "a walk for the neighbour 0xfffffc0000001000");
    check_cause("examples/vmemmap/free_before_flush.sched",
                "is freed before the TLBI that removes its translation is complete");
    check_cause("tests/end_to_end/schedules/mp_free_remote_noflush.sched",
                "is freed before the TLBI that removes its translation is complete");
    check_cause("examples/page_table_free/after_last_level_flush.sched",
                "is for the last level only and leaves table descriptors alone");
    check_cause("examples/page_table_free/per_page_walk_cache.sched",
                "and not 0xffff000080001000, the page that the entry was filled for");
    check_cause("examples/page_table_free/live_leaves.sched",
                "does not remove the leaf entry already filled through it");
    check_cause("examples/page_table_free/hooked_then_zeroed.sched",
                "no TLBI for it follows the store that changed the descriptor");
    check_cause("examples/page_table_free/table_switched.sched", "the schedule has no TLBI");
}

TEST_CASE("what to look at is named by its statement and by the instruction") {
    check_cause("examples/unmap_hotplug/per_leaf.sched",
                "at: examples/unmap_hotplug/per_leaf.sched:19:9: clear(leaf): linear[0] = invalid\n");
    check_cause("examples/vmemmap/free_before_flush.sched",
                ":14:9: free(leaf): free 0x90000000-0x90000fff\n");
    check_cause("examples/flush_mistakes/one_page_short.sched",
                "flush_tlb_kernel_range(linear.start, linear.end - machine.granule): TLBI VAALE1IS, "
                "0xffff00008000e000, by linux.sched:");
}

TEST_CASE("proofs show the operands of TLBIs decoded") {
    const auto run = run_tlbcheck({"explain", "examples/unmap_hotplug/batched.sched"});
    CHECK(run.out.find("TLBI RVAALE1IS, 0xffff000080000000-") != std::string::npos);
    CHECK(run.out.find("before, by IFB-ob\n    T3: a walk reads linear[0] (P0)\n      before, by TLBI-ca") !=
          std::string::npos);
}

TEST_CASE("the address of a space is told as the space has it, and timelines decode the operands of TLBIs") {
    const std::filesystem::path spaces = source_dir() / "examples/address_spaces";
    const auto proof = run_tlbcheck({"explain", (spaces / "local_flush_not_waited_for.sched").string()});
    CHECK(proof.out.find("the walk for 0x400000 reads") != std::string::npos);
    const auto timeline = run_tlbcheck({"explain", (spaces / "asid_reused_flush_too_early.sched").string()});
    CHECK(timeline.out.find("1  TLBI ASIDE1IS, ASID 5") != std::string::npos);
}

TEST_CASE("the events of litmus tests have labels, those before the threads as well") {
    const TemporaryFolder folder;
    const auto file = folder.write("mp.litmus", message_passing).string();
    const auto forbidden = run_tlbcheck({"explain", file});
    CHECK(forbidden.status == 0);
    CHECK(forbidden.out.find("    W[PA(x)]=1 (P0)\n      before, by bob\n    W[PA(y)]=1 (P0)\n") !=
          std::string::npos);
    const auto tlbi = folder.write(
        "tlbi.litmus",
        "AArch64 tlbi\nVariant=vmsa\n{ pteval_t 0:X0=(oa:PA(x), db:0); 0:X1=PTE(x); 0:X2=x; }\n P0 ;\n"
        " STR X0,[X1] ;\n DSB ISH ;\n LSR X9,X2,#12 ;\n TLBI VAAE1IS,X9 ;\n DSB ISH ;\n LDR W3,[X2] "
        ";\nexists (true)\n");
    const auto allowed = run_tlbcheck({"explain", tlbi.string()});
    CAPTURE(allowed.out, allowed.err);
    CHECK(allowed.status == 0);
    CHECK(allowed.out.find(": TLBI VAAE1IS,X9\n") != std::string::npos);
    CHECK(allowed.out.find(": DSB ISH\n") != std::string::npos);
    CHECK(allowed.out.find("before the threads:\n") != std::string::npos);
}

TEST_CASE("--model judges by a cat file") {
    const TemporaryFolder folder;
    const auto test = folder.write("mp.litmus", message_passing).string();
    const auto coherent =
        folder.write("coherent.cat", "\"Coherence only\"\nacyclic po-loc | rf | co | fr as coherence\n")
            .string();
    const auto fenced =
        folder
            .write("fenced.cat",
                   "\"Coherence, and DMB SY orders\"\nacyclic po-loc | rf | co | fr as coherence\n"
                   "let fenced = po; [DMB.SY]; po\nacyclic fenced | rfe | co | fre as observed\n")
            .string();
    CHECK(verdicts(test) == "forbidden");
    CHECK(verdicts(test, {"--model", coherent}) == "allowed");
    CHECK(verdicts(test, {"--model", fenced}) == "forbidden");
    CHECK(run_tlbcheck({"states", "--model", coherent, test}).out.find("Positive: 1 Negative: 3") !=
          std::string::npos);
    const auto bad = folder.write("bad.cat", "acyclic po | nonsense as x\n").string();
    const auto run = run_tlbcheck({"check", "--model", bad, test});
    CHECK(run.status == 2);
    CHECK(run.err.find("bad.cat:1:") != std::string::npos);
}

TEST_CASE("an entry is told with its stage, ASID and VMID, a PE with what its registers hold") {
    const auto guest =
        run_tlbcheck({"explain", (source_dir() / "examples/guest/host_unmap_without_stage1.sched").string()});
    // Descriptors of both stages have the address; those of the entry's own tables name it.
    CHECK(guest.out.find("TLB: heap[0] -> 0x40000000 rw, nG; stage 1, ASID 5, VMID 1") != std::string::npos);
    CHECK(guest.out.find("TLB: memory[0] -> 0x80000000 rw; stage 2, VMID 1") != std::string::npos);
    CHECK(guest.out.find("heap[0] -> 0x80000000 rw, nG; both stages, ASID 5, VMID 1") != std::string::npos);
    CHECK(guest.out.find("VTTBR_EL2: VM guest, VMID 1") != std::string::npos);

    const auto switches = run_tlbcheck(
        {"explain", (source_dir() / "examples/address_spaces/conflict_left_by_switch.sched").string()});
    CHECK(switches.out.find("TTBR0_EL1: no space\n") != std::string::npos);
    CHECK(switches.out.find("space old, ASID 5 or no space until") != std::string::npos);
    const auto json =
        run_tlbcheck({"explain", "--json", (source_dir() / "examples/el2/hyp_unmap_local.sched").string()});
    CHECK(json.out.find("\"regime\": \"EL2\"") != std::string::npos);
    CHECK(json.out.find("\"stage\": \"1\"") != std::string::npos);
}
