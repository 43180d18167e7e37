// SPDX-License-Identifier: Apache-2.0
//
// The lexer of the schedule language. It survives any bytes: what begins no token is an error with its place.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "litmus/sched/token.hpp"
#include "litmus/source_file.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::sched {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name(char c) {
    return is_name_start(c) || is_digit(c);
}

class Lexer {
  public:
    explicit Lexer(const Source& source) : source_(source), text_(source->text) {}

    std::vector<Token> run() {
        if (text_.size() > most_source_bytes) fail({source_, {}}, "the file is larger than 1 MiB");
        if (text_.substr(0, 3) == byte_order_mark) advance(3);
        std::vector<Token> tokens;
        for (;;) {
            skip_space();
            if (at_ == text_.size()) break;
            tokens.push_back(next());
        }
        tokens.push_back({TokenKind::end, {}, 0, here(1)});
        return tokens;
    }

  private:
    Place here(std::size_t length) const {
        return {line_, static_cast<std::uint32_t>(at_ - line_start_ + 1),
                static_cast<std::uint32_t>(std::max<std::size_t>(length, 1))};
    }

    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    void advance(std::size_t count) {
        for (; count > 0 && at_ < text_.size(); --count) {
            const char c = text_[at_++];
            if (c == '\n' || (c == '\r' && peek() != '\n')) {
                ++line_;
                line_start_ = at_;
            }
        }
    }

    void skip_space() {
        while (at_ < text_.size()) {
            const char c = peek();
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
                advance(1);
            } else if (c == '/' && peek(1) == '/') {
                advance(std::min(text_.find_first_of("\r\n", at_), text_.size()) - at_);
            } else if (c == '/' && peek(1) == '*') {
                const std::size_t end = text_.find("*/", at_ + 2);
                if (end == std::string_view::npos)
                    fail({source_, here(2)}, "this comment does not end", "close it with */");
                advance(end + 2 - at_);
            } else {
                return;
            }
        }
    }

    Token take(TokenKind kind, std::size_t length) {
        const Token token{kind, text_.substr(at_, length), 0, here(length)};
        advance(length);
        return token;
    }

    Token next() {
        model::poll();
        const char c = peek();
        if (is_name_start(c)) return take(TokenKind::name, word_length());
        if (is_digit(c)) return number();
        if (c == '"') return string();
        static constexpr std::array<std::string_view, 8> pairs = {
            "==", "!=", "<=", ">=", "&&", "||", "<<", ">>"};
        if (std::find(pairs.begin(), pairs.end(), text_.substr(at_, 2)) != pairs.end())
            return take(TokenKind::punctuation, 2);
        if (text_.substr(at_, 3) == "...") return take(TokenKind::punctuation, 3);
        if (std::string_view("{}()[];:,.=<>!+-*/%&|^~?").find(c) != std::string_view::npos && c != '\0') {
            return take(TokenKind::punctuation, 1);
        }
        fail({source_, here(1)},
             fmt::format("the byte 0x{:02x} has no meaning here", static_cast<unsigned char>(c)));
    }

    std::size_t word_length() const {
        std::size_t end = at_;
        while (end < text_.size() && is_name(text_[end])) ++end;
        return end - at_;
    }

    Token number() {
        const std::size_t length = word_length();
        const Place place = here(length);
        Token token = take(TokenKind::number, length);
        const std::string wrong = parse_number(token.text, token.number);
        if (!wrong.empty()) fail({source_, place}, wrong);
        return token;
    }

    Token string() {
        const std::size_t end = text_.find_first_of("\"\r\n", at_ + 1);
        if (end == std::string_view::npos || text_[end] != '"')
            fail({source_, here(1)}, "this string does not end on its line");
        const Token token{TokenKind::string, text_.substr(at_ + 1, end - at_ - 1), 0, here(end + 1 - at_)};
        advance(end + 1 - at_);
        return token;
    }

    Source source_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    std::uint32_t line_ = 1;
};

int digit_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

int suffix_bits(char c) {
    switch (c) {
        case 'k':
        case 'K':
            return 10;
        case 'm':
        case 'M':
            return 20;
        case 'g':
        case 'G':
            return 30;
        case 't':
        case 'T':
            return 40;
        default:
            return 0;
    }
}

}  // namespace

void fail(const Where& where, std::string message, std::string hint) {
    throw InputError(std::move(message), where.source, where.place, std::move(hint));
}

std::vector<Token> tokenize(const Source& source) {
    return Lexer(source).run();
}

std::string parse_number(std::string_view text, std::uint64_t& value) {
    const std::string written = printable(text, 40);
    const bool hex = text.size() > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    std::string_view digits = hex ? text.substr(2) : text;
    int shift = 0;
    if (!digits.empty()) shift = suffix_bits(digits.back());
    if (shift > 0) digits.remove_suffix(1);
    const std::uint64_t base = hex ? 16 : 10;
    value = 0;
    bool any = false;
    for (const char c : digits) {
        if (c == '_') continue;
        const auto digit = static_cast<std::uint64_t>(digit_value(c));
        if (digit >= base) return fmt::format("'{}' is no number", written);
        if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / base)
            return fmt::format("{} needs more than 64 bits", written);
        value = value * base + digit;
        any = true;
    }
    if (!any) return fmt::format("'{}' is no number", written);
    if (shift > 0 && value >> (64 - shift) != 0) return fmt::format("{} needs more than 64 bits", written);
    value <<= shift;
    return {};
}

}  // namespace tlbcheck::litmus::sched
