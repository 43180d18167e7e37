// SPDX-License-Identifier: Apache-2.0

#include "checker/gate/gate.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

/// Judges by name: "bad" in the file's name makes the asserted question unsafe unless entries coalesce.
FileReport judge(const std::string& file, const RunOptions& options) {
    FileReport report = tests::sample_file({});
    report.file = file;
    QuestionReport question = tests::safe_question();
    const bool coalesced = apply({}, options.hardware).contiguous_fill == model::ContiguousFill::coalesced;
    question.differs =
        coalesced ? std::vector<std::string>{"contiguous_fill = coalesced"} : std::vector<std::string>{};
    question.place.file = file;
    if (file.find("bad") != std::string::npos && !coalesced) {
        question.verdict = Verdict::unsafe;
        question.reason = "an old entry survives.";
    }
    report.questions = {question};
    return report;
}

GateEngine engine() {
    return {nullptr, one_by_one(judge)};
}

GateResult gate(const GateRequest& request) {
    auto plan = plan_gate(request);
    if (!plan) FAIL(litmus::render(plan.diagnostics()));
    auto result = run_gate(plan.value(), engine());
    if (!result) FAIL(litmus::render(result.diagnostics()));
    return std::move(result).value();
}

std::string error_of(const GateRequest& request) {
    const auto plan = plan_gate(request);
    if (!plan) return litmus::render(plan.diagnostics());
    const auto result = run_gate(plan.value(), engine());
    REQUIRE_FALSE(result.ok());
    return litmus::render(result.diagnostics());
}

GateRequest below(const tests::TemporaryFolder& folder) {
    GateRequest request;
    request.paths = {folder.path().string()};
    return request;
}

}  // namespace

TEST_CASE("the gate runs every schedule and litmus test below a folder, in order", "[gate]") {
    const tests::TemporaryFolder folder;
    for (const char* name : {"b/x.litmus", "a.sched", "b/c.sched", ".hidden/no.sched", "notes.txt"})
        folder.write(name, "");
    const auto plan = plan_gate(below(folder));
    REQUIRE(plan.ok());
    std::vector<std::string> names;
    for (const GateJob& job : plan.value().jobs)
        names.push_back(job.file.substr(folder.path().string().size() + 1));
    CHECK(names == std::vector<std::string>{"a.sched", "b/c.sched", "b/x.litmus"});
}

TEST_CASE("shards part the files among them", "[gate]") {
    const tests::TemporaryFolder folder;
    for (const char* name : {"a.sched", "b.sched", "c.sched"}) folder.write(name, "");
    GateRequest request = below(folder);
    request.shards = 2;
    CHECK(plan_gate(request).value().jobs.size() == 2);
    request.shard = 2;
    CHECK(plan_gate(request).value().jobs.size() == 1);
}

TEST_CASE("the exit code follows the expectations", "[gate]") {
    const tests::TemporaryFolder folder;
    folder.write("good.sched", "");
    CHECK(exit_code(gate(below(folder))) == ExitCode::ok);
    folder.write("bad.sched", "");
    const GateResult result = gate(below(folder));
    CHECK(exit_code(result) == ExitCode::failed);
    const std::string text = gate_summary(result, Painter(false));
    CHECK(text.find("failed (1):") != std::string::npos);
    CHECK(text.find("bad.sched: no_stale_entry(linear): unsafe (expected safe)") != std::string::npos);
    CHECK(text.find("because an old entry survives.") != std::string::npos);
    CHECK(text.find("fail: 2 files, 2 questions: 1 as expected, 1 failed") != std::string::npos);
}

TEST_CASE("a configuration expects verdicts and multiplies hardware", "[gate]") {
    const tests::TemporaryFolder folder;
    folder.write("bad.sched", "");
    folder.write(
        "tlbcheck.toml",
        "[[file]]\nmatch = \"bad.sched\"\nexpect = \"unsafe\"\nmatrix = { contiguous_fill = \"any\" }\n"
        "[[file]]\nmatch = \"*.sched\"\nmatrix = { contiguous_fill = [\"coalesced\"] }\n");
    const GateResult result = gate(below(folder));
    REQUIRE(result.files.size() == 1);
    REQUIRE(result.files[0].questions.size() == 2);
    CHECK(result.files[0].questions[0].source == ExpectationSource::config);
    CHECK(exit_code(result) == ExitCode::ok);
}

TEST_CASE("an expectation that names no question, or no verdict of the file, is an error", "[gate]") {
    const tests::TemporaryFolder folder;
    folder.write("good.sched", "");
    folder.write("tlbcheck.toml",
                 "[[file]]\nmatch = \"good.sched\"\nexpect = { no_tlb_conflict = \"safe\" }\n");
    CHECK(error_of(below(folder)).find("tlbcheck.toml:3:12: error: 'no_tlb_conflict' is no question of") !=
          std::string::npos);
    folder.write("tlbcheck.toml", "[[file]]\nmatch = \"good.sched\"\nexpect = \"allowed\"\n");
    CHECK(error_of(below(folder)).find("'allowed' is no verdict of") != std::string::npos);
    folder.write("tlbcheck.toml", "[[file]]\nmatch = \"god.sched\"\nexpect = \"safe\"\n");
    CHECK(error_of(below(folder)).find("matches no file: god.sched") != std::string::npos);
}

TEST_CASE("paths that are not there, and folders with nothing in them, are errors", "[gate]") {
    const tests::TemporaryFolder folder;
    CHECK(error_of(below(folder)).find("nothing to check") != std::string::npos);
    GateRequest request;
    request.paths = {(folder.path() / "nowhere").string()};
    CHECK(error_of(request).find("no such file or folder") != std::string::npos);
}

TEST_CASE("inputs are parsed before anything is run", "[gate]") {
    const tests::TemporaryFolder folder;
    folder.write("good.sched", "");
    bool ran = false;
    GateEngine strict;
    strict.parse = [](const std::vector<GateJob>&) {
        litmus::Diagnostic diagnostic;
        diagnostic.message = "no such helper";
        return std::vector<litmus::Diagnostic>{diagnostic};
    };
    strict.run = [&](const std::vector<GateJob>&) {
        ran = true;
        return std::vector<FileReport>{};
    };
    CHECK_FALSE(run_gate(plan_gate(below(folder)).value(), strict).ok());
    CHECK_FALSE(ran);
}

TEST_CASE("a baseline accepts what it knows and is updated on request", "[gate]") {
    const tests::TemporaryFolder folder;
    folder.write("bad.sched", "");
    GateRequest request = below(folder);
    request.baseline = (folder.path() / "baseline.json").string();
    CHECK(error_of(request).find("cannot read") != std::string::npos);
    request.update_baseline = true;
    folder.write("baseline.json", baseline_json(gate(request).new_baseline));
    request.update_baseline = false;
    const GateResult known = gate(request);
    CHECK(exit_code(known) == ExitCode::ok);
    CHECK(gate_summary(known, Painter(false)).find("pass: 1 file, 1 question: 0 as expected, 1 known (") ==
          0);
    folder.write("bad2.sched", "");
    CHECK(exit_code(gate(request)) == ExitCode::failed);
}

TEST_CASE("the gate's document carries exit code, baseline and files", "[gate]") {
    const tests::TemporaryFolder folder;
    folder.write("bad.sched", "");
    const auto document = nlohmann::json::parse(gate_json(gate(below(folder))));
    CHECK(tests::schema_violation(tests::schema_file("gate-1.schema.json"), document).empty());
    CHECK(document["exit_code"] == 1);
    CHECK(document["baseline"].is_null());
    CHECK(document["files"][0]["questions"][0]["met"] == false);
}
