// SPDX-License-Identifier: Apache-2.0
//
// explain, compare, states and gate through the program.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schema_check.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

/// What a document breaks of its schema in docs/schema/; empty when nothing.
std::string broken(const std::string& document, const std::string& kind) {
    const auto read = nlohmann::json::parse(document, nullptr, false);
    if (read.is_discarded()) return "no JSON document: " + document.substr(0, 200);
    return schema_violation(schema_file(kind + "-1.schema.json"), read);
}

/// The code flow of each result leads through the schedule's file and ends at the question.
void check_code_flow(const nlohmann::json& result) {
    REQUIRE(result.at("codeFlows").size() == 1);
    const auto& steps = result["codeFlows"][0].at("threadFlows").at(0).at("locations");
    REQUIRE(steps.size() > 2);
    int order = 0;
    for (const auto& step : steps) {
        CHECK(step.at("executionOrder") == ++order);
        CHECK_FALSE(step.at("location").at("message").at("text").get<std::string>().empty());
        CHECK(step["location"].at("physicalLocation").at("region").at("startLine") > 0);
    }
    CHECK(steps.back()["location"]["physicalLocation"] ==
          result.at("relatedLocations").at(0).at("physicalLocation"));
}

}  // namespace

TEST_CASE("explain writes every form of every example") {
    const TemporaryFolder folder;
    const auto at = [&](const char* name) { return (folder.path() / name).string(); };
    for (const std::string& file : examples()) {
        CAPTURE(file);
        const auto run = run_tlbcheck(
            {"explain", "--json", "--html", at("x.html"), "--svg", at("x.svg"), "--dot", at("x.dot"), file});
        CHECK(run.status == 0);
        CHECK(run.err.empty());
        CHECK(broken(run.out, "explain").empty());
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
    CHECK(broken(document.out, "compare").empty());
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
    std::vector<std::string> gate{"gate", "--junit", junit.string(), "--sarif", sarif.string(), "-j", "2"};
    for (const auto& entry : std::filesystem::directory_iterator("examples")) {
        // A recorded run cannot say which answer it expects: casemate_test.cpp looks at those.
        if (entry.is_directory() && entry.path().filename() != "casemate")
            gate.push_back(entry.path().string());
    }
    REQUIRE(gate.size() > 20);
    const auto run = run_tlbcheck(gate);
    CAPTURE(run.out, run.err);
    CHECK(run.status == 0);
    CHECK(run.out.find("pass: ") != std::string::npos);
    CHECK(read_text(junit).find("</testsuites>") != std::string::npos);
    CHECK(nlohmann::json::parse(read_text(sarif)).at("version") == "2.1.0");
}

TEST_CASE("the documents of check and gate are as their schemas say") {
    std::vector<std::string> arguments{"check", "--json", "--any-size"};
    for (const char* folder : {"break_before_make", "flush_mistakes"}) {
        for (const std::string& file : examples()) {
            if (file.find(folder) != std::string::npos) arguments.push_back(file);
        }
    }
    CHECK(broken(run_tlbcheck(arguments).out, "check").empty());
    const TemporaryFolder folder;
    const auto known = folder.path() / "known.json";
    CHECK(run_tlbcheck({"gate", "examples/vmemmap", "--baseline", known.string(), "--update-baseline"})
              .status == 0);
    CHECK(broken(read_text(known), "baseline").empty());
    const auto gate = run_tlbcheck({"gate", "examples/vmemmap", "--baseline", known.string(), "--json"});
    CHECK(gate.status == 0);
    CHECK(broken(gate.out, "gate").empty());
}

TEST_CASE("a failure in SARIF leads through its witness") {
    const TemporaryFolder folder;
    const auto config = folder.write("tlbcheck.toml", "[[file]]\nmatch = \"*.sched\"\nexpect = \"safe\"\n");
    for (const char* name : {"unmap_hotplug/per_leaf", "page_table_free/after_last_level_flush",
                             "vmemmap/free_before_flush", "break_before_make/move_page"}) {
        const std::string file = "examples/" + std::string(name) + ".sched";
        folder.write(std::filesystem::path(file).filename().string(), read_text(source_dir() / file));
    }
    const auto run = run_tlbcheck({"gate", "--sarif", "-", "--quiet"}, {}, folder.path());
    CHECK(run.status == 1);
    const std::string log = run.out.substr(0, run.out.rfind("}\n") + 2);
    const auto results = nlohmann::json::parse(log).at("runs").at(0).at("results");
    REQUIRE(results.size() >= 5);
    for (const auto& result : results) check_code_flow(result);
    CHECK(run_tlbcheck({"gate", "--json"}, {}, folder.path()).status == 1);
}

TEST_CASE("what cannot be printed does not pass for success") {
    const auto full = run_command(
        {"sh", "-c", "\"$0\" check examples/user_mappings/munmap.sched >/dev/full", program_path().string()});
    CHECK(full.status == 2);
    CHECK(full.err == "tlbcheck: error: cannot write to standard output\n");
    const auto mute =
        run_command({"sh", "-c", "\"$0\" check none.sched 2>/dev/full", program_path().string()});
    CHECK(mute.status == 2);
}

TEST_CASE("a report that cannot be written fails the run, and leaves what was there") {
    const TemporaryFolder folder;
    for (const char* option : {"--junit", "--sarif"}) {
        const auto run =
            run_tlbcheck({"gate", "examples/user_mappings", option, "none/report"}, {}, source_dir());
        CHECK(run.status == 2);
        CHECK(run.err == "tlbcheck: error: cannot write none/report: No such file or directory\n");
    }
    // A file that may not grow stands for a full disk.
    const auto kept = folder.write("kept.html", "before\n");
    const auto full = run_command({"sh", "-c",
                                   "trap '' XFSZ; ulimit -f 1; \"$0\" explain --html \"$1\" "
                                   "examples/user_mappings/munmap.sched",
                                   program_path().string(), kept.string()});
    CHECK(full.status == 2);
    CHECK(full.err.find("File too large") != std::string::npos);
    CHECK(read_text(kept) == "before\n");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()),
                        std::filesystem::directory_iterator()) == 1);
}
