// SPDX-License-Identifier: Apache-2.0

#include "checker/report/comparison_text.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

namespace {

Comparison sample() {
    Comparison comparison;
    comparison.a.report = tests::sample_file({tests::failed_question()});
    comparison.a.cost.tlbis = {16, "1 per leaf"};
    comparison.a.witnesses = {"PE1 keeps an entry."};
    QuestionReport safe = tests::failed_question();
    safe.verdict = Verdict::safe;
    comparison.b.report = tests::sample_file({safe});
    comparison.b.report.file = "batched.sched";
    comparison.b.cost.tlbis = {1, "constant"};
    comparison.b.witnesses = {""};
    return comparison;
}

}  // namespace

TEST_CASE("two schedules stand side by side with verdicts and cost", "[comparison_text]") {
    const std::string text = comparison_text(sample(), Painter(false));
    CHECK(text.find("no_stale_entry(linear) {contiguous_entries = 4}  unsafe           safe\n") !=
          std::string::npos);
    CHECK(text.find("16 (1 per leaf)  1 (constant)\n") != std::string::npos);
    CHECK(text.find("A: no_stale_entry(linear) {contiguous_entries = 4}: PE1 keeps an entry.\n") !=
          std::string::npos);
}

TEST_CASE("the compare document follows its schema", "[comparison_text]") {
    const auto document = nlohmann::json::parse(comparison_json(sample()));
    CHECK(tests::schema_violation(tests::schema_file("compare-1.schema.json"), document).empty());
    CHECK(document["a"]["cost"]["tlbis"]["count"] == 16);
}
