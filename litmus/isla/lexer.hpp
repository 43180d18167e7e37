// SPDX-License-Identifier: Apache-2.0
//
// Tokens of what stands in the strings of a .litmus.toml file: the set-up of tables, values of registers,
// assertions. Comments are // and # to the end of the line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "litmus/herd/lexer.hpp"

namespace tlbcheck::litmus::isla {

using herd::Span;
using herd::Token;
using herd::TokenKind;
using herd::TokenReader;

std::vector<Token> tokenize(const Source& source, Span span);
inline TokenReader reader_of(const Source& source, Span span) {
    return TokenReader(source, tokenize(source, span), herd::InstructionSet::translation);
}

}  // namespace tlbcheck::litmus::isla
