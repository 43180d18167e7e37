// SPDX-License-Identifier: Apache-2.0
//
// Rendering of diagnostics. Input bytes are untrusted: whatever they are, the output is printable UTF-8, and
// of bounded length.

#include "litmus/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include "litmus/utf8.hpp"

namespace tlbcheck::litmus {
namespace {

constexpr std::size_t max_columns = 120;  ///< of a shown line, in characters
constexpr std::size_t before_caret = 70;  ///< kept before the place when a line is shortened
constexpr std::size_t max_message = 400;
constexpr std::size_t max_candidate = 64;  ///< names longer than this are not compared

/// Bytes of the printable UTF-8 character at `at`; 0 when there is none, or a control (C0, DEL, C1).
std::size_t character_bytes(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x20 || lead == 0x7F) return 0;
    const std::size_t bytes = utf8_length(text.substr(at));
    const bool c1 = bytes == 2 && lead == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    return c1 ? 0 : bytes;
}

/// Calls `each(first byte, shown characters)` for every character of `text` until it returns false.
template <typename Each>
void for_characters(std::string_view text, Each each) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = character_bytes(text, at);
        if (bytes > 0) {
            if (!each(at, text.substr(at, bytes))) return;
            at += bytes;
        } else {
            if (!each(at, text[at] == '\t' ? std::string_view(" ") : std::string_view("?"))) return;
            ++at;
        }
    }
}

/// The line numbered `line` (from 1), without its end; empty past the last.
std::string_view line_of(std::string_view text, std::uint32_t line) {
    std::size_t start = 0;
    for (std::uint32_t n = 1;; ++n) {
        const std::size_t end = std::min(text.find_first_of("\r\n", start), text.size());
        if (n == line) return text.substr(start, end - start);
        if (end == text.size()) return {};
        start = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
    }
}

std::string head(const Source& source, Place place, std::string_view kind, std::string_view message) {
    std::string where;
    if (source) {
        where = printable(source->name, max_message);
        if (place.line > 0) where += fmt::format(":{}:{}", place.line, std::max(place.column, 1U));
    } else {
        where = "tlbcheck";
    }
    return fmt::format("{}: {}: {}\n", where, kind, printable(message, max_message));
}

/// The source line and a caret under the place, each ended by a newline.
std::string excerpt(const Source& source, Place place) {
    if (!source || place.line == 0) return {};
    const std::string_view line = line_of(source->text, place.line);
    const std::size_t first_byte = std::min<std::size_t>(std::max(place.column, 1U) - 1, line.size());
    const std::size_t last_byte = first_byte + std::max<std::size_t>(place.length, 1);
    // Bytes a little before the place are enough to fill what is shown; the rest of a huge line is not looked
    // at.
    std::size_t from = first_byte > before_caret * 4 ? first_byte - before_caret * 4 : 0;
    while (from > 0 && (static_cast<unsigned char>(line[from]) & 0xC0U) == 0x80 &&
           first_byte - from < before_caret * 5)
        --from;

    std::vector<std::string_view> characters;
    std::size_t caret = 0;
    std::size_t marked = 0;
    for_characters(line.substr(from), [&](std::size_t at, std::string_view shown) {
        if (from + at < first_byte)
            ++caret;
        else if (from + at < last_byte)
            ++marked;
        characters.push_back(shown);
        return characters.size() < caret + max_columns;
    });
    std::size_t skip = caret > before_caret ? caret - before_caret : 0;
    std::string text = skip > 0 || from > 0 ? "..." : "";
    std::string under(text.size() + caret - skip, ' ');
    const std::size_t shown = std::min(characters.size() - skip, max_columns - text.size());
    for (std::size_t k = 0; k < shown; ++k) text += characters[skip + k];
    if (skip + shown < characters.size()) text += "...";
    const std::size_t room = std::max<std::size_t>(shown > caret - skip ? shown - (caret - skip) : 1, 1);
    under += "^" + std::string(std::min(std::max<std::size_t>(marked, 1), room) - 1, '~');
    return text + "\n" + under + "\n";
}

char folded(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Insertions, deletions, changes and swaps of neighbours; case does not count.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> previous(b.size() + 1);
    std::iota(previous.begin(), previous.end(), std::size_t{0});
    std::vector<std::size_t> current(b.size() + 1);
    for (std::size_t i = 0; i < a.size(); ++i) {
        current[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t change = folded(a[i]) == folded(b[j]) ? 0 : 1;
            current[j + 1] = std::min({previous[j] + change, previous[j + 1] + 1, current[j] + 1});
            const bool swapped =
                i > 0 && j > 0 && folded(a[i]) == folded(b[j - 1]) && folded(a[i - 1]) == folded(b[j]);
            if (swapped) current[j + 1] = std::min(current[j + 1], before[j - 1] + 1);
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous[b.size()];
}

}  // namespace

Source make_source(std::string name, std::string text) {
    return std::make_shared<const SourceText>(SourceText{std::move(name), std::move(text)});
}

Place place_of(std::string_view text, std::size_t offset, std::size_t length) {
    offset = std::min(offset, text.size());
    Place place{
        1, 1,
        static_cast<std::uint32_t>(std::min<std::size_t>(std::max<std::size_t>(length, 1), 0xFFFFFFFFU))};
    std::size_t start = 0;
    for (std::size_t at = 0; at < offset; ++at) {
        const bool ends =
            text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n'));
        if (!ends) continue;
        ++place.line;
        start = at + 1;
    }
    place.column = static_cast<std::uint32_t>(offset - start + 1);
    return place;
}

std::string printable(std::string_view text, std::size_t limit) {
    std::string result;
    std::size_t count = 0;
    for_characters(text, [&](std::size_t /*at*/, std::string_view shown) {
        if (++count > limit) {
            result += "...";
            return false;
        }
        result += shown;
        return true;
    });
    return result;
}

std::string render(const Diagnostic& diagnostic) {
    const char* const kind = diagnostic.severity == Severity::error ? "error" : "warning";
    std::string text = head(diagnostic.source, diagnostic.place, kind, diagnostic.message);
    text += excerpt(diagnostic.source, diagnostic.place);
    for (const Note& note : diagnostic.notes) {
        if (!note.source) {
            text += fmt::format("note: {}\n", printable(note.message, max_message));
            continue;
        }
        text += head(note.source, note.place, "note", note.message) + excerpt(note.source, note.place);
    }
    if (!diagnostic.hint.empty()) text += fmt::format("hint: {}\n", printable(diagnostic.hint, max_message));
    return text;
}

std::string render(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) text += render(diagnostic);
    return text;
}

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates) {
    if (name.empty() || name.size() > max_candidate) return std::nullopt;
    std::optional<std::string> best;
    std::size_t best_distance = name.size() < 4 ? 1 : name.size() / 4 + 1;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > max_candidate) continue;
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best_distance || (distance == best_distance && !best)) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates,
                         std::string otherwise) {
    const auto near = nearest(name, candidates);
    return near ? fmt::format("did you mean '{}'?", *near) : std::move(otherwise);
}

InputError::InputError(Diagnostic diagnostic) {
    diagnostics_.push_back(std::move(diagnostic));
}
InputError::InputError(std::vector<Diagnostic> diagnostics) : diagnostics_(std::move(diagnostics)) {}
InputError::InputError(std::string message, Source source, Place place, std::string hint) {
    diagnostics_.push_back(
        {Severity::error, std::move(message), std::move(source), place, std::move(hint), {}});
}

const char* InputError::what() const noexcept {
    return diagnostics_.empty() ? "input error" : diagnostics_.front().message.c_str();
}

}  // namespace tlbcheck::litmus
