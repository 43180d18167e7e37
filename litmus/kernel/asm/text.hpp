// SPDX-License-Identifier: Apache-2.0
//
// Assembly text cut into statements, and a statement into labels, a first word and its operands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tlbcheck::litmus::kernel::assembly {

std::string_view trim(std::string_view text);
/// ASCII lower case.
std::string lower_case(std::string_view text);
/// Letters, digits, '_', '.', '$': what names and mnemonics are made of.
bool is_name_char(char c);
bool is_digit(char c);

/// Lines and what ';' separates, without comments (//, /* */, a '#' that opens a line); each trimmed, empty
/// ones left out. Quoted strings are not looked into.
std::vector<std::string> split_statements(std::string_view text);

/// At the commas outside brackets, parentheses, braces and quotes; trimmed. Nothing for blank text.
std::vector<std::string> split_operands(std::string_view text);

struct Statement {
    std::vector<std::string> labels;
    std::string word;      ///< mnemonic or directive, in lower case; empty when only labels stand there
    std::string operands;  ///< the rest, trimmed
    std::string text;      ///< without the labels, for messages
};
Statement parse_statement(std::string_view text);

}  // namespace tlbcheck::litmus::kernel::assembly
