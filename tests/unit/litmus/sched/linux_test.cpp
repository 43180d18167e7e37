// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/linux.sched: barriers, operations and thresholds of the of_kernel's helpers.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using tlbcheck::tests::sched_program;
using tlbcheck::tests::show;

namespace {

std::string of_kernel(const std::string& call, const std::string& size = "64K",
                      const std::string& machine = "") {
    return show(sched_program("include \"linux.sched\"; machine { " + machine +
                              " } region r { va = 0xffff000080000000; pa = 0; size = " + size +
                              "; } thread P0 { " + call + " }")
                    .threads[0]);
}
std::string of_user(const std::string& call, const std::string& size = "64K",
                    const std::string& machine = "") {
    return show(sched_program("include \"linux.sched\"; machine { " + machine +
                              " } region r { va = 0x40000000; pa = 0; size = " + size +
                              "; asid = 2; } thread P0 { " + call + " }")
                    .threads[0]);
}
const std::string all = "DSB ISHST\nTLBI VMALLE1IS 0\nDSB ISH\nISB\n";

}  // namespace

TEST_CASE("flush_tlb_all and local_flush_tlb_all") {
    CHECK(of_kernel("flush_tlb_all();") == all);
    CHECK(of_kernel("local_flush_tlb_all();") == "DSB NSHST\nTLBI VMALLE1 0\nDSB NSH\nISB\n");
}

TEST_CASE("flush_tlb_kernel_range is last level, any ASID, by ranges, with an ISB") {
    CHECK(of_kernel("flush_tlb_kernel_range(r);") ==
          "DSB ISHST\nTLBI RVAALE1IS 439000080000\nDSB ISH\nISB\n");
    CHECK(of_kernel("flush_tlb_kernel_range(r.start, r.start + 4K);") ==
          "DSB ISHST\nTLBI VAALE1IS ff00008000"
          "0\nDSB ISH\nISB\n");
    CHECK(of_kernel("flush_tlb_kernel_range(r);", "64K", "tlb_range = false;") ==
          "DSB ISHST\nx16 {\nTLBI VAALE1IS ff00008000"
          "0 +va 1\n}\nDSB ISH\nISB\n");
}

TEST_CASE(
    "flush_tlb_kernel_range becomes flush_tlb_all from one table of pages without ranges, past 2M pages "
    "with") {
    const std::string no_range = "tlb_range = false;";
    CHECK(of_kernel("flush_tlb_kernel_range(r);", "2M", no_range) == all);
    CHECK(of_kernel("flush_tlb_kernel_range(r);", "2044K", no_range) != all);
    CHECK(of_kernel("flush_tlb_kernel_range(r);", "8G") ==
          "DSB ISHST\nTLBI RVAALE1IS 7f9000080000\nDSB ISH\nISB\n");
    CHECK(of_kernel("flush_tlb_kernel_range(r);", "8388612K") == all);
    CHECK(of_kernel("flush_tlb_kernel_range(r);", "32M", "granule = 16K; tlb_range = false;") == all);
    CHECK(of_kernel("flush_tlb_kernel_range(r);", "16M", "granule = 16K; tlb_range = false;") != all);
}

TEST_CASE("flush_tlb_kernel_range of 6.12 goes page by page, and a table of pages is not yet too many") {
    CHECK(of_kernel("flush_tlb_kernel_range_v6_12(r);", "2M") ==
          "DSB ISHST\nx512 {\nTLBI VAALE1IS ff00008000"
          "0 +va 1\n}\nDSB ISH\nISB\n");
    CHECK(of_kernel("flush_tlb_kernel_range_v6_12(r);", "2052K") == all);
}

TEST_CASE("__flush_tlb_kernel_pgtable is one address, all levels") {
    CHECK(of_kernel("__flush_tlb_kernel_pgtable(r);") ==
          "DSB ISHST\nTLBI VAAE1IS ff00008000"
          "0\nDSB ISH\nISB\n");
    CHECK(of_kernel("pmd_free_pte_page(table(r, 3));") ==
          "store L2 ffff000080000000 g0 invalid\nDSB ISHST\nTLBI VAAE1IS ff00008000"
          "0\nDSB ISH\nISB\nfree table L3 ffff000080000000 g0\n");
}

TEST_CASE("user flushes go by ASID and have no ISB") {
    CHECK(of_user("flush_tlb_mm(r);") == "DSB ISHST\nTLBI ASIDE1IS 2000000000000\nDSB ISH\n");
    CHECK(of_user("flush_tlb_page(r);") == "DSB ISHST\nTLBI VALE1IS 2000000040000\nDSB ISH\n");
    CHECK(of_user("flush_tlb_page_nosync(r);") == "DSB ISHST\nTLBI VALE1IS 2000000040000\n");
    CHECK(of_user("flush_tlb_range(r);", "64K", "tlb_range = false;") ==
          "DSB ISHST\nx16 {\nTLBI VAE1IS 2000000040000 +va 1\n}\nDSB ISH\n");
    CHECK(of_user("flush_tlb_range(r);") == of_user("flush_tlb_range(r, r.start, r.end);"));
    CHECK(of_user("flush_tlb_range(r);", "2M", "tlb_range = false;") ==
          of_user("flush_tlb_mm(r); dsb(ish);"));
}

TEST_CASE("huge-page flushes have their stride and level hint") {
    CHECK(of_user("flush_pmd_tlb_range(r);", "4M", "tlb_range = false;") ==
          "DSB ISHST\nx2 {\nTLBI VAE1IS 2600000040000 +va 200\n}\nDSB ISH\n");
}

TEST_CASE("contpte_convert breaks before it makes, unless bbm_level is 3") {
    const std::string before = of_user("contpte_fold(r);");
    CHECK(before.find("DSB ISH\nx16 {\nstore") != std::string::npos);
    CHECK(before.find("rw cont ng") != std::string::npos);
    const std::string without = of_user("contpte_fold(r);", "64K", "bbm_level = 3;");
    CHECK(without.find("DSB ISH\n") == std::string::npos);
    CHECK(without.find("TLBI") == std::string::npos);
    CHECK(without.find("rw cont ng") != std::string::npos);
}
