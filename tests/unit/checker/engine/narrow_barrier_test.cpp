// SPDX-License-Identifier: Apache-2.0
#include "checker/engine/narrow_barrier.hpp"

#include "litmus/sched/schedule.hpp"
#include "tests/support/catch.hpp"

namespace checker = tlbcheck::checker;
namespace sched = tlbcheck::litmus::sched;

namespace {

std::vector<std::string> warnings_of(const std::string& code) {
    const auto parsed = sched::parse_schedule(tlbcheck::litmus::make_source(
        "narrow.sched",
        "include \"linux.sched\"; region R { va = 0xffff000000000000; pa = 0x100000; size = 16K; }\n"
        "thread P0 {\n" +
            code + "\n} assert no_stale_entry(R);"));
    REQUIRE(parsed);
    const auto program = sched::expand(parsed.value());
    REQUIRE(program);
    return checker::narrow_barriers(program.value());
}

}  // namespace

TEST_CASE("a DSB of a narrower domain than the TLBI's is told", "[narrow_barrier]") {
    const auto st = warnings_of("clear(R); dsb(nshst);\ntlbi(vmalle1is); dsb(ish); isb();");
    REQUIRE(st.size() == 1);
    CHECK(st[0].find("deprecated shareability: DSB NSHST (line 3) ") == 0);
    CHECK(st[0].find(" TLBI VMALLE1IS (line 4) ") != std::string::npos);
    CHECK(st[0].find("Maintenance-scope-for-DSB-ST-is-deprecated") != std::string::npos);
    const auto full = warnings_of("clear(R); dsb(nsh);\ntlbi(vmalle1is); dsb(ish); isb();");
    REQUIRE(full.size() == 1);
    CHECK(full[0].find("deprecated shareability: DSB NSH (line 3) ") == 0);
    CHECK(full[0].find("flags") == std::string::npos);
    CHECK(warnings_of("clear(R); dsb(ishst); tlbi(vmalle1os); dsb(osh); isb();").size() == 1);
    CHECK(warnings_of("for (l : R) { tlbi(vaale1is, l); clear(l); dsb(nsh); } dsb(ish); isb();").size() == 1);
    CHECK(warnings_of("clear(R); dsb(nsh); tlbi(vmalle1is); tlbi(vmalle1is); dsb(ish); isb();").size() == 1);
}

TEST_CASE("a DSB that is wide enough, or orders no store before a broadcast, is not", "[narrow_barrier]") {
    for (const char* code :
         {"clear(R); dsb(ishst); tlbi(vmalle1is); dsb(ish); isb();",
          "clear(R); dsb(sy); tlbi(vmalle1os); dsb(sy); isb();",
          "clear(R); dsb(nsh); tlbi(vmalle1); dsb(nsh); isb();",
          "clear(R); dsb(nsh); dsb(ishst); tlbi(vmalle1is); dsb(ish); isb();",
          "clear(R); dsb(ishst); dsb(nsh); tlbi(vmalle1is); dsb(ish); isb();",
          "clear(R); dsb(nshld); tlbi(vmalle1is); dsb(ish); isb();",
          "clear(R); tlbi(vmalle1is); dsb(nsh); isb();", "dsb(nsh); tlbi(vmalle1is); dsb(ish);",
          "clear(R); flush_tlb_kernel_range(R);"}) {
        INFO(code);
        CHECK(warnings_of(code).empty());
    }
}
