// SPDX-License-Identifier: Apache-2.0
//
// As the LLVM language reference defines the instructions and intrinsics.

#include "litmus/kernel/interpreter/arithmetic.hpp"

#include <algorithm>
#include <bit>

#include "litmus/kernel/interpreter/errors.hpp"

namespace tlbcheck::litmus::kernel::interpreter {
namespace {

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

std::uint64_t divide(Op op, unsigned bits, std::uint64_t a, std::uint64_t b) {
    if (b == 0) throw Refusal("division by zero");
    if (op == Op::udiv) return a / b;
    if (op == Op::urem) return a % b;
    const std::int64_t x = as_signed(a, bits);
    const std::int64_t y = as_signed(b, bits);
    if (y == -1) return op == Op::sdiv ? low_bits(0 - a, bits) : 0;  // also where the quotient overflows
    return low_bits(static_cast<std::uint64_t>(op == Op::sdiv ? x / y : x % y), bits);
}

std::uint64_t reversed(std::uint64_t value, unsigned bits, unsigned unit) {
    std::uint64_t result = 0;
    for (unsigned i = 0; i < bits; i += unit) result |= low_bits(value >> i, unit) << (bits - unit - i);
    return result;
}

std::uint64_t funnel(Op op, unsigned bits, std::uint64_t high, std::uint64_t low, std::uint64_t amount) {
    const auto shift = static_cast<unsigned>(amount % bits);
    const Wide both = Wide{high} << bits | low;
    const Wide moved = op == Op::funnel_left ? both << shift >> bits : both >> shift;
    return low_bits(static_cast<std::uint64_t>(moved), bits);
}

}  // namespace

std::uint64_t compute(Op op, unsigned bits, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    const auto less = [bits](std::uint64_t x, std::uint64_t y) {
        return as_signed(x, bits) < as_signed(y, bits);
    };
    switch (op) {
        case Op::udiv:
        case Op::sdiv:
        case Op::urem:
        case Op::srem:
            return divide(op, bits, a, b);
        case Op::ashr:
            return b >= bits ? 0 : low_bits(static_cast<std::uint64_t>(as_signed(a, bits) >> b), bits);
        case Op::umin:
            return std::min(a, b);
        case Op::umax:
            return std::max(a, b);
        case Op::smin:
            return less(a, b) ? a : b;
        case Op::smax:
            return less(a, b) ? b : a;
        case Op::sat_add: {
            const std::uint64_t most = low_bits(~std::uint64_t{0}, bits);
            return a > most - b ? most : a + b;
        }
        case Op::sat_sub:
            return a < b ? 0 : a - b;
        case Op::funnel_left:
        case Op::funnel_right:
            return funnel(op, bits, a, b, c);
        case Op::count_ones:
            return static_cast<unsigned>(std::popcount(a));
        case Op::count_leading_zeros:
            return static_cast<unsigned>(std::countl_zero(a)) - (64 - bits);
        case Op::count_trailing_zeros:
            return a == 0 ? bits : static_cast<unsigned>(std::countr_zero(a));
        case Op::swap_bytes:
            return reversed(a, bits, 8);
        case Op::reverse_bits:
            return reversed(a, bits, 1);
        case Op::absolute:
            return as_signed(a, bits) < 0 ? low_bits(0 - a, bits) : a;
        default:
            throw Refusal("an operation of the compact code that is not known");
    }
}

std::pair<std::uint64_t, bool> compute_overflow(Op op, bool is_signed, unsigned bits, std::uint64_t a,
                                                std::uint64_t b) {
    const auto combine = [op](auto x, auto y) {
        return op == Op::add_overflow ? x + y : op == Op::sub_overflow ? x - y : x * y;
    };
    if (is_signed) {
        const SignedWide exact = combine(SignedWide{as_signed(a, bits)}, SignedWide{as_signed(b, bits)});
        const std::uint64_t result = low_bits(static_cast<std::uint64_t>(exact), bits);
        return {result, SignedWide{as_signed(result, bits)} != exact};
    }
    const Wide exact = combine(Wide{a}, Wide{b});
    const std::uint64_t result = low_bits(static_cast<std::uint64_t>(exact), bits);
    return {result, Wide{result} != exact};
}

std::uint64_t exchanged(Op op, unsigned bits, std::uint64_t old, std::uint64_t operand) {
    switch (op) {
        case Op::exchange_swap:
            return operand;
        case Op::exchange_add:
            return low_bits(old + operand, bits);
        case Op::exchange_sub:
            return low_bits(old - operand, bits);
        case Op::exchange_and:
            return old & operand;
        case Op::exchange_nand:
            return low_bits(~(old & operand), bits);
        case Op::exchange_or:
            return old | operand;
        case Op::exchange_xor:
            return old ^ operand;
        case Op::exchange_umax:
            return compute(Op::umax, bits, old, operand, 0);
        case Op::exchange_umin:
            return compute(Op::umin, bits, old, operand, 0);
        case Op::exchange_smax:
            return compute(Op::smax, bits, old, operand, 0);
        case Op::exchange_smin:
            return compute(Op::smin, bits, old, operand, 0);
        default:
            throw Refusal("an operation of the compact code that is not known");
    }
}

}  // namespace tlbcheck::litmus::kernel::interpreter
