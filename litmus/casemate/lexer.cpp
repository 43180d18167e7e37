// SPDX-License-Identifier: Apache-2.0
//
// Words are what stands between blanks and parentheses.
#include "litmus/casemate/lexer.hpp"

#include <algorithm>

namespace tlbcheck::litmus::casemate {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr std::size_t longest_token = 512;

}  // namespace

Lexer::Lexer(Source source) : source_(std::move(source)) {
    advance();
}

void Lexer::fail(const Token& at, const std::string& message, std::string hint) const {
    throw InputError(message, source_, place_of(source_->text, at.begin, std::max<std::size_t>(1, at.length)),
                     std::move(hint));
}

Token Lexer::next() {
    Token result = std::move(token_);
    advance();
    return result;
}

Place Lexer::place(std::size_t begin, std::size_t length) {
    const std::string& text = source_->text;
    for (; seen_ < begin && seen_ < text.size(); ++seen_) {
        const bool pair = text[seen_] == '\r' && seen_ + 1 < text.size() && text[seen_ + 1] == '\n';
        if (text[seen_] != '\n' && (text[seen_] != '\r' || pair)) continue;
        ++line_;
        line_start_ = seen_ + 1;
    }
    const std::size_t end = std::min(text.find_first_of("\r\n", begin), begin + length);
    return {line_, static_cast<std::uint32_t>(begin - line_start_ + 1),
            static_cast<std::uint32_t>(end - begin)};
}

void Lexer::advance() {
    const std::string& text = source_->text;
    while (at_ < text.size() && is_blank(text[at_])) ++at_;
    token_ = {};
    token_.begin = at_;
    if (at_ == text.size()) return;
    const char first = text[at_];
    std::size_t end = at_ + 1;
    if (first == '(' || first == ')') {
        token_.kind = first == '(' ? TokenKind::open : TokenKind::close;
    } else if (first == '"') {
        token_.kind = TokenKind::string;
        end = text.find_first_of("\"\n", at_ + 1);
        if (end == std::string::npos || text[end] == '\n') {
            token_.length = 1;
            fail(token_, "the string has no end on this line");
        }
        token_.text = text.substr(at_ + 1, end - at_ - 1);
        ++end;
    } else if (first == '!') {
        token_.kind = TokenKind::failure;
        end = std::min(text.find('\n', at_), text.size());
        const std::size_t from = std::min(text.find_first_not_of(" \t", at_ + 1), end);
        token_.text = text.substr(from, end - from);
    } else {
        token_.kind = TokenKind::word;
        while (end < text.size() && !is_blank(text[end]) && text[end] != '(' && text[end] != ')') ++end;
        token_.text = text.substr(at_, end - at_);
    }
    token_.length = end - at_;
    at_ = end;
    if (token_.kind != TokenKind::failure && token_.length > longest_token)
        fail({TokenKind::word, {}, token_.begin, 1}, "a word of more than 512 bytes");
}

}  // namespace tlbcheck::litmus::casemate
