// SPDX-License-Identifier: Apache-2.0
// Tests of tests/support/program.hpp.

#include "tests/support/program.hpp"

#include "tests/support/catch.hpp"

using tlbcheck::tests::run_command;
using tlbcheck::tests::TemporaryFolder;

TEST_CASE("run_command gives exit code, output and error output") {
    const auto result = run_command({"sh", "-c", "cat; echo wrong >&2; exit 3"}, "input");
    CHECK(result.status == 3);
    CHECK(result.out == "input");
    CHECK(result.err == "wrong\n");
}

TEST_CASE("run_command reports a signal as 128 and its number") {
    CHECK(run_command({"sh", "-c", "kill -TERM $$"}).status == 143);
}

TEST_CASE("a temporary folder goes away with its object") {
    std::filesystem::path path;
    {
        const TemporaryFolder folder;
        path = folder.path();
        CHECK(tlbcheck::tests::read_text(folder.write("deep/file.txt", "text")) == "text");
    }
    CHECK_FALSE(std::filesystem::exists(path));
}
