// SPDX-License-Identifier: Apache-2.0
//
// Integer operations of the compact code on values that are kept zero-extended.
#pragma once

#include <cstdint>
#include <utility>

#include "litmus/kernel/code.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

constexpr std::uint64_t low_bits(std::uint64_t value, unsigned bits) {
    return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

constexpr std::int64_t as_signed(std::uint64_t value, unsigned bits) {
    if (bits == 0 || bits >= 64) return static_cast<std::int64_t>(value);
    const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
    return static_cast<std::int64_t>((low_bits(value, bits) ^ sign) - sign);
}

/// What the rarer operations give (those that are no plain addition, comparison or bit operation), cut to
/// `bits`. Shifts by the width or more, which C leaves undefined, give 0. Throws Refusal for a division by
/// zero.
std::uint64_t compute(Op op, unsigned bits, std::uint64_t a, std::uint64_t b, std::uint64_t c);

/// Result and overflow.
std::pair<std::uint64_t, bool> compute_overflow(Op op, bool is_signed, unsigned bits, std::uint64_t a,
                                                std::uint64_t b);

/// The new value of a read-modify-write.
std::uint64_t exchanged(Op op, unsigned bits, std::uint64_t old, std::uint64_t operand);

}  // namespace tlbcheck::litmus::kernel::interpreter
