// SPDX-License-Identifier: Apache-2.0
//
// Tokens of the cat language.
#pragma once

#include <cstdint>
#include <string>

namespace tlbcheck::litmus::cat {

/// A stretch of one of the texts that make up a model: the main file is text 0, includes follow as they are
/// met.
struct Span {
    std::uint32_t file = 0;
    std::uint32_t offset = 0;  ///< in bytes
    std::uint32_t length = 1;  ///< in bytes
};

enum class TokenKind : std::uint8_t {
    end_of_text,
    identifier,  ///< po, tr-ib, DSB.ISH, S'; keywords are told apart by their text
    keyword,
    tag,     ///< 'name
    string,  ///< "name", without the quotes
    symbol,  ///< every operator and bracket, `_`, `0`, `-1`
};

struct Token {
    TokenKind kind = TokenKind::end_of_text;
    std::string text;
    Span span;

    bool is_symbol(const char* symbol) const { return kind == TokenKind::symbol && text == symbol; }
    bool is_keyword(const char* keyword) const { return kind == TokenKind::keyword && text == keyword; }
};

}  // namespace tlbcheck::litmus::cat
