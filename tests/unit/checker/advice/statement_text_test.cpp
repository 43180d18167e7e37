// SPDX-License-Identifier: Apache-2.0
#include "checker/advice/source/statement_text.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

TEST_CASE("names are replaced as words, members are not", "[statement_text]") {
    CHECK(substituted("tlbi(vaale1is, l, ttl = level) + l.start + ll + x.l", {{"l", "r"}}) ==
          "tlbi(vaale1is, r, ttl = level) + r.start + ll + x.l");
    CHECK(substituted("a(b)", {{"a", "b"}, {"b", "a"}}) == "b(a)");
    CHECK(substituted("", {{"a", "b"}}).empty());
}

TEST_CASE("a list is split at its outermost commas", "[statement_text]") {
    using Parts = std::vector<std::string>;
    CHECK(split_at_commas("a,  b") == Parts{"a", "b"});
    CHECK(split_at_commas("range(a, b), 2") == Parts{"range(a, b)", "2"});
    CHECK(split_at_commas("a") == Parts{"a"});
}

TEST_CASE("what a loop runs over, and its head", "[statement_text]") {
    CHECK(stretch_of("for (l : leaves(linear)) clear(l);") == "linear");
    CHECK(stretch_of("for (t : tables(range(a, b), 3)) { clear(t); }") == "range(a, b)");
    CHECK(stretch_of("for (l : set) clear(l);") == "set");
    CHECK(stretch_of("for (s : sets(r)) ;") == "r");
    CHECK(loop_head("for (t : tables(x, 3)) { clear(t); }") == "for (t : tables(x, 3))");
}

TEST_CASE("a loop with one statement stands in one line", "[statement_text]") {
    CHECK(loop_text("for (l : r)", {"clear(l);"}, "  ") == "for (l : r) clear(l);");
    CHECK(loop_text("for (l : r)", {"clear(l);", "isb();"}, "  ") ==
          "for (l : r) {\n      clear(l);\n      isb();\n  }");
    CHECK(joined_lines({"a", "b"}, "  ") == "a\n  b");
}

TEST_CASE("a name is mentioned as a word of its own", "[statement_text]") {
    CHECK(mentions("clear(table(left, 3))", {"left"}));
    CHECK_FALSE(mentions("clear(left_over)", {"left"}));
    CHECK_FALSE(mentions("", {"left"}));
}
