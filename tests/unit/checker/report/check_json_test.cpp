// SPDX-License-Identifier: Apache-2.0

#include "checker/report/check_json.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("the check document follows its schema", "[check_json]") {
    FileReport broken = tests::sample_file({});
    broken.error = "x.sched:1:1: error: \xff";
    QuestionReport any = tests::safe_question();
    any.any_size = AnySize{true, "every further set is a copy of the first"};
    const auto schema = tests::schema_file("check-1.schema.json");
    for (const std::vector<FileReport>& files : std::vector<std::vector<FileReport>>{
             {}, {tests::sample_file({tests::failed_question(), any})}, {broken}}) {
        CHECK(tests::schema_violation(schema, nlohmann::json::parse(check_json(files))).empty());
    }
}

TEST_CASE("the check document names the model and holds no clock", "[check_json]") {
    const std::string text = check_json({tests::sample_file({tests::failed_question()})});
    const auto document = nlohmann::json::parse(text);
    CHECK(document["schema"] == "tlbcheck.check/1");
    CHECK(document["model"]["herdtools7_commit"] == "5feffe4e8");
    CHECK(document["exit_code"] == 1);
    CHECK(document["files"][0]["questions"][0]["affected"][0]["first"] == "0xffff000080000000");
    CHECK(document["files"][0]["questions"][0]["hardware"]["contiguous_entries"] == 4);
    CHECK(text.find("time") == std::string::npos);
    CHECK(text == check_json({tests::sample_file({tests::failed_question()})}));
}

TEST_CASE("the schema check itself finds what is wrong", "[check_json]") {
    const auto schema = tests::schema_file("check-1.schema.json");
    auto document = nlohmann::json::parse(check_json({tests::sample_file({tests::failed_question()})}));
    document["files"][0]["questions"][0]["verdict"] = "fine";
    CHECK(tests::schema_violation(schema, document).find("/files/0/questions/0/verdict") !=
          std::string::npos);
    document.erase("model");
    CHECK_FALSE(tests::schema_violation(schema, document).empty());
}
