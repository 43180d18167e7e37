// SPDX-License-Identifier: Apache-2.0
//
// Numbers that grow evenly from one iteration of a loop to the next. They let a loop over millions of leaves
// be expanded once: every number its body computes is `base + step * i`, exact for all iterations i, or the
// loop is not expanded this way.
#pragma once

#include <cstdint>
#include <string>

namespace tlbcheck::litmus::sched {

/// Wide enough for sums and products of 64-bit addresses; results are kept below 2^100 in size.
// NOLINTNEXTLINE(modernize-use-using): __extension__ needs a declaration of this form
__extension__ typedef __int128 Wide;

/// Thrown while one iteration stands for all: the loop's body is not the same for all iterations in an even
/// way.
struct NotUniform {};
/// Thrown likewise: iterations below `at` and from `at` on differ, and are to be expanded apart. 0 < at <
/// count.
struct SplitAt {
    std::uint64_t at;
};

struct Affine {
    Wide base = 0;
    Wide step = 0;

    Affine() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): a number
    Affine(Wide value, Wide growth = 0) : base(value), step(growth) {}
    bool constant() const { return step == 0; }
    Wide at(std::uint64_t i) const { return base + step * static_cast<Wide>(i); }
    friend bool operator==(const Affine&, const Affine&) = default;
};

enum class Comparison : std::uint8_t { equal, less };

/// The truth of `a OP b` for all iterations 0 .. count-1; throws SplitAt where it changes.
bool compare(Comparison op, const Affine& a, const Affine& b, std::uint64_t count);

/// `op` is one of + - * / % << >> & | ^. Returns an empty string and sets `result`, or says what is wrong
/// (division by zero, too large). Throws NotUniform when the result grows unevenly.
std::string calculate(const std::string& op, const Affine& a, const Affine& b, Affine& result);

/// Decimal, or hexadecimal from 65536 on.
std::string to_string(Wide value);

}  // namespace tlbcheck::litmus::sched
