// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic on numbers that grow evenly.

#include "litmus/sched/affine.hpp"

#include <fmt/format.h>

namespace tlbcheck::litmus::sched {
namespace {

constexpr Wide limit = static_cast<Wide>(1) << 100;

bool too_large(Wide value) {
    return value >= limit || value <= -limit;
}

Wide floor_div(Wide a, Wide b) {
    const Wide quotient = a / b;
    return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

/// Where `base + step * i` first leaves the truth it has at i = 0, for a truth that is monotone in i.
template <typename Truth>
bool monotone(const Affine& difference, std::uint64_t count, Truth truth) {
    const bool first = truth(difference.base);
    if (count <= 1 || difference.constant() || truth(difference.at(count - 1)) == first) return first;
    std::uint64_t low = 0;
    std::uint64_t high = count - 1;
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        (truth(difference.at(middle)) == first ? low : high) = middle;
    }
    throw SplitAt{high};
}

bool equal_everywhere(const Affine& difference, std::uint64_t count) {
    if (difference.constant() || count <= 1) return difference.base == 0;
    if (difference.base == 0) throw SplitAt{1};
    if (-difference.base % difference.step != 0) return false;
    const Wide at = -difference.base / difference.step;
    if (at <= 0 || at >= static_cast<Wide>(count)) return false;
    throw SplitAt{static_cast<std::uint64_t>(at)};
}

std::string multiply(const Affine& a, const Affine& b, Affine& result) {
    if (!a.constant() && !b.constant()) throw NotUniform{};
    const Affine& factor = a.constant() ? a : b;
    const Affine& other = a.constant() ? b : a;
    // Both are below 2^100 in size: check by division, the product may need more than 127 bits.
    const auto overflows = [&](Wide x) {
        return x != 0 && factor.base != 0 &&
               limit / (x < 0 ? -x : x) < (factor.base < 0 ? -factor.base : factor.base);
    };
    if (overflows(other.base) || overflows(other.step)) return "this product is too large";
    result = {other.base * factor.base, other.step * factor.base};
    return {};
}

std::string divide(bool remainder, const Affine& a, const Affine& b, Affine& result) {
    if (!b.constant()) throw NotUniform{};
    if (b.base == 0) return "division by zero";
    if (a.constant()) {
        const Wide quotient = floor_div(a.base, b.base);
        result = remainder ? a.base - quotient * b.base : quotient;
        return {};
    }
    if (a.step % b.base != 0) throw NotUniform{};
    const Wide rest = a.base - floor_div(a.base, b.base) * b.base;
    result = remainder ? Affine(rest) : Affine((a.base - rest) / b.base, a.step / b.base);
    return {};
}

std::string shift(bool left, const Affine& a, const Affine& b, Affine& result) {
    if (!b.constant()) throw NotUniform{};
    if (b.base < 0 || b.base > 63) return "a shift is by 0 to 63";
    const Affine factor(static_cast<Wide>(1) << static_cast<int>(b.base));
    return left ? multiply(a, factor, result) : divide(false, a, factor, result);
}

std::string bitwise(char op, const Affine& a, const Affine& b, Affine& result) {
    if (!a.constant() || !b.constant()) throw NotUniform{};
    result = op == '&' ? a.base & b.base : op == '|' ? a.base | b.base : a.base ^ b.base;
    return {};
}

}  // namespace

bool compare(Comparison op, const Affine& a, const Affine& b, std::uint64_t count) {
    const Affine difference(a.base - b.base, a.step - b.step);
    if (op == Comparison::equal) return equal_everywhere(difference, count);
    return monotone(difference, count, [](Wide value) { return value < 0; });
}

std::string calculate(const std::string& op, const Affine& a, const Affine& b, Affine& result) {
    std::string wrong;
    if (op == "+")
        result = {a.base + b.base, a.step + b.step};
    else if (op == "-")
        result = {a.base - b.base, a.step - b.step};
    else if (op == "*")
        wrong = multiply(a, b, result);
    else if (op == "/" || op == "%")
        wrong = divide(op == "%", a, b, result);
    else if (op == "<<" || op == ">>")
        wrong = shift(op == "<<", a, b, result);
    else
        wrong = bitwise(op[0], a, b, result);
    if (wrong.empty() && (too_large(result.base) || too_large(result.step)))
        wrong = "this number is too large";
    return wrong;
}

std::string to_string(Wide value) {
    if (value < 0) return "-" + to_string(-value);
    if (value < 65536) return fmt::format("{}", static_cast<std::uint32_t>(value));
    const auto high = static_cast<std::uint64_t>(value >> 64);
    const auto low = static_cast<std::uint64_t>(value);
    return high != 0 ? fmt::format("0x{:x}{:016x}", high, low) : fmt::format("0x{:x}", low);
}

}  // namespace tlbcheck::litmus::sched
