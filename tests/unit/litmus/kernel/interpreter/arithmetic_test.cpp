// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/interpreter/arithmetic.cpp.

#include "litmus/kernel/interpreter/arithmetic.hpp"

#include "litmus/kernel/interpreter/errors.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus::kernel;
using namespace tlbcheck::litmus::kernel::interpreter;

namespace {

constexpr std::uint64_t ones = ~std::uint64_t{0};
std::uint64_t two(Op op, unsigned bits, std::uint64_t a, std::uint64_t b) {
    return compute(op, bits, a, b, 0);
}

}  // namespace

TEST_CASE("values are signed at their width") {
    CHECK(as_signed(0x80, 8) == -128);
    CHECK(as_signed(0x7f, 8) == 127);
    CHECK(as_signed(1, 1) == -1);
    CHECK(as_signed(ones, 64) == -1);
    CHECK(low_bits(ones, 12) == 0xfff);
    CHECK(low_bits(ones, 64) == ones);
}

TEST_CASE("divisions") {
    CHECK(two(Op::sdiv, 32, 0xffff'fff9, 2) == 0xffff'fffd);  // -7 / 2 = -3
    CHECK(two(Op::srem, 32, 0xffff'fff9, 2) == 0xffff'ffff);
    CHECK(two(Op::udiv, 32, 0xffff'fff9, 2) == 0x7fff'fffc);
    CHECK(two(Op::sdiv, 64, std::uint64_t{1} << 63U, ones) == std::uint64_t{1} << 63U);
    CHECK(two(Op::srem, 64, std::uint64_t{1} << 63U, ones) == 0);
    for (const Op op : {Op::udiv, Op::sdiv, Op::urem, Op::srem}) CHECK_THROWS_AS(two(op, 64, 1, 0), Refusal);
}

TEST_CASE("shifts, minima, saturation") {
    CHECK(two(Op::ashr, 8, 0x80, 3) == 0xf0);
    CHECK(two(Op::ashr, 8, 0x80, 8) == 0);
    CHECK(two(Op::smin, 8, 0xff, 1) == 0xff);
    CHECK(two(Op::smax, 8, 0xff, 1) == 1);
    CHECK(two(Op::umin, 8, 0xff, 1) == 1);
    CHECK(two(Op::umax, 8, 0xff, 1) == 0xff);
    CHECK(two(Op::sat_add, 8, 0xf0, 0x20) == 0xff);
    CHECK(two(Op::sat_add, 64, ones, 1) == ones);
    CHECK(two(Op::sat_sub, 8, 3, 5) == 0);
    CHECK(compute(Op::funnel_left, 32, 0x8000'0001, 0xc000'0000, 4) == 0x1c);
    CHECK(compute(Op::funnel_right, 32, 0x1, 0x8000'0000, 4) == 0x1800'0000);
    CHECK(compute(Op::funnel_left, 64, 5, 7, 64) == 5);
}

TEST_CASE("bits are counted and turned at their width") {
    CHECK(compute(Op::count_ones, 64, 0xf0f, 0, 0) == 8);
    CHECK(compute(Op::count_leading_zeros, 16, 1, 0, 0) == 15);
    CHECK(compute(Op::count_leading_zeros, 64, 0, 0, 0) == 64);
    CHECK(compute(Op::count_trailing_zeros, 32, 0, 0, 0) == 32);
    CHECK(compute(Op::count_trailing_zeros, 32, 8, 0, 0) == 3);
    CHECK(compute(Op::swap_bytes, 32, 0x1122'3344, 0, 0) == 0x4433'2211);
    CHECK(compute(Op::reverse_bits, 8, 0b1101'0000, 0, 0) == 0b0000'1011);
    CHECK(compute(Op::absolute, 8, 0xfe, 0, 0) == 2);
}

TEST_CASE("overflow is told at the width") {
    CHECK(compute_overflow(Op::add_overflow, false, 8, 200, 100) == std::pair<std::uint64_t, bool>{44, true});
    CHECK(compute_overflow(Op::add_overflow, true, 8, 100, 27) == std::pair<std::uint64_t, bool>{127, false});
    CHECK(compute_overflow(Op::add_overflow, true, 8, 100, 28) == std::pair<std::uint64_t, bool>{128, true});
    CHECK(compute_overflow(Op::sub_overflow, false, 64, 0, 1) == std::pair<std::uint64_t, bool>{ones, true});
    CHECK(compute_overflow(Op::mul_overflow, false, 64, ones, ones) ==
          std::pair<std::uint64_t, bool>{1, true});
    CHECK(compute_overflow(Op::mul_overflow, true, 64, ones, ones) ==
          std::pair<std::uint64_t, bool>{1, false});
}

TEST_CASE("read-modify-writes") {
    CHECK(exchanged(Op::exchange_nand, 8, 0b1100, 0b1010) == 0xf7);
    CHECK(exchanged(Op::exchange_sub, 32, 0, 1) == 0xffff'ffff);
    CHECK(exchanged(Op::exchange_smin, 32, 0xffff'ffff, 5) == 0xffff'ffff);
    CHECK(exchanged(Op::exchange_umin, 32, 0xffff'ffff, 5) == 5);
    CHECK(exchanged(Op::exchange_swap, 64, 1, 2) == 2);
}
