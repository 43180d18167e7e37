// SPDX-License-Identifier: Apache-2.0
//
// What a safe answer opens with, and warnings about statements that ran over nothing. What the sentence names
// is taken out of the text here, a second time: the property must fail then.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

namespace {

/// A schedule with a region of four pages, one statement a line from line 3 on.
std::string schedule(const std::vector<std::string>& statements, const std::string& question,
                     const std::string& region = "") {
    std::string text = "region r { va = 0xffff000080000000; pa = 0x80000000; size = 16K; level = 3; " +
                       region + " }\nthread P0 {\n";
    for (const std::string& statement : statements) text += statement + "\n";
    return text + "}\nassert " + question + ";\n";
}

nlohmann::json explained(const TemporaryFolder& folder, const std::string& text) {
    folder.write("s.sched", text);
    const ProgramResult result = run_tlbcheck({"explain", "--json", (folder.path() / "s.sched").string()});
    CAPTURE(text, result.err);
    REQUIRE((result.status == 0 || result.status == 1));
    return nlohmann::json::parse(result.out)["questions"][0];
}

std::string sentence(const nlohmann::json& question) {
    return question["proof"].is_null() ? "" : question["proof"]["summary"].get<std::string>();
}

bool starts(const std::string& text, const std::string& part) {
    return text.rfind(part, 0) == 0;
}

/// The lines that a sentence names: "(line 5)".
std::vector<std::size_t> lines_in(const std::string& text) {
    std::vector<std::size_t> lines;
    for (std::size_t at = 0; (at = text.find("(line ", at)) != std::string::npos; ++at)
        lines.push_back(std::stoul(text.substr(at + 6)));
    return lines;
}

}  // namespace

TEST_CASE("a safe answer opens with the DSB after which nothing can use the old entries") {
    const TemporaryFolder folder;
    const std::vector<std::string> unmap{"clear(r);", "dsb(ishst);", "tlbi_pages(vaale1is, r);", "dsb(ish);",
                                         "isb();"};
    const auto question = explained(folder, schedule(unmap, "no_stale_entry(r)"));
    REQUIRE(question["question"]["verdict"] == "safe");
    const std::string text = sentence(question);
    CAPTURE(text);
    CHECK(starts(text,
                 "After the DSB ISH (line 6) no other PE can use an old entry, because it completes the last "
                 "TLBI VAALE1IS"));
    CHECK(text.find("which came after the DSB ISHST (line 4) had made the stores visible to walks") !=
          std::string::npos);
    CHECK(text.find("On P0 itself that holds from the ISB (line 7) on.") != std::string::npos);
}

TEST_CASE("each instruction that the sentence names is needed") {
    const TemporaryFolder folder;
    using Lines = std::vector<std::string>;
    const std::vector<std::pair<Lines, std::string>> all{
        {{"clear(r);", "dsb(ishst);", "tlbi_pages(vaale1is, r);", "dsb(ish);", "isb();"},
         "no_stale_entry(r)"},
        {{"clear(r);", "dsb(ish);", "tlbi(vmalle1is);", "dsb(ish);", "isb();", "free(r);"},
         "no_use_after_free"},
        {{"clear(r);", "dsb(ishst);", "tlbi(vmalle1is);", "dsb(ish);", "dsb(ish);", "isb();"},
         "no_stale_entry(r)"},
        {{"clear(r);", "dsb(ishst);", "tlbi(vmalle1is);", "dsb(ish);", "isb();", "set(r, pa = 0x90000000);",
          "dsb(ishst);", "isb();"},
         "no_bbm_violation"},
        {{"clear(r);", "dsb(ishst);", "tlbi(vmalle1is);", "tlbi(vaale1is, r);", "dsb(ish);", "isb();"},
         "no_stale_entry(r)"},
    };
    std::size_t named = 0;
    for (const auto& [statements, property] : all) {
        const auto question = explained(folder, schedule(statements, property));
        const std::string text = sentence(question);
        CAPTURE(property, text);
        REQUIRE(question["question"]["verdict"] == "safe");
        CHECK_FALSE(text.empty());
        for (const std::size_t line : lines_in(text)) {
            Lines fewer = statements;
            CAPTURE(line, fewer[line - 3]);
            if (starts(fewer[line - 3], "free")) continue;
            ++named;
            fewer[line - 3] = "";
            CHECK(explained(folder, schedule(fewer, property))["question"]["verdict"] == "unsafe");
        }
    }
    CHECK(named > 8);
}

TEST_CASE("where no single instruction decides, the sentence says what holds instead") {
    const TemporaryFolder folder;
    const auto twice =
        explained(folder, schedule({"clear(r);", "dsb(ishst);", "tlbi(vmalle1is);", "dsb(ish);", "isb();",
                                    "dsb(ishst);", "tlbi(vmalle1is);", "dsb(ish);", "isb();"},
                                   "no_stale_entry(r)"));
    CHECK(starts(sentence(twice), "No single TLBI or barrier decides it"));
    const auto mapped = explained(
        folder, schedule({"set(r);", "dsb(ishst);", "isb();"}, "no_use_after_free", "mapped = false;"));
    CHECK(starts(sentence(mapped), "Nothing in it needs a TLBI or a barrier"));
}

TEST_CASE("a loop over nothing and a flush of nothing are warnings with their places") {
    const TemporaryFolder folder;
    const std::string empty = "range(r.start, r.start)";
    folder.write("s.sched", schedule({"clear(r);", "dsb(ishst);", "tlbi_range(vaale1is, " + empty + ");",
                                      "tlbi_pages(vaale1is, " + empty + ");",
                                      "for (leaf : " + empty + ") { clear(leaf); }",
                                      "flush_tlb_kernel_range(" + empty + ");", "tlbi_pages(vaale1is, r);",
                                      "dsb(ish);", "isb();"},
                                     "no_stale_entry(r)")
                                .insert(0, "include \"linux.sched\"; "));
    const ProgramResult result = run_tlbcheck({"check", "--json", (folder.path() / "s.sched").string()});
    CAPTURE(result.out, result.err);
    const auto warnings = nlohmann::json::parse(result.out)["files"][0]["warnings"];
    const auto warned = [&](const std::string& place, const std::string& what) {
        return std::ranges::any_of(warnings, [&](const nlohmann::json& w) {
            const auto text = w.get<std::string>();
            return text.find(place) != std::string::npos && text.find(what) != std::string::npos;
        });
    };
    CHECK(warned("s.sched:5:1", "tlbi_range() has no pages to flush"));
    CHECK(warned("s.sched:6:1", "tlbi_pages() has no pages to flush"));
    CHECK(warned("s.sched:7:1", "the loop runs over nothing"));
    CHECK(warned("s.sched:8:1", "(in linux.sched:"));
    CHECK_FALSE(warned("s.sched:9:1", ""));
}
