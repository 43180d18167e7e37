// SPDX-License-Identifier: Apache-2.0
//
// The page as text; tests/browser/ looks at it in a browser. The hidden test writes the sample reports to
// $TLBCHECK_SAMPLE_DIR, for those tests and for looking at.

#include "checker/report/page_writer.hpp"

#include <cstdlib>
#include <filesystem>

#include "checker/atomic_file.hpp"
#include "checker/report/dot.hpp"
#include "checker/report/explain_json.hpp"
#include "checker/report/svg.hpp"
#include "checker/report/trace_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

TEST_CASE("sample reports are written to a folder", "[.samples]") {
    const char* folder = std::getenv("TLBCHECK_SAMPLE_DIR");
    REQUIRE(folder != nullptr);
    using namespace tlbcheck;
    const auto write = [&](const std::string& name, const checker::Explanation& explanation) {
        const std::string stem = (std::filesystem::path(folder) / name).string();
        CHECK(checker::write_file_atomically(stem + ".html", checker::explain_html(explanation)).empty());
        CHECK(checker::write_file_atomically(stem + ".svg", checker::explain_svg(explanation)).empty());
        CHECK(checker::write_file_atomically(stem + ".json", checker::explain_json(explanation)).empty());
        CHECK(checker::write_file_atomically(stem + ".dot", checker::explain_dot(explanation)).empty());
        CHECK(checker::write_file_atomically(stem + ".txt",
                                             checker::trace_text(explanation, checker::Painter(false)))
                  .empty());
    };
    write("unsafe", tests::unsafe_explanation());
    write("safe", tests::safe_explanation());
    write("litmus", tests::litmus_explanation());
}

using namespace tlbcheck;  // NOLINT(google-build-using-namespace)

TEST_CASE("the page is whole and asks for nothing from the network", "[page_writer]") {
    const std::string page = checker::explain_html(tests::unsafe_explanation());
    CHECK(page.find("<!DOCTYPE html>") == 0);
    CHECK(page.find("{{") == std::string::npos);
    CHECK(page.find("default-src 'none'") != std::string::npos);
    CHECK(page.find("<script src") == std::string::npos);
    CHECK(page.find("https://") == std::string::npos);
    CHECK(page.find("<title>unmap_hotplug_range: one flush per leaf - tlbcheck</title>") !=
          std::string::npos);
    CHECK(page.find("tlbcheck.explain/1") != std::string::npos);
}

TEST_CASE("nothing in the input can become markup or script", "[page_writer]") {
    checker::Explanation hostile = tests::unsafe_explanation();
    hostile.title = "</title><script>alert(1)</script>{{data}}";
    hostile.file = "</script><img src=x onerror=alert(1)>";
    hostile.questions[0].question.text = "<!--<script>{{js}}";
    const std::string page = checker::explain_html(hostile);
    CHECK(page.find("alert(1)</script>") == std::string::npos);
    CHECK(page.find("<img") == std::string::npos);
    CHECK(page.find("<!--") == std::string::npos);
}

TEST_CASE("a page for a litmus witness carries the drawing", "[page_writer]") {
    const std::string page = checker::explain_html(tests::litmus_explanation());
    CHECK(page.find("id=\"graph-0\"") != std::string::npos);
    CHECK(page.find("http://www.w3.org/2000/svg") != std::string::npos);
}
