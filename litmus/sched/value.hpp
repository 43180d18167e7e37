// SPDX-License-Identifier: Apache-2.0
//
// What an expression of the schedule language can be: a number, a word, a flag, a stretch of addresses, or a
// list of stretches.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "litmus/sched/affine.hpp"

namespace tlbcheck::litmus::sched {

enum class SpanKind : std::uint8_t { region, leaf, set, table, page, range };

/// Addresses start .. start + size - 1 (bytes). `start` may grow with the loop that is expanded at once;
/// `size` may not.
struct Span {
    SpanKind kind = SpanKind::range;
    Affine start;
    Wide size = 0;
    int level = 0;                 ///< of a table: that of its descriptors
    std::uint32_t generation = 0;  ///< of a table
    Affine inner_start;            ///< of a table: the part that belongs to what it was asked for
    Wide inner_size = 0;

    Affine end() const { return {start.base + size, start.step}; }
};

/// sets(x), tables(x, level), pages(x), leaves(x): the stretches a loop runs over.
struct SpanList {
    SpanKind kind = SpanKind::leaf;  ///< leaf, set, table or page
    Span of;
    int level = 0;  ///< of the tables
};

struct Word {
    std::string text;
};
struct FlagValue {
    std::uint32_t index = 0;
};

using Value = std::variant<Affine, Word, FlagValue, Span, SpanList>;

/// "a number", "a region", ... for messages.
std::string describe(const Value& value);

}  // namespace tlbcheck::litmus::sched
