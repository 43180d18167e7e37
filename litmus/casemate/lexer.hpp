// SPDX-License-Identifier: Apache-2.0
//
// Tokens of a casemate log: parentheses, words and strings, one after the other, and the line that begins
// with '!'.
#pragma once

#include <cstdint>
#include <string>

#include "litmus/diagnostics.hpp"

namespace tlbcheck::litmus::casemate {

enum class TokenKind : std::uint8_t { open, close, word, string, failure, end };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string text;  ///< the word, the string's contents, what follows '!'
    std::size_t begin = 0, length = 0;
};

/// Reads on demand: a log is long, and its tokens are looked at once.
class Lexer {
  public:
    explicit Lexer(Source source);

    const Token& peek() const { return token_; }
    Token next();
    /// The place of `length` bytes at `begin`, which must not lie before that of an earlier call.
    Place place(std::size_t begin, std::size_t length);
    [[noreturn]] void fail(const Token& at, const std::string& message, std::string hint = {}) const;
    const Source& source() const { return source_; }

  private:
    void advance();

    Source source_;
    std::size_t at_ = 0;
    Token token_;
    std::size_t line_start_ = 0, seen_ = 0;
    std::uint32_t line_ = 1;
};

}  // namespace tlbcheck::litmus::casemate
