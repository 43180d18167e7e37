// SPDX-License-Identifier: Apache-2.0
//
// Hidden: writes the sample reports to $TLBCHECK_SAMPLE_DIR, for tests/browser/ and for looking at.

#include <cstdlib>
#include <filesystem>

#include "checker/atomic_file.hpp"
#include "checker/report/dot.hpp"
#include "checker/report/explain_json.hpp"
#include "checker/report/page_writer.hpp"
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
