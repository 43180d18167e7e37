// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/diagnostics.cpp: what a person sees of bad input, whatever its bytes are.

#include "litmus/diagnostics.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus;

namespace {

std::string shown(const std::string& text, Place place, const std::string& hint = {}) {
    return render({Severity::error, "wrong", make_source("f.sched", text), place, hint, {}});
}

}  // namespace

TEST_CASE("a diagnostic shows file, line, column, the line and a caret under the whole length") {
    CHECK(shown("one\ntwo three\n", {2, 5, 5}) == "f.sched:2:5: error: wrong\ntwo three\n    ^~~~~\n");
}

TEST_CASE("a diagnostic without a place shows the file only, without a source the program") {
    CHECK(shown("text", {0, 0, 1}) == "f.sched: error: wrong\n");
    CHECK(render({Severity::warning, "odd", nullptr, {}, {}, {}}) == "tlbcheck: warning: odd\n");
}

TEST_CASE("hints and notes follow the excerpt") {
    Diagnostic diagnostic{Severity::error, "twice", make_source("a", "x x"), {1, 3, 1}, "drop one", {}};
    diagnostic.notes.push_back({"first", diagnostic.source, {1, 1, 1}});
    CHECK(render(diagnostic) ==
          "a:1:3: error: twice\nx x\n  ^\na:1:1: note: first\nx x\n^\nhint: drop one\n");
}

TEST_CASE("a tab is shown as one space, so that the caret stays under its byte") {
    CHECK(shown("\tab", {1, 3, 1}) == "f.sched:1:3: error: wrong\n ab\n  ^\n");
}

TEST_CASE("CRLF and lone CR end lines") {
    CHECK(shown("one\r\ntwo\r\n", {2, 1, 3}) == "f.sched:2:1: error: wrong\ntwo\n^~~\n");
    CHECK(shown("one\rtwo", {2, 1, 3}) == "f.sched:2:1: error: wrong\ntwo\n^~~\n");
}

TEST_CASE("NUL, escapes and bytes that are not UTF-8 are shown as question marks") {
    const std::string text = std::string("a\0b\x1b[31m\xff\xc3", 10);
    CHECK(shown(text, {1, 10, 1}) == "f.sched:1:10: error: wrong\na?b?[31m??\n         ^\n");
    CHECK(printable("\x9b\xed\xa0\x80") == "????");
    CHECK(printable("\xc2\x9b") == "??");  // a C1 control
}

TEST_CASE("characters of several bytes count as one column of the caret line") {
    CHECK(shown("\xc3\xa9\xe2\x82\xac x", {1, 7, 1}) ==
          "f.sched:1:7: error: wrong\n\xc3\xa9\xe2\x82\xac x\n   ^\n");
}

TEST_CASE("a caret may stand behind the end of the line and of the file") {
    CHECK(shown("ab", {1, 3, 1}) == "f.sched:1:3: error: wrong\nab\n  ^\n");
    CHECK(shown("ab\n", {2, 1, 1}) == "f.sched:2:1: error: wrong\n\n^\n");
    CHECK(shown("", {1, 1, 1}) == "f.sched:1:1: error: wrong\n\n^\n");
    CHECK(shown("ab", {9, 9, 9}).find("f.sched:9:9: error: wrong\n") == 0);
}

TEST_CASE("a huge line is shortened around the place") {
    std::string text(1'000'000, 'a');
    text[500'000] = 'X';
    const std::string out = shown(text, {1, 500'001, 1});
    CHECK(out.size() < 400);
    const auto line = out.find("...");
    const auto mark = out.find('X');
    const auto caret = out.find('^');
    REQUIRE(mark != std::string::npos);
    REQUIRE(caret != std::string::npos);
    const auto caret_line = out.rfind('\n', caret) + 1;
    CHECK(mark - line == caret - caret_line);
}

TEST_CASE("a mark longer than the line ends with it") {
    CHECK(shown("abc", {1, 2, 1000}) == "f.sched:1:2: error: wrong\nabc\n ^~\n");
}

TEST_CASE("a message or file name with a line break stays on one line") {
    const auto out = render({Severity::error, "a\nb", make_source("x\ny", ""), {}, {}, {}});
    CHECK(out == "x?y: error: a?b\n");
}

TEST_CASE("place_of counts lines and columns from 1") {
    CHECK(place_of("ab\ncd", 4) == Place{2, 2, 1});
    CHECK(place_of("ab\r\ncd", 4, 2) == Place{2, 1, 2});
    CHECK(place_of("ab\rcd", 3) == Place{2, 1, 1});
    CHECK(place_of("ab", 99) == Place{1, 3, 1});
}

TEST_CASE("nearest finds a slip of the pen and nothing far away") {
    const std::vector<std::string> names = {"flush_tlb_kernel_range", "flush_tlb_all", "sets"};
    CHECK(nearest("flush_tlb_kernal_range", names) == "flush_tlb_kernel_range");
    CHECK(nearest("FLUSH_TLB_ALL", names) == "flush_tlb_all");
    CHECK(nearest("unrelated", names) == std::nullopt);
    CHECK(nearest("", names) == std::nullopt);
    CHECK(nearest(std::string(100'000, 'a'), names) == std::nullopt);
}

TEST_CASE("collect gives the value, or the diagnostics of the error thrown") {
    const auto good = collect([] { return 3; });
    REQUIRE(good.ok());
    CHECK(good.value() == 3);
    const auto bad = collect([]() -> int {
        throw InputError("no", make_source("f", "x"), Place{1, 1, 1}, "try");
    });
    REQUIRE_FALSE(bad.ok());
    CHECK(render(bad.diagnostics()) == "f:1:1: error: no\nx\n^\nhint: try\n");
}

TEST_CASE("read_source says why a file cannot be read") {
    std::string why;
    CHECK(read_source("/no/such/file", why) == nullptr);
    CHECK(why == "no such file");
    CHECK(read_source("/", why) == nullptr);
    CHECK(why == "is a directory");
}
