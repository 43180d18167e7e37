// SPDX-License-Identifier: Apache-2.0
//
// Characters to tokens, comments left out.
#include "litmus/herd/lexer.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace tlbcheck::litmus::herd {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}
bool starts_name(char c) {
    return is_alpha(c) || c == '_' || c == '.' || c == '$';
}

/// Digits at `at`, decimal, 0x or 0b; the length, 0 when there are none or they do not fit 64 bits
/// (`overflow` set).
std::size_t read_digits(std::string_view text, std::size_t at, std::uint64_t& value, bool& overflow) {
    const bool hex = at + 1 < text.size() && text[at] == '0' && (text[at + 1] == 'x' || text[at + 1] == 'X');
    const bool binary = at + 2 < text.size() && text[at] == '0' &&
                        (text[at + 1] == 'b' || text[at + 1] == 'B') &&
                        (text[at + 2] == '0' || text[at + 2] == '1');
    const std::uint64_t base = hex ? 16 : binary ? 2 : 10;
    std::size_t i = at + (hex || binary ? 2U : 0U);
    const std::size_t first = i;
    value = 0;
    const auto belongs = [&](char c) {
        if (binary) return c == '0' || c == '1';
        return is_digit(c) || (hex && std::isxdigit(static_cast<unsigned char>(c)) != 0);
    };
    for (; i < text.size() && belongs(text[i]); ++i) {
        const char c = text[i];
        const auto digit = static_cast<std::uint64_t>(is_digit(c) ? c - '0' : std::tolower(c) - 'a' + 10);
        if (value > (~std::uint64_t{0} - digit) / base) overflow = true;
        value = value * base + digit;
    }
    return i == first ? 0 : i - at;
}

class Lexer {
  public:
    Lexer(const Source& source, Span span, LexMode mode)
        : source_(source), text_(source->text), at_(span.begin), end_(span.end), mode_(mode) {
        text_ = text_.substr(0, end_);
    }

    std::vector<Token> run() {
        std::vector<Token> tokens;
        while (true) {
            const std::size_t before = at_;
            skip_blanks();
            Token token = read();
            token.blank_before = at_before_ != before;
            tokens.push_back(token);
            if (token.kind == TokenKind::end) return tokens;
        }
    }

  private:
    void skip_blanks() {
        while (at_ < end_) {
            if (is_blank(text_[at_])) {
                ++at_;
            } else if (text_.substr(at_, 2) == "(*") {
                at_ = skip_comment(source_, at_, end_);
            } else {
                break;
            }
        }
        at_before_ = at_;
    }

    Token make(TokenKind kind, std::size_t length) {
        Token token;
        token.kind = kind;
        token.text = std::string(text_.substr(at_, length));
        token.begin = at_;
        token.length = length;
        at_ += length;
        return token;
    }

    Token read() {
        if (at_ >= end_) return make(TokenKind::end, 0);
        const char c = text_[at_];
        if (c == '"' || c == '`') return read_string(c);
        if (Token number; read_number(number)) return number;
        if (starts_name(c)) return read_name();
        static constexpr std::array<std::string_view, 6> long_symbols{"/\\", "\\/", "=>", "==", "!=", "<>"};
        for (const std::string_view s : long_symbols) {
            if (text_.substr(at_, s.size()) == s) return make(TokenKind::symbol, s.size());
        }
        if (std::string_view("()[]{}:;,|=~!+*&#%.").find(c) != std::string_view::npos)
            return make(TokenKind::symbol, 1);
        fail_at(source_, at_, 1, "unexpected character '" + printable(std::string(1, c)) + "'");
    }

    Token read_string(char quote) {
        const std::size_t close = text_.find(quote, at_ + 1);
        if (close == std::string_view::npos) fail_at(source_, at_, 1, "string without an end");
        Token token = make(TokenKind::string, close + 1 - at_);
        token.text = token.text.substr(1, token.text.size() - 2);
        return token;
    }

    bool read_number(Token& token) {
        std::size_t i = at_;
        if (mode_ == LexMode::code && text_[i] == '#') ++i;
        bool minus = false;
        if (i < end_ && (text_[i] == '-' || (mode_ == LexMode::code && text_[i] == '+'))) {
            minus = text_[i] == '-';
            ++i;
            while (mode_ == LexMode::code && i < end_ && text_[i] == ' ') ++i;
        }
        if (i >= end_ || !is_digit(text_[i])) return false;
        std::uint64_t value = 0;
        bool overflow = false;
        const std::size_t digits = read_digits(text_, i, value, overflow);
        if (digits == 0) fail_at(source_, i, 1, "malformed number");
        if (overflow) fail_at(source_, i, digits, "number does not fit 64 bits");
        token = make(TokenKind::number, i + digits - at_);
        token.number = minus ? 0 - value : value;
        return true;
    }

    Token read_name() {
        std::size_t i = at_ + 1;
        const std::string_view extra = mode_ == LexMode::state ? "_/.-$" : "_/.$";
        while (i < end_ &&
               (is_alpha(text_[i]) || is_digit(text_[i]) || extra.find(text_[i]) != std::string_view::npos))
            ++i;
        return make(TokenKind::name, i - at_);
    }

    const Source& source_;
    std::string_view text_;
    std::size_t at_, end_;
    std::size_t at_before_ = 0;
    LexMode mode_;
};

}  // namespace

bool same_letters(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::ranges::equal(a, b, [](char x, char y) {
               return std::toupper(static_cast<unsigned char>(x)) ==
                      std::toupper(static_cast<unsigned char>(y));
           });
}

std::string upper(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return result;
}

bool Token::word(std::string_view word) const {
    return kind == TokenKind::name && same_letters(text, word);
}

std::vector<Token> tokenize(const Source& source, Span span, LexMode mode) {
    return Lexer(source, span, mode).run();
}

const Token& TokenReader::peek(std::size_t ahead) const {
    const std::size_t i = at_ + ahead;
    return i < tokens_.size() ? tokens_[i] : tokens_.back();
}

Token TokenReader::next() {
    const Token token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
}

bool TokenReader::accept(std::string_view symbol) {
    if (!peek().is(symbol)) return false;
    next();
    return true;
}

void TokenReader::expect(std::string_view symbol) {
    if (!accept(symbol)) fail("expected '" + std::string(symbol) + "'");
}

std::string TokenReader::name(std::string_view what) {
    if (peek().kind != TokenKind::name) fail("expected " + std::string(what));
    return next().text;
}

std::int64_t TokenReader::number(std::string_view what) {
    if (peek().kind != TokenKind::number) fail("expected " + std::string(what));
    return static_cast<std::int64_t>(next().number);
}

void TokenReader::fail_at(const Token& token, const std::string& message, std::string hint) const {
    herd::fail_at(source_, token.begin, std::max<std::size_t>(token.length, 1), message, std::move(hint));
}

void fail_at(const Source& source, std::size_t offset, std::size_t length, const std::string& message,
             std::string hint) {
    throw InputError(message, source, place_of(source->text, offset, length), std::move(hint));
}

std::size_t skip_comment(const Source& source, std::size_t at, std::size_t end) {
    const std::string_view text = source->text;
    int depth = 0;
    for (std::size_t i = at; i + 1 < end;) {
        const std::string_view two = text.substr(i, 2);
        if (two == "(*") {
            ++depth;
            i += 2;
        } else if (two == "*)") {
            i += 2;
            if (--depth == 0) return i;
        } else {
            ++i;
        }
    }
    fail_at(source, at, 2, "comment without an end");
}

}  // namespace tlbcheck::litmus::herd
