// SPDX-License-Identifier: Apache-2.0
#include "litmus/herd/reader.hpp"

#include <filesystem>

#include "tests/support/program.hpp"
#include "tests/support/skip.hpp"
#include "tests/unit/litmus/herd/test_text.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::herd;

TEST_CASE("a litmus file is told from others by its first word") {
    CHECK(looks_like_litmus("\n AArch64 MP\n{}"));
    CHECK_FALSE(looks_like_litmus("schedule \"x\";"));
    CHECK_FALSE(looks_like_litmus(""));
}

TEST_CASE("every test of the conformance suite is read") {
    const auto shared = tlbcheck::tests::shared_dir();
    if (!shared) return tlbcheck::tests::skip("no folder with conformance/");
    const std::filesystem::path folder = *shared / "conformance" / "herd";
    std::size_t read = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".litmus") continue;
        std::string why;
        const Source source = read_source(entry.path().string(), why);
        REQUIRE(source != nullptr);
        const auto result = read_litmus(source);
        INFO(render(result.diagnostics()));
        CHECK(result.ok());
        ++read;
    }
    CHECK(read > 0);
}
