// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/lexer.cpp.

#include "litmus/sched/token.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::sched;

namespace {

std::string joined(const std::string& text) {
    std::string result;
    const Source source = make_source("t", text);
    for (const Token& token : tokenize(source)) result += std::string(token.text) + "|";
    return result;
}

std::string failure(const std::string& text) {
    try {
        tokenize(make_source("t", text));
    } catch (const InputError& error) {
        return render(error.diagnostics());
    }
    return "";
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    INFO(text);
    CHECK(parse_number(text, value) == "");
    return value;
}

}  // namespace

TEST_CASE("tokens are split without spaces, the longest operator first") {
    CHECK(joined("a<=b<<c!=!d&&(e)") == "a|<=|b|<<|c|!=|!|d|&&|(|e|)||");
    CHECK(joined("clear(x);// rest\nisb/* a\n b */()") == "clear|(|x|)|;|isb|(|)||");
    CHECK(joined("\xEF\xBB\xBFx") == "x||");
}

TEST_CASE("numbers take underscores, hexadecimal and suffixes in powers of 1024") {
    CHECK(number("4K") == 4096);
    CHECK(number("1_000") == 1000);
    CHECK(number("0xffff_0000_8000_0000") == 0xffff000080000000);
    CHECK(number("0x10M") == 0x1000000);
    CHECK(number("16383T") == 16383ULL << 40);
    CHECK(number("18446744073709551615") == ~0ULL);
}

TEST_CASE("a number that is none, or needs more than 64 bits, is an error") {
    std::uint64_t value = 0;
    CHECK(parse_number("18446744073709551616", value) != "");
    CHECK(parse_number("16777216T", value) != "");
    CHECK(parse_number("0x", value) != "");
    CHECK(parse_number("12ab", value) != "");
    CHECK(parse_number("K", value) != "");
    CHECK(parse_number("", value) != "");
    CHECK(failure("x = 12ab;") == "t:1:5: error: '12ab' is no number\nx = 12ab;\n    ^~~~\n");
}

TEST_CASE("unterminated comments and strings are reported where they begin") {
    CHECK(failure("a\n /* b").find("t:2:2: error: this comment does not end") == 0);
    CHECK(failure("include \"a\nb\"").find("t:1:9: error: this string does not end on its line") == 0);
}

TEST_CASE("a byte without meaning is reported by its value") {
    CHECK(failure(std::string("a\0b", 3)).find("t:1:2: error: the byte 0x00") == 0);
    CHECK(failure("\xff").find("t:1:1: error: the byte 0xff") == 0);
    CHECK(failure("a # b").find("t:1:3: error: the byte 0x23") == 0);
}

TEST_CASE("places count lines over every kind of line end") {
    const auto tokens = tokenize(make_source("t", "a\r\nb\rc\n\td"));
    REQUIRE(tokens.size() == 5);
    CHECK(tokens[1].place == Place{2, 1, 1});
    CHECK(tokens[2].place == Place{3, 1, 1});
    CHECK(tokens[3].place == Place{4, 2, 1});
}
