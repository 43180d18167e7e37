// SPDX-License-Identifier: Apache-2.0
//
// One token after another, comments left out.
#include "litmus/isla/lexer.hpp"

#include <array>
#include <cctype>

namespace tlbcheck::litmus::isla {

namespace {

bool letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}

class SetupLexer {
  public:
    SetupLexer(const Source& source, Span span)
        : source_(source), text_(std::string_view(source->text).substr(0, span.end)), at_(span.begin) {}

    std::vector<Token> run() {
        std::vector<Token> tokens;
        do {
            const std::size_t before = at_;
            skip_blanks();
            const bool blank = at_ != before;
            tokens.push_back(read());
            tokens.back().blank_before = blank;
        } while (tokens.back().kind != TokenKind::end);
        return tokens;
    }

  private:
    void skip_blanks() {
        while (at_ < text_.size()) {
            const std::string_view rest = text_.substr(at_);
            if (std::isspace(static_cast<unsigned char>(rest.front())) != 0) {
                ++at_;
            } else if (rest.starts_with("//") || rest.starts_with("#")) {
                while (at_ < text_.size() && text_[at_] != '\n') ++at_;
            } else {
                return;
            }
        }
    }

    Token make(TokenKind kind, std::size_t length) {
        Token token;
        token.kind = kind;
        token.begin = at_;
        token.length = length;
        token.text = std::string(text_.substr(at_, length));
        at_ += length;
        return token;
    }

    Token read() {
        if (at_ >= text_.size()) return make(TokenKind::end, 0);
        const char c = text_[at_];
        std::size_t i = at_;
        if (letter(c)) {
            while (i < text_.size() && (letter(text_[i]) || digit(text_[i]))) ++i;
            return make(TokenKind::name, i - at_);
        }
        if (digit(c)) return read_number();
        static constexpr std::array<std::string_view, 8> symbols{
            "|->", "?->", "==", "!=", "..", "-->", "/\\", "\\/"};
        for (const std::string_view symbol : symbols) {
            if (text_.substr(at_).starts_with(symbol)) return make(TokenKind::symbol, symbol.size());
        }
        if (std::string_view("(){}[],;=*&|~:").find(c) != std::string_view::npos)
            return make(TokenKind::symbol, 1);
        herd::fail_at(source_, at_, 1, "unexpected character '" + printable(std::string(1, c)) + "'");
    }

    Token read_number() {
        const std::string_view rest = text_.substr(at_);
        unsigned base = 10;
        if (rest.starts_with("0x") || rest.starts_with("0X")) base = 16;
        if (rest.starts_with("0b") || rest.starts_with("0B")) base = 2;
        std::size_t i = base == 10 ? 0 : 2;
        const std::size_t first = i;
        std::uint64_t value = 0;
        for (; i < rest.size(); ++i) {
            const auto c = static_cast<unsigned char>(rest[i]);
            if (std::isalnum(c) == 0 && c != '_') break;
            const int d = std::isdigit(c) != 0 ? c - '0' : std::tolower(c) - 'a' + 10;
            if (d < 0 || static_cast<unsigned>(d) >= base)
                herd::fail_at(source_, at_, i + 1, "malformed number");
            if (value > (~std::uint64_t{0} - static_cast<unsigned>(d)) / base)
                herd::fail_at(source_, at_, i + 1, "number does not fit 64 bits");
            value = value * base + static_cast<unsigned>(d);
        }
        if (i == first) herd::fail_at(source_, at_, i, "malformed number");
        Token token = make(TokenKind::number, i);
        token.number = value;
        return token;
    }

    const Source& source_;
    std::string_view text_;
    std::size_t at_;
};

}  // namespace

std::vector<Token> tokenize(const Source& source, Span span) {
    return SetupLexer(source, span).run();
}

}  // namespace tlbcheck::litmus::isla
