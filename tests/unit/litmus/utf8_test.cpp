// SPDX-License-Identifier: Apache-2.0
//
// The bounds of each form of UTF-8.
#include "litmus/utf8.hpp"

#include <string>

#include "tests/support/catch.hpp"

using tlbcheck::litmus::utf8_length;

TEST_CASE("a character of each length is as long as its first byte says", "[utf8]") {
    CHECK(utf8_length("a\xC3\xA9") == 1);
    CHECK(utf8_length(std::string_view("\0", 1)) == 1);
    CHECK(utf8_length("\xC2\x80") == 2);
    CHECK(utf8_length("\xDF\xBF") == 2);
    CHECK(utf8_length("\xE0\xA0\x80") == 3);
    CHECK(utf8_length("\xED\x9F\xBF") == 3);
    CHECK(utf8_length("\xEF\xBF\xBD") == 3);
    CHECK(utf8_length("\xF0\x90\x80\x80") == 4);
    CHECK(utf8_length("\xF4\x8F\xBF\xBF"
                      "more") == 4);
}

TEST_CASE("overlong forms, surrogates, what is too large and what is cut off are no characters", "[utf8]") {
    for (const char* bad :
         {"", "\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82", "\xE2\x82(",
          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
        CAPTURE(bad);
        CHECK(utf8_length(bad) == 0);
    }
}
