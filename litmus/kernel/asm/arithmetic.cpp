// SPDX-License-Identifier: Apache-2.0
//
// The shared pseudocode of the Arm ARM: AddWithCarry, ShiftReg, ExtendReg, ConditionHolds.

#include "litmus/kernel/asm/arithmetic.hpp"

#include <algorithm>
#include <bit>

namespace tlbcheck::litmus::kernel::assembly {
namespace {

std::uint64_t add_with_carry(std::uint64_t n, std::uint64_t m, bool carry, unsigned bits, bool set_flags,
                             Flags& flags) {
    const std::uint64_t result = truncated(n + m + (carry ? 1 : 0), bits);
    if (set_flags) {
        const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
        flags.n = (result & sign) != 0;
        flags.z = result == 0;
        flags.c = carry ? result <= n : result < n;
        flags.v = ((n ^ result) & (m ^ result) & sign) != 0;
    }
    return result;
}

std::uint64_t reversed_bytes(std::uint64_t value, unsigned bits, unsigned unit) {
    std::uint64_t result = 0;
    for (unsigned at = 0; at < bits; at += unit)
        for (unsigned byte = 0; byte < unit; byte += 8)
            result |= (value >> (at + byte) & 0xFFU) << (at + unit - 8 - byte);
    return result;
}

std::uint64_t reversed_bits(std::uint64_t value, unsigned bits) {
    std::uint64_t result = 0;
    for (unsigned i = 0; i < bits; ++i) result |= (value >> i & 1U) << (bits - 1 - i);
    return result;
}

std::uint64_t leading_zeros(std::uint64_t value, unsigned bits) {
    return static_cast<unsigned>(std::countl_zero(value)) - (64U - bits);
}

/// The upper half of a product, by parts of 32 bits.
std::uint64_t multiply_high(std::uint64_t n, std::uint64_t m) {
    constexpr std::uint64_t low = 0xFFFFFFFFU;
    const std::uint64_t middle = (n & low) * (m & low) / (low + 1) + (n >> 32U) * (m & low);
    const std::uint64_t carry = ((middle & low) + (n & low) * (m >> 32U)) >> 32U;
    return (n >> 32U) * (m >> 32U) + (middle >> 32U) + carry;
}

std::uint64_t divide(std::uint64_t n, std::uint64_t m, unsigned bits, bool is_signed) {
    if (m == 0) return 0;
    if (!is_signed) return n / m;
    const auto a = static_cast<std::int64_t>(sign_extended(n, bits));
    const auto b = static_cast<std::int64_t>(sign_extended(m, bits));
    if (b == -1) return 0 - static_cast<std::uint64_t>(a);
    return static_cast<std::uint64_t>(a / b);
}

std::uint64_t logical(std::uint64_t result, unsigned bits, bool set_flags, Flags& flags) {
    if (set_flags) flags = {(result >> (bits - 1) & 1U) != 0, result == 0, false, false};
    return result;
}

std::uint64_t unary(Alu operation, std::uint64_t m, unsigned bits) {
    switch (operation) {
        case Alu::move_not:
            return ~m;
        case Alu::clz:
            return leading_zeros(m, bits);
        case Alu::cls: {
            const std::uint64_t sign =
                truncated(sign_extended(m, bits) >> 63U != 0 ? ~std::uint64_t{0} : 0, bits);
            return leading_zeros(m ^ sign, bits) - 1;
        }
        case Alu::rbit:
            return reversed_bits(m, bits);
        case Alu::rev:
            return reversed_bytes(m, bits, bits);
        case Alu::rev16:
            return reversed_bytes(m, bits, 16);
        case Alu::rev32:
            return reversed_bytes(m, bits, 32);
        default:
            return m;
    }
}

}  // namespace

Flags flags_of_number(unsigned nzcv) {
    return {(nzcv & 8U) != 0, (nzcv & 4U) != 0, (nzcv & 2U) != 0, (nzcv & 1U) != 0};
}

bool holds(Condition condition, const Flags& flags) {
    const auto code = static_cast<unsigned>(condition);
    bool result = true;
    switch (code >> 1U) {
        case 0:
            result = flags.z;
            break;
        case 1:
            result = flags.c;
            break;
        case 2:
            result = flags.n;
            break;
        case 3:
            result = flags.v;
            break;
        case 4:
            result = flags.c && !flags.z;
            break;
        case 5:
            result = flags.n == flags.v;
            break;
        case 6:
            result = flags.n == flags.v && !flags.z;
            break;
        default:
            return true;  // AL and NV
    }
    return (code & 1U) != 0 ? !result : result;
}

std::uint64_t truncated(std::uint64_t value, unsigned bits) {
    return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

std::uint64_t sign_extended(std::uint64_t value, unsigned bits) {
    if (bits >= 64) return value;
    const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
    return (truncated(value, bits) ^ sign) - sign;
}

std::uint64_t shifted(std::uint64_t value, Shift shift, unsigned amount, unsigned bits) {
    const unsigned by = amount % bits;
    const std::uint64_t in = truncated(value, bits);
    switch (shift) {
        case Shift::lsl:
            return truncated(in << by, bits);
        case Shift::lsr:
            return in >> by;
        case Shift::asr:
            return truncated(
                static_cast<std::uint64_t>(static_cast<std::int64_t>(sign_extended(in, bits)) >> by), bits);
        case Shift::ror:
            return by == 0 ? in : truncated(in >> by | in << (bits - by), bits);
        case Shift::uxtb:
            return truncated(truncated(value, 8) << by, bits);
        case Shift::uxth:
            return truncated(truncated(value, 16) << by, bits);
        case Shift::uxtw:
            return truncated(truncated(value, 32) << by, bits);
        case Shift::uxtx:
            return truncated(value << by, bits);
        case Shift::sxtb:
            return truncated(sign_extended(value, 8) << by, bits);
        case Shift::sxth:
            return truncated(sign_extended(value, 16) << by, bits);
        case Shift::sxtw:
            return truncated(sign_extended(value, 32) << by, bits);
        case Shift::sxtx:
            return truncated(value << by, bits);
    }
    return in;
}

std::uint64_t compute(Alu operation, const Operands& in, unsigned bits, bool set_flags, Flags& flags) {
    const std::uint64_t inverted = truncated(~in.m, bits);
    switch (operation) {
        case Alu::add:
            return add_with_carry(in.n, in.m, false, bits, set_flags, flags);
        case Alu::add_carry:
            return add_with_carry(in.n, in.m, flags.c, bits, set_flags, flags);
        case Alu::sub:
            return add_with_carry(in.n, inverted, true, bits, set_flags, flags);
        case Alu::sub_carry:
            return add_with_carry(in.n, inverted, flags.c, bits, set_flags, flags);
        case Alu::and_:
            return logical(in.n & in.m, bits, set_flags, flags);
        case Alu::and_not:
            return logical(in.n & inverted, bits, set_flags, flags);
        case Alu::orr:
            return in.n | in.m;
        case Alu::orr_not:
            return in.n | inverted;
        case Alu::eor:
            return in.n ^ in.m;
        case Alu::eor_not:
            return in.n ^ inverted;
        case Alu::lsl:
            return shifted(in.n, Shift::lsl, static_cast<unsigned>(in.m % bits), bits);
        case Alu::lsr:
            return shifted(in.n, Shift::lsr, static_cast<unsigned>(in.m % bits), bits);
        case Alu::asr:
            return shifted(in.n, Shift::asr, static_cast<unsigned>(in.m % bits), bits);
        case Alu::ror:
            return shifted(in.n, Shift::ror, static_cast<unsigned>(in.m % bits), bits);
        case Alu::multiply_add:
            return truncated(in.a + in.n * in.m, bits);
        case Alu::multiply_sub:
            return truncated(in.a - in.n * in.m, bits);
        case Alu::umulh:
            return multiply_high(in.n, in.m);
        case Alu::smulh:
            return multiply_high(in.n, in.m) - (in.n >> 63U != 0 ? in.m : 0) - (in.m >> 63U != 0 ? in.n : 0);
        case Alu::udiv:
            return divide(in.n, in.m, bits, false);
        case Alu::sdiv:
            return truncated(divide(in.n, in.m, bits, true), bits);
        case Alu::move:
            return in.m;
        case Alu::move_keep: {
            const std::uint64_t mask = std::uint64_t{0xFFFF} << in.amount;
            return truncated((in.n & ~mask) | (in.m & 0xFFFFU) << in.amount, bits);
        }
        default:
            return truncated(unary(operation, in.m, bits), bits);
    }
}

std::uint64_t atomic_result(AtomicOperation operation, std::uint64_t old, std::uint64_t s, unsigned bits) {
    const auto signed_old = static_cast<std::int64_t>(sign_extended(old, bits));
    const auto signed_s = static_cast<std::int64_t>(sign_extended(s, bits));
    switch (operation) {
        case AtomicOperation::add:
            return truncated(old + s, bits);
        case AtomicOperation::clr:
            return old & ~s;
        case AtomicOperation::set:
            return old | s;
        case AtomicOperation::eor:
            return old ^ s;
        case AtomicOperation::smax:
            return signed_old > signed_s ? old : s;
        case AtomicOperation::smin:
            return signed_old < signed_s ? old : s;
        case AtomicOperation::umax:
            return std::max(old, s);
        case AtomicOperation::umin:
            return std::min(old, s);
        case AtomicOperation::swp:
        case AtomicOperation::cas:
            return s;
    }
    return s;
}

}  // namespace tlbcheck::litmus::kernel::assembly
