// SPDX-License-Identifier: Apache-2.0

#include "checker/report/svg.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

namespace {

/// Every opened element is closed, in order: enough of XML for what the writer uses.
bool well_formed(const std::string& text) {
    std::vector<std::string> open;
    for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at)) {
        const std::size_t end = text.find('>', at);
        if (end == std::string::npos) return false;
        const std::string tag = text.substr(at + 1, end - at - 1);
        if (tag[0] == '/') {
            if (open.empty() || open.back() != tag.substr(1)) return false;
            open.pop_back();
        } else if (tag.back() != '/') {
            open.push_back(tag.substr(0, tag.find_first_of(" \n")));
        }
        at = end;
    }
    return open.empty();
}

}  // namespace

TEST_CASE("pictures are well formed, described in words and load nothing", "[svg]") {
    for (const Explanation& explanation :
         {tests::unsafe_explanation(), tests::safe_explanation(), tests::litmus_explanation()}) {
        const std::string text = explain_svg(explanation);
        CHECK(well_formed(text));
        CHECK(text.find("<title>") != std::string::npos);
        CHECK(text.find("<desc>") != std::string::npos);
        CHECK(text.find("href") == std::string::npos);
        CHECK(text.find("url(http") == std::string::npos);
        CHECK(text.find("prefers-color-scheme:dark") != std::string::npos);
    }
}

TEST_CASE("the picture of a counterexample marks the stale entry and the bad access", "[svg]") {
    const std::string text = explain_svg(tests::unsafe_explanation());
    CHECK(text.find("tc-stale") != std::string::npos);
    CHECK(text.find("tc-box-hit") != std::string::npos);
    CHECK(text.find(">STALE<") != std::string::npos);
    CHECK(text.find("CONTIGUOUS-FILL") != std::string::npos);
}

TEST_CASE("a graph for inlining brings no style sheet", "[svg]") {
    const std::string text = inline_graph_svg(tests::message_passing_graph());
    CHECK(well_formed(text));
    CHECK(text.find("<style>") == std::string::npos);
}
