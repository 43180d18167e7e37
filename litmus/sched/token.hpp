// SPDX-License-Identifier: Apache-2.0
//
// Tokens of the schedule language, and the lexer (docs/schedule-language.md: comments, numbers with suffixes,
// strings).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/diagnostics.hpp"

namespace tlbcheck::litmus::sched {

enum class TokenKind : std::uint8_t { end, name, number, string, punctuation };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text;     ///< as written; without the quotes for a string. Points into the source.
    std::uint64_t number = 0;  ///< of a number, suffix applied
    Place place;
};

/// A place in one of the texts read.
struct Where {
    Source source;
    Place place;
};

[[noreturn]] void fail(const Where& where, std::string message, std::string hint = {});

/// All tokens of the text, the last of kind `end`. Throws InputError at a byte that begins no token, an
/// unterminated comment or string, or a number past 64 bits.
std::vector<Token> tokenize(const Source& source);

/// A decimal or 0x number with `_` and a suffix K, M, G or T. Returns an empty string and sets `value`, or
/// what is wrong.
std::string parse_number(std::string_view text, std::uint64_t& value);

}  // namespace tlbcheck::litmus::sched
