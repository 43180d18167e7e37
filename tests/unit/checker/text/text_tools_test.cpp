// SPDX-License-Identifier: Apache-2.0

#include "checker/text/text_tools.hpp"

#include "litmus/diagnostics.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

TEST_CASE("sizes are exact and short", "[text_tools]") {
    CHECK(size_text(0) == "0");
    CHECK(size_text(4096) == "4K");
    CHECK(size_text(4100) == "4100");
    CHECK(size_text(1ULL << 40) == "1T");
    CHECK(size_text(3ULL << 30) == "3G");
}

TEST_CASE("XML text holds no markup and no forbidden character", "[text_tools]") {
    CHECK(xml_escaped("<a b='c'>&\"") == "&lt;a b=&#39;c&#39;&gt;&amp;&quot;");
    CHECK(xml_escaped(std::string_view("a\0b\x1b", 4)) ==
          "a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD");
    CHECK(xml_escaped("\xff") == "\xEF\xBF\xBD");
}

TEST_CASE("bytes that are not UTF-8 are replaced", "[text_tools]") {
    CHECK(valid_utf8("gr\xC3\xBC\xC3\x9F") == "gr\xC3\xBC\xC3\x9F");
    CHECK(valid_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");          // overlong
    CHECK(valid_utf8("\xED\xA0\x80").find("\xED") == std::string::npos);  // surrogate
    CHECK(valid_utf8("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");          // cut short
}

TEST_CASE("JSON in a script element cannot end it", "[text_tools]") {
    const std::string json = script_safe_json("{\"a\":\"</script><!--\xE2\x80\xA8\"}");
    CHECK(json.find('<') == std::string::npos);
    CHECK(json.find('>') == std::string::npos);
    CHECK(json.find("\\u2028") != std::string::npos);
}

TEST_CASE("workflow commands are escaped", "[text_tools]") {
    CHECK(annotation_escaped("a%b\nc:d,e", false) == "a%25b%0Ac:d,e");
    CHECK(annotation_escaped("a:b,c", true) == "a%3Ab%2Cc");
}

TEST_CASE("lines end at newlines, and are shown as places count them", "[text_tools]") {
    using Lines = std::vector<std::string>;
    const auto lines = [](std::string_view text) {
        const std::vector<std::string_view> found = lines_of(text);
        return Lines(found.begin(), found.end());
    };
    CHECK(lines("").empty());
    CHECK(lines("a\r\n\nb") == Lines{"a\r", "", "b"});
    CHECK(lines("a\n") == Lines{"a"});
    CHECK(shown_lines("").empty());
    CHECK(shown_lines("a\r\n\r\nb\rc\n") == Lines{"a", "", "b", "c"});
    // The line of a place is the one shown.
    const std::string text = "one\rtwo\r\nthree\n\nfive";
    const std::size_t at = text.find("five");
    CHECK(shown_lines(text).at(tlbcheck::litmus::place_of(text, at, 1).line - 1) == "five");
}

TEST_CASE("text is wrapped at spaces and cut with dots", "[text_tools]") {
    CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrapped("abcdefghij k", 4) == std::vector<std::string>{"abcd", "efgh", "ij k"});
    CHECK(wrapped("", 4).empty());
    CHECK(wrapped("at 0x1000-0x1fff", 8) == std::vector<std::string>{"at", "0x1000-", "0x1fff"});
    CHECK(fitted("abcdef", 5, false) == "ab...");
    CHECK(fitted("ab", 4, true) == "ab  ");
    CHECK(fitted("\xC3\xBC\xC3\xBC", 2, true) == "\xC3\xBC\xC3\xBC");
}
