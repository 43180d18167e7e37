// SPDX-License-Identifier: Apache-2.0
//
// Names, commas and parentheses of statements.
#include "checker/advice/source/statement_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace tlbcheck::checker {

namespace {

bool is_word_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

}  // namespace

std::string substituted(std::string_view text, const std::map<std::string, std::string>& values) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (!is_word_char(text[i])) {
            out += text[i++];
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && is_word_char(text[end])) ++end;
        const std::string word(text.substr(i, end - i));
        const auto found = values.find(word);
        const bool member = i > 0 && text[i - 1] == '.';
        out += found != values.end() && !member ? found->second : word;
        i = end;
    }
    return out;
}

bool mentions(std::string_view text, const std::set<std::string>& names) {
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && is_word_char(text[end])) ++end;
        if (end > i && names.contains(std::string(text.substr(i, end - i)))) return true;
        i = std::max(end, i + 1);
    }
    return false;
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts(1);
    int depth = 0;
    for (const char c : text) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ',' && depth == 0)
            parts.emplace_back();
        else if (c != ' ' || !parts.back().empty())
            parts.back() += c;
    }
    return parts;
}

std::string stretch_of(std::string_view loop) {
    const std::size_t colon = loop.find(':');
    std::size_t end = colon + 1;
    for (int depth = 0; end < loop.size(); ++end) {
        if (loop[end] == '(') ++depth;
        if (loop[end] == ')' && depth-- == 0) break;
    }
    std::string over(loop.substr(colon + 1, end - colon - 1));
    while (!over.empty() && over.front() == ' ') over.erase(0, 1);
    for (const std::string_view list : {"leaves", "sets", "tables", "pages"}) {
        if (over.starts_with(std::string(list) + "(") && over.back() == ')')
            return split_at_commas(
                       std::string_view(over).substr(list.size() + 1, over.size() - list.size() - 2))
                .front();
    }
    return over;
}

std::string joined_lines(const std::vector<std::string>& lines, const std::string& indent) {
    std::string out;
    for (const std::string& line : lines) out += (out.empty() ? "" : "\n" + indent) + line;
    return out;
}

std::string loop_head(const std::string& loop) {
    const std::size_t colon = loop.find(':');
    int depth = 0;
    std::size_t end = colon;
    for (; end < loop.size(); ++end) {
        if (loop[end] == '(') ++depth;
        if (loop[end] == ')' && depth-- == 0) break;
    }
    return loop.substr(0, end + 1);
}

std::string loop_text(const std::string& head, const std::vector<std::string>& body,
                      const std::string& indent) {
    if (body.size() == 1) return fmt::format("{} {}", head, body.front());
    return fmt::format("{} {{\n{}    {}\n{}}}", head, indent, joined_lines(body, indent + "    "), indent);
}

}  // namespace tlbcheck::checker
