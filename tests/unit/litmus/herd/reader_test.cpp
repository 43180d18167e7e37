// SPDX-License-Identifier: Apache-2.0
#include "litmus/herd/reader.hpp"

#include <cstdlib>
#include <filesystem>

#include "tests/unit/litmus/herd/test_text.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::herd;

TEST_CASE("a litmus file is told from others by its first word") {
    CHECK(looks_like_litmus("\n AArch64 MP\n{}"));
    CHECK_FALSE(looks_like_litmus("schedule \"x\";"));
    CHECK_FALSE(looks_like_litmus(""));
}

TEST_CASE("every test of the conformance suite is read") {
    const char* shared = std::getenv("TLBCHECK_SHARED");
    if (shared == nullptr || *shared == '\0') return;
    const std::filesystem::path folder = std::filesystem::path(shared) / "conformance" / "herd";
    if (!std::filesystem::exists(folder)) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".litmus") continue;
        std::string why;
        const Source source = read_source(entry.path().string(), why);
        REQUIRE(source != nullptr);
        const auto result = read_litmus(source);
        INFO(render(result.diagnostics()));
        CHECK(result.ok());
    }
}
