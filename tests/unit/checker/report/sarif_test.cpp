// SPDX-License-Identifier: Apache-2.0
//
// What the SARIF 2.1.0 schema and the services that read it require of a log.

#include "checker/report/sarif.hpp"

#include <nlohmann/json.hpp>

#include <set>

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;
using Json = nlohmann::json;

namespace {

void check_location(const Json& location) {
    const Json& artifact = location.at("physicalLocation").at("artifactLocation");
    const std::string uri = artifact.at("uri");
    CHECK(uri.find(' ') == std::string::npos);
    CHECK((uri.rfind("file:///", 0) == 0) != artifact.contains("uriBaseId"));
    if (location["physicalLocation"].contains("region"))
        CHECK(location["physicalLocation"]["region"].at("startLine") >= 1);
}

/// The required members and enumerations of the schema, for what tlbcheck writes.
void check_log(const Json& log) {
    CHECK(log.at("version") == "2.1.0");
    CHECK(log.at("$schema").get<std::string>().find("sarif-schema-2.1.0.json") != std::string::npos);
    REQUIRE(log.at("runs").size() == 1);
    const Json& driver = log["runs"][0].at("tool").at("driver");
    CHECK(driver.at("name") == "tlbcheck");
    std::set<std::string> ids;
    for (const Json& rule : driver.at("rules")) {
        CHECK(ids.insert(rule.at("id").get<std::string>()).second);
        CHECK(rule.at("shortDescription").at("text").is_string());
        CHECK(std::set<std::string>{"none", "note", "warning", "error"}.count(
                  rule.at("defaultConfiguration").at("level")) == 1);
    }
    for (const Json& result : log["runs"][0].at("results")) {
        CHECK(result.at("message").at("text").is_string());
        CHECK(std::set<std::string>{"none", "note", "warning", "error"}.count(result.at("level")) == 1);
        CHECK(driver["rules"].at(result.at("ruleIndex").get<std::size_t>()).at("id") == result.at("ruleId"));
        REQUIRE(result.at("locations").size() == 1);
        check_location(result["locations"][0]);
        if (result.contains("baselineState")) {
            CHECK(std::set<std::string>{"new", "unchanged", "updated", "absent"}.count(
                      result["baselineState"]) == 1);
        }
    }
}

Json log_of(const std::vector<FileReport>& files) {
    Json log = Json::parse(sarif(files));
    check_log(log);
    return log;
}

}  // namespace

TEST_CASE("a failed expectation is a result at the offending statement", "[sarif]") {
    const Json log = log_of({tests::sample_file({tests::unsafe_question(), tests::failed_question()})});
    const Json& results = log["runs"][0]["results"];
    REQUIRE(results.size() == 1);
    CHECK(results[0]["ruleId"] == "no_stale_entry");
    CHECK(results[0]["level"] == "error");
    const Json& physical = results[0]["locations"][0]["physicalLocation"];
    CHECK(physical["artifactLocation"]["uri"] == "examples/unmap_hotplug/per_leaf.sched");
    CHECK(physical["region"]["startLine"] == 15);
    CHECK(results[0]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 20);
}

TEST_CASE("a witness is a code flow, in the order of its steps", "[sarif]") {
    QuestionReport question = tests::failed_question();
    question.flow = {{{"a.sched", 3, 5}, "PE0 (P0): r[0] = invalid", false},
                     {question.place, "PE1 (observer): load", true}};
    const Json result = log_of({tests::sample_file({question})})["runs"][0]["results"][0];
    const Json& steps = result.at("codeFlows").at(0).at("threadFlows").at(0).at("locations");
    REQUIRE(steps.size() == 2);
    CHECK(steps[0]["executionOrder"] == 1);
    CHECK(steps[0]["importance"] == "important");
    CHECK(steps[0]["location"]["message"]["text"] == "PE0 (P0): r[0] = invalid");
    CHECK(steps[1]["importance"] == "essential");
    check_location(steps[1]["location"]);
}

TEST_CASE("a run without findings is still a valid log", "[sarif]") {
    CHECK(log_of({})["runs"][0]["results"].empty());
    CHECK(log_of({tests::sample_file({tests::safe_question()})})["runs"][0]["results"].empty());
}

TEST_CASE("input errors, undecided questions and warnings are results as well", "[sarif]") {
    FileReport broken = tests::sample_file({});
    broken.file = "/tmp/a b.sched";
    broken.error = "no such helper";
    QuestionReport undecided = tests::safe_question();
    undecided.verdict = Verdict::undecided;
    undecided.warnings = {"it stays safe without any TLBI"};
    const Json results = log_of({broken, tests::sample_file({undecided})})["runs"][0]["results"];
    REQUIRE(results.size() == 3);
    CHECK(results[0]["ruleId"] == "input");
    CHECK(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] ==
          "file:///tmp/a%20b.sched");
    CHECK(results[1]["level"] == "warning");
    CHECK(results[2]["ruleId"] == "warning");
}

TEST_CASE("a fingerprint does not depend on lines", "[sarif]") {
    QuestionReport moved = tests::failed_question();
    moved.place.line += 10;
    moved.offence->place.line += 10;
    const auto print = [](const QuestionReport& question) {
        return log_of({tests::sample_file({question})})["runs"][0]["results"][0]["partialFingerprints"];
    };
    CHECK(print(moved) == print(tests::failed_question()));
    moved.differs.clear();
    CHECK(print(moved) != print(tests::failed_question()));
}

TEST_CASE("what a baseline accepts is an unchanged note", "[sarif]") {
    QuestionReport known = tests::failed_question();
    known.baseline = BaselineState::known;
    const Json result = log_of({tests::sample_file({known})})["runs"][0]["results"][0];
    CHECK(result["level"] == "note");
    CHECK(result["baselineState"] == "unchanged");
}
