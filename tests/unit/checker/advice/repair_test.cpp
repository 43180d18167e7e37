// SPDX-License-Identifier: Apache-2.0
//
// For small schedules with one thing wrong: the first change that is proposed, and that all proposals are
// safe.
#include "checker/advice/repair.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "checker/advice/minimize.hpp"
#include "tests/unit/checker/engine/asked.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

RepairReport repaired(const std::string& text) {
    return repair(tests::job_of(text), {});
}

/// Each text that is proposed, judged by itself.
void check_safe(const RepairReport& report) {
    for (const AdvisedSchedule& repair : report.repairs) {
        INFO(repair.text);
        for (const auto& question : tests::job_of(repair.text).questions) {
            const model::Property& property = question.program->properties[question.property];
            CHECK(answer_question(*question.program, property, {}).report.verdict == Verdict::safe);
        }
        CHECK(repair.whole_judged);
        CHECK_FALSE(repair.diff.empty());
    }
}

const std::string used_after_free = "assert no_use_after_free;";

}  // namespace

TEST_CASE("what is missing is put in, the lightest change first", "[repair]") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"clear(R[0]);\ntlbi(vaale1is, R[0]);\ndsb(ish);\nisb();", "dsb(ishst) before line 5"},
        {"clear(R[0]);\ndsb(ishst);\ntlbi(vaale1is, R[0]);\nisb();", "dsb(ish) before line 7"},
        {"clear(R[0]);\ndsb(ishst);\ntlbi(vaale1is, R[0]);\ndsb(ish);", "isb() behind line 7"},
        {"clear(R);\ndsb(ishst);\ntlbi_pages(vaale1, R);\ndsb(ish);\nisb();",
         "TLBI VAALE1IS in place of tlbi_pages(vaale1, R) (line 6)"},
        {"clear(R[0]);\ndsb(ish);\nisb();", "a flush of R before line 5"},
    };
    for (const auto& [code, change] : cases) {
        INFO(code);
        const RepairReport report = repaired(tests::unmap(code));
        CHECK(report.outcome == AdviceOutcome::done);
        CHECK(report.internal_error.empty());
        CHECK(report.unfinished.empty());
        REQUIRE_FALSE(report.repairs.empty());
        CHECK(report.repairs.front().changes == std::vector<std::string>{change});
        check_safe(report);
        REQUIRE(report.violated.size() == 1);
        CHECK(report.violated.front().question == "no_stale_entry(R)");
    }
}

TEST_CASE("a free that comes too early is put behind the flush", "[repair]") {
    const RepairReport report =
        repaired(tests::unmap("clear(R);\nfree(R);\nflush_tlb_kernel_range(R);", used_after_free));
    REQUIRE_FALSE(report.repairs.empty());
    CHECK(report.repairs.front().changes ==
          std::vector<std::string>{"free (line 5) only at the end, behind line 6"});
    const std::string& text = report.repairs.front().text;
    CHECK(text.find("flush_tlb_kernel_range(R);\n") < text.find("free(R);\n"));
    CHECK(report.repairs.front().cost.tlbis.count == report.cost.tlbis.count);
    check_safe(report);
}

TEST_CASE("no repair that is shown makes do with another one's changes and more", "[repair]") {
    const RepairReport report = repaired(tests::unmap("clear(R[0]);\ntlbi(vaale1is, R[0]);\nisb();"));
    REQUIRE_FALSE(report.repairs.empty());
    CHECK(report.repairs.front().changes ==
          std::vector<std::string>{"dsb(ishst) before line 5", "dsb(ish) before line 6"});
    for (std::size_t k = 0; k + 1 < report.repairs.size(); ++k) {
        const std::vector<std::string>&a = report.repairs[k].changes, &b = report.repairs[k + 1].changes;
        CHECK_FALSE(std::ranges::includes(b, a));
    }
    check_safe(report);
}

TEST_CASE("a witness that can no longer be is asserted in the repaired text", "[repair]") {
    const RepairReport report = repaired(tests::unmap(
        "clear(R[0]);\ndsb(ishst);\ntlbi(vaale1is, R[0]);\nisb();", "witness no_stale_entry(R);"));
    REQUIRE_FALSE(report.repairs.empty());
    for (const AdvisedSchedule& repair : report.repairs) {
        CHECK(repair.text.find("assert no_stale_entry(R);") != std::string::npos);
        CHECK(repair.text.find("witness") == std::string::npos);
    }
}

TEST_CASE("nothing is changed where nothing is violated", "[repair]") {
    const RepairReport report = repaired(tests::unmap(tests::good_unmap));
    CHECK(report.outcome == AdviceOutcome::nothing_to_do);
    CHECK(report.repairs.empty());
    CHECK(report.violated.empty());
}

namespace {

const std::string updates = R"(
machine { ha = true; hd = true; }
region R { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; ap = ro; dbm = 1; }
)";

}  // namespace

TEST_CASE("what loses an update becomes a read-modify-write", "[repair]") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"set(R, dbm = 0);", "cmpxchg in place of set(R, dbm = 0) (line 5)"},
        {"clear(R);", "fetch_and_clear in place of clear(R) (line 5)"},
    };
    for (const auto& [code, change] : cases) {
        INFO(code);
        const RepairReport report =
            repaired(updates + "thread P0 {\n" + code + "\ndsb(ishst);\n}\nassert no_lost_update(R);\n");
        REQUIRE_FALSE(report.repairs.empty());
        CHECK(report.repairs.front().changes == std::vector<std::string>{change});
        check_safe(report);
    }
}

TEST_CASE("flags are read before a table is freed, and its entries flushed", "[repair]") {
    const RepairReport report = repaired(
        updates +
        "thread P0 {\nclear(table(R, 3));\ndsb(ish);\nfree(table(R, 3));\n}\nassert no_lost_update(R);\n");
    REQUIRE_FALSE(report.repairs.empty());
    CHECK(report.repairs.front().changes.front() == "fetch_and_clear(R) before line 5");
    CHECK(report.repairs.front().text.find("vae1is") != std::string::npos);
    check_safe(report);
}

TEST_CASE("a flush is shown in one of its places, and no wider one beside it", "[repair]") {
    const RepairReport report = repaired(tests::unmap("clear(R[0]);\ndsb(ish);\nisb();"));
    REQUIRE(report.repairs.size() == 1);
    const std::vector<std::string>& changes = report.repairs.front().changes;
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().starts_with("a flush of R "));
    check_safe(report);
}

TEST_CASE("in a loop over the region its item is flushed, and a region of many pages by a range",
          "[repair]") {
    const RepairReport item = repaired(
        "region R { va = 0x400000; pa = 0x80000000; size = 16K; asid = 5; }\n"
        "thread P0 {\nfor (leaf : R) {\nclear(leaf);\nfree(leaf);\n}\n}\nassert no_use_after_free;\n");
    REQUIRE_FALSE(item.repairs.empty());
    CHECK(item.repairs.front().text.find("leaf); else") != std::string::npos);
    CHECK(item.repairs.front().text.find("R); else") == std::string::npos);
    check_safe(item);
    const RepairReport range = repaired(
        "vm guest { vmid = 1; }\n"
        "region R { vm = guest; ipa = 0x40000000; pa = 0x80000000; size = 64K; }\nthread P0 in guest {\n"
        "clear(R);\ndsb(ishst);\ntlbi(ipas2e1is, R);\ndsb(ish);\ntlbi(vmalle1is);\ndsb(ish);\nisb();\n}\n"
        "assert no_stale_entry(R);\n");
    REQUIRE_FALSE(range.repairs.empty());
    CHECK(range.repairs.front().text.find("tlbi_range(ipas2e1is, R); else tlbi(vmalls12e1is);") !=
          std::string::npos);
    CHECK(range.repairs.front().cost.tlbis.count == 2);
    check_safe(range);
}

TEST_CASE("of a flush that is put in only what is missing there is left", "[repair]") {
    const RepairReport report = repaired(
        "region R { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }\n"
        "thread P0 {\nclear(R);\ndsb(ish);\nexception();\neret();\n}\nassert no_stale_entry(R);\n");
    REQUIRE_FALSE(report.repairs.empty());
    for (const AdvisedSchedule& repair : report.repairs) {
        INFO(repair.text);
        CHECK(repair.text.find("isb") == std::string::npos);
    }
    CHECK(report.repairs.front().changes.front().starts_with("what is needed of a flush of R"));
    check_safe(report);
}

TEST_CASE("at stage 2 by IPA, then what combines the stages; of another VMID everything", "[repair]") {
    const auto unmap = [](const std::string& space, const std::string& code) {
        return repaired(
            "vm guest { vmid = 1; }\n"
            "region R { vm = guest; ipa = 0x40000000; pa = 0x80000000; size = 4K; }\nthread P0 in " +
            space + " {\nclear(R);\n" + code + "}\nassert no_stale_entry(R);\n");
    };
    const RepairReport inside = unmap("guest", "");
    REQUIRE_FALSE(inside.repairs.empty());
    const std::string& text = inside.repairs.front().text;
    CHECK(text.find("ipas2le1is, R") < text.find("vmalle1is"));
    CHECK(text.find("alle1is);") == text.find("vmalle1is);") + 2);
    check_safe(inside);
    const RepairReport outside = unmap("host", "");
    REQUIRE_FALSE(outside.repairs.empty());
    CHECK(outside.repairs.front().changes ==
          std::vector<std::string>{"what is needed of a flush of everything behind line 4"});
    check_safe(outside);
}

TEST_CASE("no barrier is put beside one that does the same", "[repair]") {
    const RepairReport report = repaired(tests::unmap("clear(R[0]);\nflush_tlb_kernel_range(R[1]);\nisb();"));
    REQUIRE_FALSE(report.repairs.empty());
    for (const AdvisedSchedule& repair : report.repairs) {
        INFO(repair.text);
        CHECK(repair.text.find("isb();\nisb();") == std::string::npos);
        CHECK(repair.text.find("dsb(ishst);\nflush_tlb_kernel_range") == std::string::npos);
    }
}

TEST_CASE("what the file has itself stays where it is", "[repair]") {
    const RepairReport report = repaired(
        "space A { asid = 1; } space B { asid = 1; }\n"
        "region a { va = 0x400000; pa = 0x80000000; size = 4K; space = A; }\n"
        "region b { va = 0x400000; pa = 0x90000000; size = 4K; space = B; }\n"
        "thread P0 in A { switch(none); isb(); switch(B); isb(); }\nassert no_stale_entry(b);\n");
    REQUIRE_FALSE(report.repairs.empty());
    for (const AdvisedSchedule& repair : report.repairs) {
        INFO(repair.text);
        CHECK(repair.text.find("switch(B); isb();") != std::string::npos);
    }
    check_safe(report);
}
