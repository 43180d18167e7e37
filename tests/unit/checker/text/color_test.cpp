// SPDX-License-Identifier: Apache-2.0

#include "checker/text/color.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

TEST_CASE("colour by default only on a terminal that wants it", "[color]") {
    CHECK(use_color(ColorPolicy::automatic, true, nullptr, "xterm"));
    CHECK_FALSE(use_color(ColorPolicy::automatic, false, nullptr, "xterm"));
    CHECK_FALSE(use_color(ColorPolicy::automatic, true, "1", "xterm"));
    CHECK(use_color(ColorPolicy::automatic, true, "", "xterm"));
    CHECK_FALSE(use_color(ColorPolicy::automatic, true, nullptr, "dumb"));
    CHECK_FALSE(use_color(ColorPolicy::automatic, true, nullptr, nullptr));
}

TEST_CASE("--color always and never win over everything", "[color]") {
    CHECK(use_color(ColorPolicy::always, false, "1", nullptr));
    CHECK_FALSE(use_color(ColorPolicy::never, true, nullptr, "xterm"));
    CHECK(parse_color_policy("auto") == ColorPolicy::automatic);
    CHECK_FALSE(parse_color_policy("yes").has_value());
}

TEST_CASE("a painter that is off changes nothing", "[color]") {
    CHECK(Painter(false)(Tone::bad, "x") == "x");
    CHECK(Painter(true)(Tone::bad, "x") == "\x1b[31mx\x1b[0m");
    CHECK(Painter(true)(Tone::plain, "x") == "x");
    CHECK(Painter(true)(Tone::bad, "").empty());
}
