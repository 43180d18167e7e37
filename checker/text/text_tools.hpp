// SPDX-License-Identifier: Apache-2.0
//
// Small text helpers of the writers: sizes, counts, and escapes for XML, HTML, JSON in HTML, DOT and
// annotations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tlbcheck::checker {

/// Bytes as people write them: "64K", "2M", "1G", "4100" (exact; the largest unit that divides).
std::string size_text(std::uint64_t bytes);
/// "1 leaf", "3 leaves": `plural` is used for every number but 1.
std::string count_text(std::uint64_t number, std::string_view singular, std::string_view plural);

/// For text and attribute values of XML and HTML; characters XML 1.0 forbids, and bytes that are not UTF-8,
/// become U+FFFD.
std::string xml_escaped(std::string_view text);
/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD (JSON writers need it).
std::string valid_utf8(std::string_view text);
/// A JSON document for a <script> element: no "</", "<!--" nor line separators that JavaScript treats as ends
/// of line.
std::string script_safe_json(std::string_view json);
/// For a quoted DOT string (without the quotes).
std::string dot_escaped(std::string_view text);
/// Message (`property` false) or property of a GitHub workflow command.
std::string annotation_escaped(std::string_view text, bool property);

/// What stands before each newline, and behind the last one if there is any; a carriage return stays.
std::vector<std::string_view> lines_of(std::string_view text);
/// Lines as they are shown, counted as places in a file are (litmus::place_of): "\n", "\r\n" and "\r" end
/// one.
std::vector<std::string> shown_lines(std::string_view text);

/// Lines of at most `width` (at least 1) characters, broken at spaces where possible.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
/// Number of characters of UTF-8 text.
std::size_t character_count(std::string_view text);
/// At most `width` characters, cut with an ellipsis ("..." counts), padded with spaces to `width` when `pad`.
std::string fitted(std::string_view text, std::size_t width, bool pad);

}  // namespace tlbcheck::checker
