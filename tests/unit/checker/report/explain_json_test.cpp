// SPDX-License-Identifier: Apache-2.0

#include "checker/report/explain_json.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("the explain document follows its schema", "[explain_json]") {
    const auto schema = tests::schema_file("explain-1.schema.json");
    for (const Explanation& explanation :
         {tests::unsafe_explanation(), tests::safe_explanation(), tests::litmus_explanation()}) {
        CHECK(tests::schema_violation(schema, nlohmann::json::parse(explain_json(explanation))).empty());
    }
}

TEST_CASE("every rule that the document cites is explained in it", "[explain_json]") {
    const auto document = nlohmann::json::parse(explain_json(tests::unsafe_explanation()));
    for (const auto& step : document["questions"][0]["timeline"]["steps"]) {
        for (const auto& rule : step["rules"]) CHECK(document["rules"].contains(rule.get<std::string>()));
    }
    CHECK(document["rules"].contains("TLBI-ca"));
}

TEST_CASE("the compact document says the same", "[explain_json]") {
    const Explanation explanation = tests::safe_explanation();
    CHECK(nlohmann::json::parse(explain_json_compact(explanation)) ==
          nlohmann::json::parse(explain_json(explanation)));
    CHECK(explain_json_compact(explanation).find('\n') == std::string::npos);
}
