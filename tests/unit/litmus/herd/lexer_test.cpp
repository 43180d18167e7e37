// SPDX-License-Identifier: Apache-2.0
#include "litmus/herd/lexer.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::herd;

namespace {
std::vector<std::string> texts(const std::string& text, LexMode mode) {
    const Source source = make_source("t", text);
    std::vector<std::string> result;
    for (const Token& t : tokenize(source, {0, text.size()}, mode)) result.push_back(t.text);
    result.pop_back();
    return result;
}
}  // namespace

TEST_CASE("nested comments are blanks") {
    CHECK(texts("a (* b (* c *) d *) e", LexMode::state) == std::vector<std::string>{"a", "e"});
    CHECK_THROWS_AS(texts("a (* b (* c *)", LexMode::state), InputError);
}

TEST_CASE("a dash belongs to names in states and ends them in code") {
    CHECK(texts("D-MMU:Translation", LexMode::state) ==
          std::vector<std::string>{"D-MMU", ":", "Translation"});
    CHECK(texts("[X1,#-8]", LexMode::code) == std::vector<std::string>{"[", "X1", ",", "#-8", "]"});
}

TEST_CASE("numbers are decimal or hexadecimal, with a sign, and fit 64 bits") {
    const Source source = make_source("t", "#0x10 -3 18446744073709551615");
    const auto tokens = tokenize(source, {0, source->text.size()}, LexMode::code);
    CHECK(tokens[0].number == 16);
    CHECK(static_cast<std::int64_t>(tokens[1].number) == -3);
    CHECK(tokens[2].number == ~std::uint64_t{0});
    CHECK_THROWS_AS(texts("18446744073709551616", LexMode::code), InputError);
}

TEST_CASE("an unexpected byte is refused with its place") {
    try {
        texts("x = \x01", LexMode::state);
        FAIL("no error");
    } catch (const InputError& e) {
        CHECK(e.diagnostics().front().place.column == 5);
    }
}
