// SPDX-License-Identifier: Apache-2.0

#include "checker/text/progress.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using tlbcheck::checker::Progress;
using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

std::string progress_of(bool shown) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "out";
    std::FILE* stream = std::fopen(file.c_str(), "w");
    REQUIRE(stream != nullptr);
    {
        Progress progress(shown, 2, stream);
        progress.start("a.sched");
        progress.finish();
    }
    std::fclose(stream);
    return read_text(file);
}

}  // namespace

TEST_CASE("progress rewrites one line and takes it away", "[progress]") {
    const std::string text = progress_of(true);
    CHECK(text.find("[0/2] a.sched") != std::string::npos);
    CHECK(text.find("[1/2] a.sched") != std::string::npos);
    CHECK(text.find('\n') == std::string::npos);
    CHECK(text.substr(text.size() - 4) == "\r\x1b[K");
}

TEST_CASE("progress that is not wanted writes nothing", "[progress]") {
    CHECK(progress_of(false).empty());
}
