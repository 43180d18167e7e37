// SPDX-License-Identifier: Apache-2.0
//
// gate --minimize, seen from outside: what could be dropped is told in every report, and fails nothing.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schema_check.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
using nlohmann::json;

namespace {

constexpr const char* two_pages = "region r { va = 0xffff000080000000; pa = 0x80000000; size = 8K; }\n";

json results_of(const std::string& file) {
    return json::parse(read_text(file))["runs"][0]["results"];
}

}  // namespace

TEST_CASE("a step that is not needed is a note at its line, and fails nothing") {
    const TemporaryFolder folder;
    folder.write("a.sched", std::string(two_pages) +
                                "thread P {\n    clear(r);\n    dsb(ishst);\n    tlbi_pages(vaale1is, r);\n"
                                "    dsb(ish);\n    isb();\n    isb();\n}\nassert no_stale_entry(r);\n");
    folder.write("unsafe.sched",
                 std::string(two_pages) + "thread P { clear(r); }\nwitness no_stale_entry(r);\n");
    const std::string sarif = (folder.path() / "gate.sarif").string();
    const auto run = run_tlbcheck({"gate", "--minimize", "--json", "--sarif", sarif, folder.path().string()});
    CHECK(run.status == 0);
    const json document = json::parse(run.out);
    CHECK(schema_violation(schema_file("gate-1.schema.json"), document).empty());
    const json& minimized = document["files"][0]["minimized"];
    REQUIRE(minimized["steps"].size() == 5);
    CHECK(minimized["steps"][0]["need"] == "needed");
    CHECK(minimized["steps"][3]["need"] == "not needed");
    CHECK(document["files"][1]["minimized"]["why_not"].get<std::string>().starts_with("the file has no"));
    const json results = results_of(sarif);
    REQUIRE(results.size() == 2);  // either ISB by itself
    for (const json& result : results) {
        CHECK(result["ruleId"] == "step");
        CHECK(result["level"] == "note");
    }
    CHECK(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 7);

    const auto text = run_tlbcheck({"gate", "--minimize", "--github", folder.path().string()});
    CHECK(text.status == 0);
    CHECK(text.out.find("::notice file=") != std::string::npos);
    CHECK(text.out.find("a.sched:7:5: isb() is not needed") != std::string::npos);
    CHECK(text.out.find("pass: 2 files") != std::string::npos);
    CHECK(run_tlbcheck({"gate", folder.path().string()}).out.find("isb()") == std::string::npos);
}

TEST_CASE("a step that some configuration needs is not told of") {
    const TemporaryFolder folder;
    folder.write("a.sched", std::string(two_pages) +
                                "thread P {\n    clear(r);\n    dsb(ishst);\n    tlbi_pages(vaale1is, r);\n"
                                "    dsb(ish);\n    isb();\n}\nassert no_stale_entry(r);\n");
    const std::string sarif = (folder.path() / "gate.sarif").string();
    const auto notes = [&](const std::string& ets) {
        folder.write("tlbcheck.toml", "[[file]]\nmatch = \"*.sched\"\nmatrix = { ets = [" + ets + "] }\n");
        CHECK(run_tlbcheck({"gate", "--minimize", "--sarif", sarif, folder.path().string()}).status == 0);
        return results_of(sarif).size();
    };
    CHECK(notes("2") == 1);  // FEAT_ETS2 does without the ISB
    CHECK(notes("0, 2") == 0);
}
