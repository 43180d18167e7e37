// SPDX-License-Identifier: Apache-2.0
//
// Changes of a text by byte ranges, and two texts side by side as a unified diff.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tlbcheck::checker {

/// `length` bytes from `offset` on are replaced; both count from 0.
struct TextEdit {
    std::size_t offset = 0, length = 0;
    std::string text;
    friend bool operator==(const TextEdit&, const TextEdit&) = default;
};

/// The edited text. Offsets are those of the unedited one; insertions at one place take effect in their
/// order, before a replacement there. Of two that overlap the one that starts later is left out.
std::string applied(std::string_view text, std::vector<TextEdit> edits);

/// For each line of the new text the number, from 1 on, of the line of the old text that it is; 0 for a line
/// that the old text has not.
std::vector<std::size_t> old_lines(std::string_view old_text, std::string_view new_text);

/// What `diff -u` prints, three lines of context, without times; empty where the texts are equal. Lines end
/// in a newline.
std::string unified_diff(std::string_view old_name, std::string_view new_name, std::string_view old_text,
                         std::string_view new_text);

}  // namespace tlbcheck::checker
