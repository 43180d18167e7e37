// SPDX-License-Identifier: Apache-2.0
//
// Tokens of herd7's litmus format. One lexer serves the initial state, the code and the condition; what
// differs between them (how far a name reaches) is a mode. Comments are (* ... *), nested.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/diagnostics.hpp"

namespace tlbcheck::litmus::herd {

enum class TokenKind : std::uint8_t { end, name, number, string, symbol };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string text;          ///< name: as written; symbol: "(", "/\\", ...; string: the contents
    std::uint64_t number = 0;  ///< two's complement
    std::size_t begin = 0;     ///< byte offset in the file
    std::size_t length = 0;
    bool blank_before = false;
    bool is(std::string_view symbol) const { return kind == TokenKind::symbol && text == symbol; }
    /// A name equal to `word`, any case.
    bool word(std::string_view word) const;
};

bool same_letters(std::string_view a, std::string_view b);
std::string upper(std::string_view text);

/// A part of a source file, [begin, end) in bytes.
struct Span {
    std::size_t begin = 0, end = 0;
};

/// Names in code do not contain '-'; in states and conditions they may, as in herd7.
enum class LexMode : std::uint8_t { state, code };
/// What may stand in code: herd7's AArch64, or besides what tests with tables written out have (HVC,
/// registers of EL2).
enum class InstructionSet : std::uint8_t { herd, translation };
std::vector<Token> tokenize(const Source& source, Span span, LexMode mode);

/// A reader over tokens that throws InputError at the current one.
class TokenReader {
  public:
    TokenReader(Source source, std::vector<Token> tokens, InstructionSet set = InstructionSet::herd)
        : source_(std::move(source)), tokens_(std::move(tokens)), set_(set) {}

    InstructionSet instruction_set() const { return set_; }
    /// Whether walks have two levels (variant mlpt), so that TTD(x,S1,LV2) and dt:Block may be written.
    bool two_levels = false;
    /// Whether descriptors have the Contiguous hint (variant contig), so that contig:1 may be written.
    bool contiguous = false;
    /// Symbols of descriptors in which that field was written.
    std::vector<std::string> contiguous_symbols;

    const Token& peek(std::size_t ahead = 0) const;
    Token next();
    bool at_end() const { return peek().kind == TokenKind::end; }
    bool accept(std::string_view symbol);
    void expect(std::string_view symbol);
    std::string name(std::string_view what);
    std::int64_t number(std::string_view what);
    const Source& source() const { return source_; }
    std::size_t position() const { return at_; }
    void rewind(std::size_t position) { at_ = position; }

    [[noreturn]] void fail(const std::string& message, std::string hint = {}) const {
        fail_at(peek(), message, std::move(hint));
    }
    [[noreturn]] void fail_at(const Token& token, const std::string& message, std::string hint = {}) const;

  private:
    Source source_;
    std::vector<Token> tokens_;  // ends in an `end` token
    InstructionSet set_;
    std::size_t at_ = 0;
};

[[noreturn]] void fail_at(const Source& source, std::size_t offset, std::size_t length,
                          const std::string& message, std::string hint = {});
/// The offset after the comment that begins at `at`; fails when it has no end.
std::size_t skip_comment(const Source& source, std::size_t at, std::size_t end);

}  // namespace tlbcheck::litmus::herd
