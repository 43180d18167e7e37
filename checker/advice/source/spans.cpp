// SPDX-License-Identifier: Apache-2.0
//
// Tokens looked up by place, and followed to the end of a statement.
#include "checker/advice/source/spans.hpp"

#include <algorithm>
#include <utility>

namespace tlbcheck::checker {

using litmus::sched::Token;

SourceSpans::SourceSpans(const litmus::Source& source)
    : text_(*source), tokens_(litmus::sched::tokenize(source)) {}

std::size_t SourceSpans::index(const litmus::Place& place) const {
    const auto found = std::ranges::lower_bound(
        tokens_, std::pair(place.line, place.column), {},
        [](const Token& token) { return std::pair(token.place.line, token.place.column); });
    return std::min<std::size_t>(static_cast<std::size_t>(found - tokens_.begin()), tokens_.size() - 1);
}

std::size_t SourceSpans::begin_of(std::size_t token) const {
    if (tokens_[token].text.data() == nullptr) return text_.text.size();
    return static_cast<std::size_t>(tokens_[token].text.data() - text_.text.data());
}

std::size_t SourceSpans::end_of(std::size_t token) const {
    return begin_of(token) + tokens_[token].text.size();
}

std::size_t SourceSpans::offset(const litmus::Place& place) const {
    return begin_of(index(place));
}

std::size_t SourceSpans::offset_before(const litmus::Place& place) const {
    const std::size_t at = index(place);
    return begin_of(at == 0 ? 0 : at - 1);
}

std::size_t SourceSpans::behind_matching(std::size_t token) const {
    int depth = 0;
    for (; token + 1 < tokens_.size(); ++token) {
        const std::string_view text = tokens_[token].text;
        if (tokens_[token].kind != litmus::sched::TokenKind::punctuation) continue;
        if (text == "(" || text == "{") ++depth;
        if (text == ")" || text == "}") --depth;
        if (depth == 0) return token + 1;
    }
    return token;
}

std::size_t SourceSpans::behind_statement(std::size_t token) const {
    const std::string_view text = tokens_[token].text;
    if (text == "{") return behind_matching(token);
    if (text == "if" || text == "for") {
        token = behind_statement(behind_matching(token + 1));
        if (text == "if" && tokens_[token].text == "else") token = behind_statement(token + 1);
        return token;
    }
    while (token + 1 < tokens_.size() && tokens_[token].text != ";") ++token;
    return token + 1;
}

std::size_t SourceSpans::statement_end(const litmus::Place& place) const {
    return end_of(behind_statement(index(place)) - 1);
}

std::size_t SourceSpans::call_end(const litmus::Place& place) const {
    std::size_t token = index(place);
    while (token + 1 < tokens_.size() && tokens_[token].text != "(") ++token;
    return end_of(behind_matching(token) - 1);
}

std::size_t SourceSpans::item_end(const litmus::Place& place) const {
    std::size_t token = index(place) + 1;
    if (tokens_[token].text == "(") token = behind_matching(token);
    return end_of(behind_statement(token) - 1);
}

}  // namespace tlbcheck::checker
