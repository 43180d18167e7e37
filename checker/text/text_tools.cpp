// SPDX-License-Identifier: Apache-2.0
//
// Columns, wrapping and escaping of UTF-8 text.

#include "checker/text/text_tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "litmus/utf8.hpp"

namespace tlbcheck::checker {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// Calls `take(character)` for each character; a bad byte counts as U+FFFD.
template <typename Take>
void each_character(std::string_view text, Take take) {
    while (!text.empty()) {
        const std::size_t length = litmus::utf8_length(text);
        take(length == 0 ? replacement : text.substr(0, length));
        text.remove_prefix(length == 0 ? 1 : length);
    }
}

/// Bytes of the first `characters` characters.
std::size_t bytes_of(std::string_view text, std::size_t characters) {
    std::size_t bytes = 0;
    for (; characters > 0 && bytes < text.size(); --characters) {
        bytes += std::max<std::size_t>(1, litmus::utf8_length(text.substr(bytes)));
    }
    return bytes;
}

bool is_xml_control(std::string_view character) {
    if (character.size() != 1) return character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
    const char c = character[0];
    return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<char, 5> units = {'K', 'M', 'G', 'T', 'P'};
    std::size_t unit = 0;
    std::uint64_t value = bytes;
    while (unit < units.size() && value >= 1024 && value % 1024 == 0) {
        value /= 1024;
        ++unit;
    }
    return unit == 0 ? std::to_string(bytes) : fmt::format("{}{}", value, units[unit - 1]);
}

std::string count_text(std::uint64_t number, std::string_view singular, std::string_view plural) {
    return fmt::format("{} {}", number, number == 1 ? singular : plural);
}

std::string xml_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    each_character(text, [&](std::string_view character) {
        if (is_xml_control(character))
            out += replacement;
        else if (character == "&")
            out += "&amp;";
        else if (character == "<")
            out += "&lt;";
        else if (character == ">")
            out += "&gt;";
        else if (character == "\"")
            out += "&quot;";
        else if (character == "'")
            out += "&#39;";
        else if (character == "\r")
            out += "&#13;";
        else
            out += character;
    });
    return out;
}

std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    each_character(text, [&](std::string_view character) { out += character; });
    return out;
}

std::string script_safe_json(std::string_view json) {
    std::string out;
    out.reserve(json.size() + json.size() / 16);
    each_character(json, [&](std::string_view character) {
        if (character == "<")
            out += "\\u003c";
        else if (character == ">")
            out += "\\u003e";
        else if (character == "&")
            out += "\\u0026";
        else if (character == "\xE2\x80\xA8")
            out += "\\u2028";
        else if (character == "\xE2\x80\xA9")
            out += "\\u2029";
        else
            out += character;
    });
    return out;
}

std::string dot_escaped(std::string_view text) {
    std::string out;
    each_character(text, [&](std::string_view character) {
        if (character == "\"" || character == "\\") out += '\\';
        if (character == "\n")
            out += "\\n";
        else
            out += is_xml_control(character) ? std::string_view("?") : character;
    });
    return out;
}

std::string annotation_escaped(std::string_view text, bool property) {
    std::string out;
    each_character(text, [&](std::string_view character) {
        if (character == "%")
            out += "%25";
        else if (character == "\r")
            out += "%0D";
        else if (character == "\n")
            out += "%0A";
        else if (property && character == ":")
            out += "%3A";
        else if (property && character == ",")
            out += "%2C";
        else
            out += character;
    });
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<std::string> shown_lines(std::string_view text) {
    std::vector<std::string> lines;
    for (std::string_view line : lines_of(text)) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        for (std::size_t end = line.find('\r'); end != std::string_view::npos; end = line.find('\r')) {
            lines.emplace_back(line.substr(0, end));
            line.remove_prefix(end + 1);
        }
        lines.emplace_back(line);
    }
    return lines;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    std::size_t used = 0;
    while (!text.empty()) {
        const std::size_t end = text.find(' ');
        std::string_view word = text.substr(0, end);
        if (character_count(word) > width) {
            // A long word breaks after a hyphen where it has one, as ranges of addresses do.
            word = word.substr(0, bytes_of(word, width));
            const std::size_t hyphen = word.rfind('-');
            if (hyphen != std::string_view::npos && hyphen > 0) word = word.substr(0, hyphen + 1);
        }
        const std::size_t length = character_count(word);
        text.remove_prefix(word.size());
        if (text.starts_with(' ')) text.remove_prefix(1);
        if (word.empty()) continue;
        if (!line.empty() && used + 1 + length > width) {
            lines.push_back(std::move(line));
            line.clear();
            used = 0;
        }
        if (!line.empty()) {
            line += ' ';
            ++used;
        }
        line += word;
        used += length;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    return lines;
}

std::size_t character_count(std::string_view text) {
    std::size_t count = 0;
    each_character(text, [&](std::string_view) { ++count; });
    return count;
}

std::string fitted(std::string_view text, std::size_t width, bool pad) {
    const std::size_t length = character_count(text);
    std::string out;
    if (length <= width) {
        out = valid_utf8(text);
    } else {
        const std::size_t keep = width > 3 ? width - 3 : 0;
        std::size_t taken = 0;
        each_character(text, [&](std::string_view character) {
            if (taken++ < keep) out += character;
        });
        out.append(width - keep, '.');
    }
    if (pad && length < width) out.append(width - length, ' ');
    return out;
}

}  // namespace tlbcheck::checker
