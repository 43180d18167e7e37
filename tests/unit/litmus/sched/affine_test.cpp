// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/affine.cpp against plain arithmetic, iteration by iteration.

#include "litmus/sched/affine.hpp"

#include <optional>

#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus::sched;

namespace {

std::optional<std::uint64_t> split_of(Comparison op, Affine a, Affine b, std::uint64_t count) {
    try {
        compare(op, a, b, count);
        return std::nullopt;
    } catch (const SplitAt& split) {
        return split.at;
    }
}

bool truth_at(Comparison op, const Affine& a, const Affine& b, std::uint64_t i) {
    return op == Comparison::equal ? a.at(i) == b.at(i) : a.at(i) < b.at(i);
}

}  // namespace

TEST_CASE("a comparison is uniform, or splits where its truth first changes") {
    constexpr std::uint64_t count = 7;
    for (const Comparison op : {Comparison::equal, Comparison::less}) {
        for (int base = -20; base <= 20; ++base) {
            for (int step = -3; step <= 3; ++step) {
                for (int other = -2; other <= 2; ++other) {
                    const Affine a(base, step);
                    const Affine b(3, other);
                    std::optional<std::uint64_t> expected;
                    for (std::uint64_t i = 1; i < count && !expected; ++i) {
                        if (truth_at(op, a, b, i) != truth_at(op, a, b, 0)) expected = i;
                    }
                    REQUIRE(split_of(op, a, b, count) == expected);
                    if (!expected) REQUIRE(compare(op, a, b, count) == truth_at(op, a, b, 0));
                }
            }
        }
    }
}

TEST_CASE("a result is exact in every iteration, or refused as uneven") {
    int even = 0;
    for (const std::string op : {"+", "-", "*", "/", "%", "<<", ">>"}) {
        for (int base = -16; base <= 16; base += 4) {
            for (int step = -8; step <= 8; step += 4) {
                for (int divisor = 1; divisor <= 8; divisor *= 2) {
                    const Affine a(base, step);
                    Affine result;
                    std::string wrong;
                    try {
                        wrong = calculate(op, a, Affine(divisor), result);
                    } catch (const NotUniform&) {
                        continue;
                    }
                    REQUIRE(wrong == "");
                    ++even;
                    for (std::uint64_t i = 0; i < 5; ++i) {
                        Affine single;
                        REQUIRE(calculate(op, Affine(a.at(i)), Affine(divisor), single) == "");
                        REQUIRE(result.at(i) == single.base);
                    }
                }
            }
        }
    }
    CHECK(even > 500);
}

TEST_CASE("division rounds down and by zero is an error; results are bounded") {
    Affine result;
    CHECK(calculate("/", Affine(-7), Affine(2), result) == "");
    CHECK(result == Affine(-4));
    CHECK(calculate("%", Affine(-7), Affine(2), result) == "");
    CHECK(result == Affine(1));
    CHECK(calculate("/", Affine(1), Affine(0), result) == "division by zero");
    CHECK(calculate("<<", Affine(1), Affine(64), result) == "a shift is by 0 to 63");
    const Affine big(static_cast<Wide>(1) << 90);
    CHECK(calculate("*", big, big, result) == "this product is too large");
    CHECK(calculate("*", big, Affine(1 << 20), result) != "");
    CHECK_THROWS_AS(calculate("*", Affine(0, 1), Affine(0, 1), result), NotUniform);
    CHECK_THROWS_AS(calculate("&", Affine(0, 1), Affine(1), result), NotUniform);
}

TEST_CASE("numbers are shown in decimal when small, else in hexadecimal") {
    CHECK(to_string(Wide{4096}) == "4096");
    CHECK(to_string(Wide{-1}) == "-1");
    CHECK(to_string(Wide{0x80000000}) == "0x80000000");
    CHECK(to_string(static_cast<Wide>(1) << 64) == "0x10000000000000000");
}
