// SPDX-License-Identifier: Apache-2.0

#include "checker/gate/glob.hpp"

#include <string>

#include "tests/support/catch.hpp"

using tlbcheck::checker::glob_match;

TEST_CASE("a star stays within one folder", "[glob]") {
    CHECK(glob_match("*.sched", "a.sched"));
    CHECK_FALSE(glob_match("*.sched", "x/a.sched"));
    CHECK(glob_match("x/*.sched", "x/.sched"));
    CHECK_FALSE(glob_match("x/*", "x/y/z"));
}

TEST_CASE("two stars cross folders, and with a slash stand for nothing as well", "[glob]") {
    CHECK(glob_match("**/*.sched", "a.sched"));
    CHECK(glob_match("**/*.sched", "x/y/a.sched"));
    CHECK(glob_match("x/**/a.sched", "x/a.sched"));
    CHECK(glob_match("x/**/a.sched", "x/y/z/a.sched"));
    CHECK_FALSE(glob_match("x/**/a.sched", "x/ya.sched"));
    CHECK(glob_match("x/**", "x/y/z"));
    CHECK_FALSE(glob_match("x/**", "y/x/z"));
}

TEST_CASE("a question mark is one character and no slash", "[glob]") {
    CHECK(glob_match("a?c", "abc"));
    CHECK_FALSE(glob_match("a?c", "a/c"));
    CHECK_FALSE(glob_match("a?c", "ac"));
}

TEST_CASE("a pattern of many stars takes no exponential time", "[glob]") {
    CHECK_FALSE(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(200, 'a')));
    CHECK_FALSE(glob_match("**/**/**/**/**/**/**/**/b", std::string(100, '/')));
}
