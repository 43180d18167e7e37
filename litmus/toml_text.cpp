// SPDX-License-Identifier: Apache-2.0
//
// The parser meets a text only when its ASCII twin has parsed.
#include "litmus/toml_text.hpp"

#include <algorithm>

#include "litmus/utf8.hpp"

namespace tlbcheck::litmus {

namespace {

bool outside_ascii(char c) {
    return (static_cast<unsigned char>(c) & 0x80U) != 0;
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// `source`'s text with '?' for each character beyond ASCII. TOML has such characters in strings and comments
/// only, and '?' nowhere else either: both texts parse alike. But the parser's tables of letters run into
/// undefined behaviour for some characters, so that it meets the text as it is only when this one has parsed.
std::string ascii_twin(const Source& source) {
    const std::string_view text = source->text;
    std::string twin;
    std::size_t i = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    while (i < text.size()) {
        if (!outside_ascii(text[i])) {
            twin += text[i++];
            continue;
        }
        const std::size_t length = utf8_length(text.substr(i));
        if (length == 0) throw InputError("not UTF-8", source, place_of(text, i));
        twin += '?';
        i += length;
    }
    return twin;
}

toml::table parsed_or_error(std::string_view text, const Source& source) {
    toml::parse_result parsed = toml::parse(text, std::string_view(source->name));
    if (parsed) return std::move(parsed).table();
    const toml::source_region& region = parsed.error().source();
    const std::size_t at = offset_of(source->text, region.begin);
    if (at < source->text.size() && outside_ascii(source->text[at]))
        throw InputError("a character beyond ASCII outside of quotes", source, place_of(region));
    throw InputError(std::string(parsed.error().description()), source, place_of(region));
}

}  // namespace

Place place_of(const toml::source_region& region) {
    const toml::source_position begin = region.begin;
    const bool one_line = region.end.line == begin.line && region.end.column > begin.column;
    return {begin.line, begin.column, one_line ? region.end.column - begin.column : 1};
}

toml::table parse_toml(const Source& source) {
    parsed_or_error(ascii_twin(source), source);
    return parsed_or_error(source->text, source);
}

std::size_t offset_of(std::string_view text, const toml::source_position& position) {
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < position.line; ++line) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string_view::npos) return text.size();
        at = end + 1;
    }
    if (position.line == 1 && text.starts_with(byte_order_mark)) at += byte_order_mark.size();
    for (std::uint32_t column = 1; column < position.column && at < text.size(); ++column)
        at += std::max<std::size_t>(1, utf8_length(text.substr(at)));
    return std::min(at, text.size());
}

}  // namespace tlbcheck::litmus
