// SPDX-License-Identifier: Apache-2.0

#include "checker/report/annotations.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("a failure is annotated at the offending line, nothing else is", "[annotations]") {
    CHECK(
        github_annotations({tests::sample_file({tests::unsafe_question(), tests::safe_question()})}).empty());
    CHECK(github_annotations({tests::sample_file({tests::failed_question()})}) ==
          "::error file=examples/unmap_hotplug/per_leaf.sched,line=15,col=9,title=no_stale_entry(linear) "
          "{contiguous_entries = 4}%3A unsafe (expected safe)::" +
              tests::failed_question().reason + "\n");
}

TEST_CASE("an annotation stays on one line", "[annotations]") {
    FileReport broken = tests::sample_file({});
    broken.error = "a.sched:1:1: error: x\n  line\n  ^\n";
    const std::string text = github_annotations({broken});
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    CHECK(text.find("%0A") != std::string::npos);
}
