// SPDX-License-Identifier: Apache-2.0

#include "checker/report/junit.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("a suite a file, a case a question, with counts", "[junit]") {
    QuestionReport undecided = tests::safe_question();
    undecided.verdict = Verdict::undecided;
    undecided.text = "no_use_after_free";
    FileReport broken = tests::sample_file({});
    broken.error = "a.sched:1:2: error: <oops>";
    const std::string xml = junit_xml(
        {tests::sample_file({tests::unsafe_question(), tests::failed_question(), undecided}), broken});
    CHECK(xml.find("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tlbcheck\" tests=\"4\" "
                   "failures=\"1\" "
                   "errors=\"1\" skipped=\"1\">") == 0);
    CHECK(xml.find("<failure type=\"no_stale_entry\" message=\"unsafe (expected safe): PE1 keeps") !=
          std::string::npos);
    CHECK(xml.find("file=\"examples/unmap_hotplug/per_leaf.sched\" line=\"20\"") != std::string::npos);
    CHECK(xml.find("<error type=\"input\">a.sched:1:2: error: &lt;oops&gt;</error>") != std::string::npos);
    CHECK(xml.find("<skipped message=\"undecided") != std::string::npos);
}

TEST_CASE("what a baseline accepts is skipped", "[junit]") {
    QuestionReport known = tests::failed_question();
    known.baseline = BaselineState::known;
    const std::string xml = junit_xml({tests::sample_file({known})});
    CHECK(xml.find("failures=\"0\"") != std::string::npos);
    CHECK(xml.find("<skipped message=\"unsafe (known: expected safe)") != std::string::npos);
}
