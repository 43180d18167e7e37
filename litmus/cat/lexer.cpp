// SPDX-License-Identifier: Apache-2.0
//
// Characters to tokens, comments left out.
#include "litmus/cat/lexer.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tlbcheck::litmus::cat {

namespace {

constexpr std::array<std::string_view, 34> keywords = {
    "let",    "rec",    "and",     "when",    "acyclic", "irreflexive", "show",
    "unshow", "empty",  "subset",  "as",      "fun",     "in",          "undefined_unless",
    "flag",   "assert", "include", "variant", "begin",   "end",         "procedure",
    "call",   "enum",   "debug",   "match",   "with",    "forall",      "from",
    "do",     "try",    "if",      "then",    "else",    "not"};
constexpr std::array<std::string_view, 3> option_keywords = {"catdep", "instructions", "default"};

// Longest first.
constexpr std::array<std::string_view, 24> symbols = {"||", "&&", "++", "-1", "->", "(", ")", "{",
                                                      "}",  "[",  "]",  "_",  "0",  "|", "&", "*",
                                                      "~",  "+",  "^",  "\\", "?",  "=", ";", ","};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name_character(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

class Lexer {
  public:
    Lexer(const Source& source, std::uint32_t file) : source_(source), text_(source->text), file_(file) {}

    std::vector<Token> run() {
        std::vector<Token> tokens;
        skip_blanks();
        while (position_ < text_.size()) {
            tokens.push_back(next());
            skip_blanks();
        }
        tokens.push_back({TokenKind::end_of_text, "", span(position_, 1)});
        return tokens;
    }

  private:
    Span span(std::size_t begin, std::size_t length) const {
        return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(length)};
    }

    [[noreturn]] void fail(std::size_t begin, std::size_t length, std::string message) const {
        throw InputError(std::move(message), source_, place_of(text_, begin, length));
    }

    bool at(std::string_view word) const { return text_.substr(position_, word.size()) == word; }

    void skip_blanks() {
        while (position_ < text_.size()) {
            const char c = text_[position_];
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                ++position_;
            } else if (at("//") || c == '#') {
                position_ = std::min(text_.find('\n', position_), text_.size());
            } else if (at("(*")) {
                skip_comment();
            } else {
                return;
            }
        }
    }

    void skip_comment() {
        const std::size_t begin = position_;
        std::size_t depth = 0;
        do {
            if (position_ >= text_.size()) fail(begin, 2, "this comment is not closed");
            if (at("(*")) {
                ++depth;
                position_ += 2;
            } else if (at("*)")) {
                --depth;
                position_ += 2;
            } else {
                ++position_;
            }
        } while (depth > 0);
    }

    /// Length of the name that starts at `begin`, 0 if none does.
    std::size_t name_length(std::size_t begin) const {
        std::size_t i = begin;
        if (i < text_.size() && text_[i] == '_') ++i;
        if (i >= text_.size() || !is_letter(text_[i])) return 0;
        while (i < text_.size() && is_name_character(text_[i])) ++i;
        if (i < text_.size() && text_[i] == '\'') ++i;
        return i - begin;
    }

    Token next() {
        const std::size_t begin = position_;
        if (text_[begin] == '"') return string();
        if (text_[begin] == '\'') {
            if (const std::size_t length = name_length(begin + 1)) return take(TokenKind::tag, length + 1);
        }
        if (const std::size_t length = name_length(begin)) {
            const std::string_view name = text_.substr(begin, length);
            const bool reserved = std::ranges::find(keywords, name) != keywords.end() ||
                                  std::ranges::find(option_keywords, name) != option_keywords.end();
            return take(reserved ? TokenKind::keyword : TokenKind::identifier, length);
        }
        for (const std::string_view symbol : symbols) {
            if (at(symbol)) return take(TokenKind::symbol, symbol.size());
        }
        fail(begin, 1, "no cat token starts here");
    }

    Token take(TokenKind kind, std::size_t length) {
        Token token{kind, std::string(text_.substr(position_, length)), span(position_, length)};
        if (kind == TokenKind::tag) token.text.erase(0, 1);
        position_ += length;
        return token;
    }

    Token string() {
        const std::size_t begin = position_;
        const std::size_t end = text_.find('"', begin + 1);
        if (end == std::string_view::npos) fail(begin, 1, "this string is not closed");
        position_ = end + 1;
        return {TokenKind::string, std::string(text_.substr(begin + 1, end - begin - 1)),
                span(begin, end + 1 - begin)};
    }

    Source source_;
    std::string_view text_;
    std::uint32_t file_;
    std::size_t position_ = 0;
};

}  // namespace

std::vector<Token> tokenise(const Source& source, std::uint32_t file) {
    return Lexer(source, file).run();
}

}  // namespace tlbcheck::litmus::cat
