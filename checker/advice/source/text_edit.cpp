// SPDX-License-Identifier: Apache-2.0
//
// Edits applied from the last to the first; lines compared by their longest common subsequence.
#include "checker/advice/source/text_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {

namespace {

constexpr std::size_t context = 3;  ///< lines before and after a change

struct Line {
    char mark = ' ';  ///< ' ' in both, '-' in the old text only, '+' in the new one
    std::string_view text;
};

/// A longest common subsequence, by a table over what is left when the equal head and tail are taken off.
std::vector<Line> compared(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
    std::size_t head = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
    std::size_t tail = 0;
    while (tail < a.size() - head && tail < b.size() - head &&
           a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    const std::size_t rows = a.size() - head - tail, columns = b.size() - head - tail;
    // Beyond this the whole middle is shown as replaced: a diff all the same.
    constexpr std::size_t most_cells = 4'000'000;
    const bool aligned = (rows + 1) * (columns + 1) <= most_cells;
    std::vector<std::uint32_t> best(aligned ? (rows + 1) * (columns + 1) : 0);
    const auto cell = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
        return best[i * (columns + 1) + j];
    };
    if (aligned) {
        for (std::size_t i = rows; i-- > 0;) {
            for (std::size_t j = columns; j-- > 0;) {
                cell(i, j) = a[head + i] == b[head + j] ? cell(i + 1, j + 1) + 1
                                                        : std::max(cell(i + 1, j), cell(i, j + 1));
            }
        }
    }
    std::vector<Line> result;
    for (std::size_t i = 0; i < head; ++i) result.push_back({' ', a[i]});
    std::size_t i = 0, j = 0;
    while (i < rows || j < columns) {
        if (aligned && i < rows && j < columns && a[head + i] == b[head + j]) {
            result.push_back({' ', a[head + i]});
            ++i;
            ++j;
        } else if (i < rows && (!aligned || j == columns || cell(i + 1, j) >= cell(i, j + 1))) {
            result.push_back({'-', a[head + i++]});
        } else {
            result.push_back({'+', b[head + j++]});
        }
    }
    for (std::size_t k = a.size() - tail; k < a.size(); ++k) result.push_back({' ', a[k]});
    return result;
}

std::string range_text(std::size_t before, std::size_t count) {
    if (count == 1) return std::to_string(before + 1);
    return fmt::format("{},{}", count == 0 ? before : before + 1, count);
}

}  // namespace

std::string applied(std::string_view text, std::vector<TextEdit> edits) {
    // What is put in before a piece of text comes before what takes the place of it.
    std::ranges::stable_sort(edits, {},
                             [](const TextEdit& edit) { return std::pair(edit.offset, edit.length != 0); });
    std::string result;
    std::size_t at = 0;
    for (const TextEdit& edit : edits) {
        if (edit.offset < at || edit.offset > text.size()) continue;
        result += text.substr(at, edit.offset - at);
        result += edit.text;
        at = std::min(edit.offset + edit.length, text.size());
    }
    result += text.substr(at);
    return result;
}

std::vector<std::size_t> old_lines(std::string_view old_text, std::string_view new_text) {
    std::vector<std::size_t> result;
    std::size_t old = 0;
    for (const Line& line : compared(lines_of(old_text), lines_of(new_text))) {
        if (line.mark != '+') ++old;
        if (line.mark != '-') result.push_back(line.mark == '+' ? 0 : old);
    }
    return result;
}

std::string unified_diff(std::string_view old_name, std::string_view new_name, std::string_view old_text,
                         std::string_view new_text) {
    if (old_text == new_text) return {};
    const std::vector<Line> lines = compared(lines_of(old_text), lines_of(new_text));
    std::string out = fmt::format("--- {}\n+++ {}\n", old_name, new_name);
    std::size_t old_line = 0, new_line = 0;  // lines before lines[k]
    for (std::size_t k = 0; k < lines.size();) {
        const auto next = static_cast<std::size_t>(
            std::ranges::find_if(lines.begin() + static_cast<std::ptrdiff_t>(k), lines.end(),
                                 [](const Line& line) { return line.mark != ' '; }) -
            lines.begin());
        if (next == lines.size()) break;
        const std::size_t first = std::max(k, next - std::min(next, context));
        old_line += first - k;
        new_line += first - k;
        std::size_t end = next, quiet = 0;
        while (end < lines.size() && quiet <= 2 * context) {
            quiet = lines[end].mark == ' ' ? quiet + 1 : 0;
            ++end;
        }
        end -= quiet > context ? quiet - context : 0;
        std::size_t olds = 0, news = 0;
        std::string body;
        for (std::size_t i = first; i < end; ++i) {
            olds += lines[i].mark != '+' ? 1U : 0U;
            news += lines[i].mark != '-' ? 1U : 0U;
            body += fmt::format("{}{}\n", lines[i].mark, lines[i].text);
        }
        out += fmt::format("@@ -{} +{} @@\n{}", range_text(old_line, olds), range_text(new_line, news), body);
        old_line += olds;
        new_line += news;
        k = end;
    }
    return out;
}

}  // namespace tlbcheck::checker
