// SPDX-License-Identifier: Apache-2.0
//
// explain, compare, states and gate through the program.
#include <nlohmann/json.hpp>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

TEST_CASE("explain writes every form of every example") {
    const TemporaryFolder folder;
    const auto at = [&](const char* name) { return (folder.path() / name).string(); };
    for (const std::string& file : examples()) {
        CAPTURE(file);
        const auto run = run_tlbcheck(
            {"explain", "--json", "--html", at("x.html"), "--svg", at("x.svg"), "--dot", at("x.dot"), file});
        CHECK(run.status == 0);
        CHECK(run.err.empty());
        CHECK(nlohmann::json::parse(run.out).at("schema") == "tlbcheck.explain/1");
        CHECK(read_text(folder.path() / "x.html").find("</html>") != std::string::npos);
        CHECK(read_text(folder.path() / "x.svg").find("</svg>") != std::string::npos);
        const std::string dot =
            read_text(folder.path() / "x.dot");  // a safe schedule has no execution to draw
        const bool drawn = dot.find("graph") != std::string::npos;
        CHECK((drawn || run.out.find("\"unsafe\"") == std::string::npos));
    }
}

TEST_CASE("an output file is replaced as a whole or not at all") {
    const TemporaryFolder folder;
    const auto file = folder.write("kept.svg", "before\n");
    const auto bad = folder.write("bad.sched", "thread P0 { clear(nothing); }\n");
    CHECK(run_tlbcheck({"explain", "--svg", file.string(), bad.string()}).status == 2);
    CHECK(read_text(file) == "before\n");
    CHECK(run_tlbcheck({"explain", "--svg", file.string(), "examples/user_mappings/munmap.sched"}).status ==
          0);
    CHECK(read_text(file).find("</svg>") != std::string::npos);
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) ++files;
    CHECK(files == 2);  // no temporary is left
}

TEST_CASE("compare shows both verdicts and the cost of each") {
    const auto run = run_tlbcheck(
        {"compare", "examples/unmap_hotplug/per_leaf.sched", "examples/unmap_hotplug/batched.sched"});
    CHECK(run.status == 0);
    for (const char* what : {"unsafe", "safe", "TLBI", "DSB"}) CHECK(run.out.find(what) != std::string::npos);
    const auto document = run_tlbcheck({"compare", "--json", "examples/unmap_hotplug/per_leaf.sched",
                                        "examples/unmap_hotplug/batched.sched"});
    CHECK(nlohmann::json::parse(document.out).at("schema") == "tlbcheck.compare/1");
}

TEST_CASE("states prints herd7's format") {
    const TemporaryFolder folder;
    const auto file = folder.write("SB.litmus",
                                   "AArch64 SB\n{\n0:X1=x; 0:X3=y;\n1:X1=y; 1:X3=x;\n}\n"
                                   " P0          | P1          ;\n MOV W0,#1   | MOV W0,#1   ;\n"
                                   " STR W0,[X1] | STR W0,[X1] ;\n LDR W2,[X3] | LDR W2,[X3] ;\n"
                                   "exists (0:X2=0 /\\ 1:X2=0)\n");
    const auto run = run_tlbcheck({"states", file.string()});
    CHECK(run.status == 0);
    CHECK(run.out.find("Test SB Allowed\nStates 4\n0:X2=0; 1:X2=0;\n0:X2=0; 1:X2=1;\n0:X2=1; "
                       "1:X2=0;\n0:X2=1; 1:X2=1;\nOk\n"
                       "Witnesses\nPositive: 1 Negative: 3\nCondition exists (0:X2=0 /\\ 1:X2=0)\n"
                       "Observation SB Sometimes 1 3\n") == 0);
}

TEST_CASE("the examples pass the gate, with reports for CI") {
    const TemporaryFolder folder;
    const auto junit = folder.path() / "report.xml";
    const auto sarif = folder.path() / "report.sarif";
    const auto run =
        run_tlbcheck({"gate", "examples", "--junit", junit.string(), "--sarif", sarif.string(), "-j", "2"});
    CAPTURE(run.out, run.err);
    CHECK(run.status == 0);
    CHECK(run.out.find("pass: ") != std::string::npos);
    CHECK(read_text(junit).find("</testsuites>") != std::string::npos);
    CHECK(nlohmann::json::parse(read_text(sarif)).at("version") == "2.1.0");
}
