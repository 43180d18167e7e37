// SPDX-License-Identifier: Apache-2.0

#include "checker/gate/baseline.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

std::vector<FileReport> run(QuestionReport question) {
    return {tests::sample_file({std::move(question)})};
}

Outcome outcome_against(const std::vector<FileReport>& before, std::vector<FileReport> now) {
    CHECK(apply_baseline(now, baseline_of(before)).empty());
    return outcome_of(now[0].questions[0]);
}

QuestionReport passing() {
    QuestionReport question = tests::failed_question();
    question.verdict = Verdict::safe;
    return question;
}

QuestionReport undecided() {
    QuestionReport question = tests::failed_question();
    question.verdict = Verdict::undecided;
    return question;
}

}  // namespace

TEST_CASE("a baseline is written and read back", "[baseline]") {
    const Baseline baseline =
        baseline_of({tests::sample_file({tests::failed_question(), tests::safe_question()})});
    const auto read = parse_baseline(litmus::make_source("b.json", baseline_json(baseline)));
    REQUIRE(read.ok());
    CHECK(read.value() == baseline);
    CHECK(baseline.files.begin()->second.size() == 2);
    const auto schema = tests::schema_file("baseline-1.schema.json");
    CHECK(tests::schema_violation(schema, nlohmann::json::parse(baseline_json(baseline))).empty());
}

TEST_CASE("a known failure is accepted, a new one is not", "[baseline]") {
    CHECK(outcome_against(run(tests::failed_question()), run(tests::failed_question())) == Outcome::known);
    CHECK(outcome_against(run(passing()), run(tests::failed_question())) == Outcome::failed);
    std::vector<FileReport> fresh = run(tests::failed_question());
    apply_baseline(fresh, Baseline{});
    CHECK(outcome_of(fresh[0].questions[0]) == Outcome::failed);
    CHECK(fresh[0].questions[0].baseline == BaselineState::fresh);
}

TEST_CASE("a failure that is fixed fails until the baseline is updated", "[baseline]") {
    std::vector<FileReport> now = run(passing());
    apply_baseline(now, baseline_of(run(tests::failed_question())));
    CHECK(outcome_of(now[0].questions[0]) == Outcome::failed);
    CHECK(verdict_phrase(now[0].questions[0]) == "safe (fixed: the baseline still records unsafe)");
    CHECK(outcome_against(run(passing()), run(passing())) == Outcome::met);
}

TEST_CASE("a verdict without expectation that changes fails", "[baseline]") {
    QuestionReport before = tests::unsafe_question(), now = before;
    before.expected = now.expected = std::nullopt;
    before.verdict = Verdict::allowed;
    now.verdict = Verdict::forbidden;
    CHECK(outcome_against(run(before), run(now)) == Outcome::failed);
    CHECK(outcome_against(run(before), run(before)) == Outcome::no_expectation);
}

TEST_CASE("undecided is known only when it was undecided before", "[baseline]") {
    CHECK(outcome_against(run(undecided()), run(undecided())) == Outcome::known);
    CHECK(outcome_against(run(passing()), run(undecided())) == Outcome::undecided);
    CHECK(outcome_against(run(undecided()), run(passing())) == Outcome::met);
    CHECK(outcome_against(run(undecided()), run(tests::failed_question())) == Outcome::failed);
}

TEST_CASE("a question that is no longer asked is reported, other files' are not", "[baseline]") {
    Baseline baseline = baseline_of({tests::sample_file({tests::failed_question(), tests::safe_question()})});
    baseline.files["other.sched"]["no_bbm_violation"] = {Verdict::unsafe, false};
    std::vector<FileReport> now = run(tests::failed_question());
    const std::vector<std::string> gone = apply_baseline(now, baseline);
    REQUIRE(gone.size() == 1);
    CHECK(gone[0] == now[0].file + ": " + full_text(tests::safe_question()));
}

TEST_CASE("a malformed baseline is an error", "[baseline]") {
    const auto bad = [](const std::string& text) {
        return !parse_baseline(litmus::make_source("b.json", text)).ok();
    };
    CHECK(bad("{"));
    CHECK(bad("[]"));
    CHECK(bad("{\"schema\": \"tlbcheck.baseline/2\", \"files\": {}}"));
    CHECK(bad("{\"schema\": \"tlbcheck.baseline/1\"}"));
    CHECK(bad("{\"schema\": 1e999}"));
    CHECK(
        bad("{\"schema\": \"tlbcheck.baseline/1\", \"files\": {\"a\": {\"q\": {\"verdict\": \"fine\", "
            "\"as_expected\": true}}}}"));
    CHECK(bad("{\"schema\": \"tlbcheck.baseline/1\", \"files\": {\"a\": {\"q\": 3}}}"));
    const auto result = parse_baseline(litmus::make_source("b.json", "{\n  \"schema\": oops\n}"));
    CHECK(litmus::render(result.diagnostics()).find("b.json:2:") == 0);
}
