// SPDX-License-Identifier: Apache-2.0
//
// Statements of GNU assembly for AArch64: ends of line and ';' end one, '//' and '/*' begin a comment.

#include "litmus/kernel/asm/text.hpp"

#include <algorithm>
#include <cctype>

namespace tlbcheck::litmus::kernel::assembly {
namespace {

bool is_space(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

class Splitter {
  public:
    explicit Splitter(std::string_view text) : text_(text) {}

    std::vector<std::string> split() {
        while (at_ < text_.size()) {
            if (starts("//") || (text_[at_] == '#' && trim(current_).empty()))
                skip_to("\n", false);
            else if (starts("/*"))
                skip_comment();
            else if (text_[at_] == '\n' || text_[at_] == ';')
                finish();
            else if (text_[at_] == '"')
                take_string();
            else
                current_ += text_[at_++];
        }
        finish();
        return std::move(result_);
    }

  private:
    bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    void skip_to(std::string_view end, bool past) {
        const std::size_t found = text_.find(end, at_);
        at_ = found == std::string_view::npos ? text_.size() : found + (past ? end.size() : 0);
    }

    void skip_comment() {
        at_ += 2;
        skip_to("*/", true);
        current_ += ' ';
    }

    void take_string() {
        current_ += text_[at_++];
        while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) current_ += text_[at_++];
            current_ += text_[at_++];
        }
        if (at_ < text_.size() && text_[at_] == '"') current_ += text_[at_++];
    }

    void finish() {
        if (const std::string_view each = trim(current_); !each.empty()) result_.emplace_back(each);
        current_.clear();
        ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string current_;
    std::vector<std::string> result_;
};

/// The end of a label at the front of `text`: behind its ':'; 0 when there is none.
std::size_t label_end(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_name_char(text[end])) ++end;
    if (end == 0) return 0;
    std::size_t colon = end;
    while (colon < text.size() && (text[colon] == ' ' || text[colon] == '\t')) ++colon;
    return colon < text.size() && text[colon] == ':' ? colon + 1 : 0;
}

}  // namespace

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool is_name_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$';
}

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::vector<std::string> split_statements(std::string_view text) {
    return Splitter(text).split();
}

std::vector<std::string> split_operands(std::string_view text) {
    std::vector<std::string> result;
    text = trim(text);
    if (text.empty()) return result;
    int depth = 0;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
        if (quoted) continue;
        if (c == '(' || c == '[' || c == '{') ++depth;
        if (c == ')' || c == ']' || c == '}') --depth;
        if (c == ',' && depth <= 0) {
            result.emplace_back(trim(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    result.emplace_back(trim(text.substr(begin)));
    return result;
}

Statement parse_statement(std::string_view text) {
    Statement result;
    text = trim(text);
    for (std::size_t end = label_end(text); end != 0; end = label_end(text)) {
        result.labels.emplace_back(trim(text.substr(0, text.find(':'))));
        text = trim(text.substr(end));
    }
    std::size_t end = 0;
    while (end < text.size() && !is_space(text[end])) ++end;
    result.text = text;
    result.word = lower_case(text.substr(0, end));
    result.operands = trim(text.substr(end));
    return result;
}

}  // namespace tlbcheck::litmus::kernel::assembly
