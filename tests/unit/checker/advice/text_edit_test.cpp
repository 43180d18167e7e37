// SPDX-License-Identifier: Apache-2.0
#include "checker/advice/source/text_edit.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("edits replace bytes of the unedited text, in the order of their places", "[text_edit]") {
    CHECK(applied("abcdef", {{4, 1, "X"}, {0, 2, ""}}) == "cdXf");
    CHECK(applied("ab", {{1, 0, "1"}, {1, 0, "2"}, {2, 0, "3"}}) == "a12b3");
    CHECK(applied("ab", {{1, 1, "B"}, {1, 0, "before "}}) == "abefore B");
    CHECK(applied("abcdef", {{1, 3, "-"}, {2, 1, "lost"}}) == "a-ef");
    CHECK(applied("ab", {{9, 1, "lost"}}) == "ab");
}

TEST_CASE("a diff is empty for equal texts, else what patch takes", "[text_edit]") {
    CHECK(unified_diff("a", "b", "x\n", "x\n").empty());
    CHECK(unified_diff("a", "b", "1\n2\n3\n4\n5\n", "1\n2\n3\nnew\n5\n") ==
          "--- a\n+++ b\n@@ -1,5 +1,5 @@\n 1\n 2\n 3\n-4\n+new\n 5\n");
    CHECK(unified_diff("a", "b", "", "x\n") == "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
}

TEST_CASE("lines of an edited text are told by their numbers before", "[text_edit]") {
    CHECK(old_lines("a\nb\nc\n", "a\nb\nc\n") == std::vector<std::size_t>{1, 2, 3});
    CHECK(old_lines("a\nb\nc\nd\n", "new\na\nother\nc\nd\n") == std::vector<std::size_t>{0, 1, 0, 3, 4});
    CHECK(old_lines("", "a\n") == std::vector<std::size_t>{0});
}

TEST_CASE("patch makes the new text of the old one", "[text_edit]") {
    std::string old_text, new_text;
    for (int line = 0; line < 60; ++line) {
        old_text += "line " + std::to_string(line) + "\n";
        if (line % 17 != 3) new_text += "line " + std::to_string(line) + "\n";
        if (line == 30 || line == 59) new_text += "one more\n";
    }
    const tests::TemporaryFolder folder;
    folder.write("a", old_text);
    const auto run =
        tests::run_command({"patch", "-s", "a"}, unified_diff("a", "a", old_text, new_text), folder.path());
    if (run.status == 127) return;  // patch is not installed: the tests above remain
    REQUIRE(run.status == 0);
    CHECK(tests::read_text(folder.path() / "a") == new_text);
}
