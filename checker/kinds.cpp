// SPDX-License-Identifier: Apache-2.0
//
// Reads the lists of expected verdicts that --kinds takes.
#include "checker/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace tlbcheck::checker {

namespace {

std::optional<Kind> kind_of(std::string word) {
    std::ranges::transform(word, word.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    static const std::map<std::string, Kind> kinds{
        {"allow", Kind::allow},      {"allowed", Kind::allow},       {"forbid", Kind::forbid},
        {"forbidden", Kind::forbid}, {"require", Kind::require},     {"required", Kind::require},
        {"never", Kind::never},      {"sometimes", Kind::sometimes}, {"always", Kind::always}};
    const auto it = kinds.find(word);
    return it == kinds.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace

litmus::Result<Kinds> parse_kinds(const litmus::Source& source) {
    return litmus::collect([&] {
        Kinds kinds;
        const std::string_view text = source->text;
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            std::string_view line = text.substr(begin, end - begin);
            const std::size_t start = line.find_first_not_of(" \t\r");
            const std::size_t stop = line.find_last_not_of(" \t\r");
            if (start != std::string_view::npos && line[start] != '#') {
                const std::string_view content = line.substr(start, stop - start + 1);
                const std::size_t gap = content.find_last_of(" \t");
                const auto kind = gap == std::string_view::npos
                                      ? std::nullopt
                                      : kind_of(std::string(content.substr(gap + 1)));
                if (!kind) {
                    throw litmus::InputError("expected a test's name and its kind", source,
                                             litmus::place_of(text, begin + start, content.size()),
                                             "kinds are Allow, Forbid, Require, or Never, Sometimes, Always");
                }
                const std::string_view name = content.substr(0, content.find_first_of(" \t"));
                kinds[std::string(name)] = *kind;
            }
            begin = end + 1;
        }
        return kinds;
    });
}

Verdict verdict_of_kind(Kind kind, bool forall) {
    switch (kind) {
        case Kind::allow:
        case Kind::sometimes:
            return Verdict::allowed;
        case Kind::forbid:
        case Kind::never:
            return Verdict::forbidden;
        case Kind::require:
            return Verdict::required;
        case Kind::always:
            return forall ? Verdict::required : Verdict::allowed;
    }
    return Verdict::undecided;
}

void apply_kinds(FileReport& report, const Kinds& kinds, bool forall) {
    const auto it = kinds.find(report.title);
    if (it == kinds.end()) {
        report.warnings.push_back(fmt::format("no kind is given for the test '{}'", report.title));
        return;
    }
    for (QuestionReport& question : report.questions) {
        question.source = ExpectationSource::kinds;
        question.expected = verdict_of_kind(it->second, forall);
    }
}

}  // namespace tlbcheck::checker
