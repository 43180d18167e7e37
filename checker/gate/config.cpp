// SPDX-License-Identifier: Apache-2.0
//
// Reads tlbcheck.toml; every key is known or an error with its place.

#include "checker/gate/config.hpp"

#define TOML_EXCEPTIONS 0
// The parser asserts what "[)" does not keep, and has an error message for it right behind.
#define TOML_ASSERT(expr) static_cast<void>(0)
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string_view>

#include "litmus/utf8.hpp"

namespace tlbcheck::checker {
namespace {

constexpr std::size_t most_configurations = 256;

litmus::Place place_of(const toml::source_region& region) {
    const toml::source_position begin = region.begin;
    const bool one_line = region.end.line == begin.line && region.end.column > begin.column;
    return {begin.line, begin.column, one_line ? region.end.column - begin.column : 1};
}

std::string text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    std::ostringstream out;
    node.visit([&](const auto& value) { out << value; });
    return out.str();
}

class Reader {
  public:
    explicit Reader(const litmus::Source& source) : source_(source) {
        config_.source = source;
        config_.folder = std::filesystem::path(source->name).parent_path().generic_string();
    }

    GateConfig read(const toml::table& table) {
        for (const auto& [key, node] : table) {
            if (key == "exclude")
                config_.exclude = strings(node, "exclude");
            else if (key == "timeout")
                config_.timeout = seconds(node);
            else if (key == "baseline")
                config_.baseline = beside(string(node, "baseline"));
            else if (key == "kinds")
                config_.kinds = files(node);
            else if (key == "file")
                entries(node);
            else
                unknown(key, {"exclude", "timeout", "baseline", "kinds", "file"}, "");
        }
        std::sort(
            config_.entries.begin(), config_.entries.end(), [](const ConfigEntry& a, const ConfigEntry& b) {
                return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
            });
        return std::move(config_);
    }

  private:
    [[noreturn]] void fail(const toml::node& node, std::string message, std::string hint = {}) const {
        throw litmus::InputError(std::move(message), source_, place_of(node.source()), std::move(hint));
    }

    [[noreturn]] void unknown(const toml::key& key, const std::vector<std::string>& known,
                              std::string_view where) const {
        const std::string name(key.str());
        const auto near = litmus::nearest(name, known);
        throw litmus::InputError(fmt::format("unknown key '{}'{}", name, where), source_,
                                 place_of(key.source()),
                                 near ? fmt::format("did you mean '{}'?", *near)
                                      : fmt::format("known keys: {}", fmt::join(known, ", ")));
    }

    std::string string(const toml::node& node, std::string_view what) const {
        if (!node.is_string()) fail(node, fmt::format("{} must be a string", what));
        return node.as_string()->get();
    }

    std::vector<std::string> strings(const toml::node& node, std::string_view what) const {
        if (node.is_string()) return {string(node, what)};
        const toml::array* array = node.as_array();
        if (array == nullptr) fail(node, fmt::format("{} must be a string or an array of strings", what));
        std::vector<std::string> out;
        for (const toml::node& item : *array) out.push_back(string(item, what));
        return out;
    }

    /// A path in the configuration file is relative to its folder.
    std::string beside(const std::string& path) const {
        if (path.starts_with('/') || config_.folder.empty()) return path;
        return (std::filesystem::path(config_.folder) / path).lexically_normal().generic_string();
    }

    std::vector<std::string> files(const toml::node& node) const {
        std::vector<std::string> out = strings(node, "kinds");
        for (std::string& path : out) path = beside(path);
        return out;
    }

    double seconds(const toml::node& node) const {
        const auto value = node.value<double>();
        if (!value || !node.is_number() || !std::isfinite(*value) || *value <= 0 || *value > 1e7) {
            fail(node, "timeout must be a positive number of seconds");
        }
        return *value;
    }

    Verdict verdict(const toml::node& node) const {
        const auto parsed = parse_verdict(string(node, "expect"));
        if (!parsed || *parsed == Verdict::undecided) {
            fail(node, fmt::format("'{}' is no verdict to expect", text_of(node)),
                 "safe or unsafe for schedules; allowed, forbidden or required for litmus tests");
        }
        return *parsed;
    }

    ExpectedVerdicts expected(const toml::node& node) const {
        ExpectedVerdicts out;
        if (const toml::table* table = node.as_table()) {
            for (const auto& [key, value] : *table) {
                out.each.push_back({std::string(key.str()), verdict(value), place_of(key.source())});
            }
        } else {
            out.all = verdict(node);
        }
        return out;
    }

    void set_hardware(litmus::sched::HardwareOverrides& hardware, const toml::key& key,
                      const toml::node& value) const {
        const auto& known = litmus::sched::hardware_keys();
        if (std::find(known.begin(), known.end(), key.str()) == known.end())
            unknown(key, known, " in matrix");
        const std::string why = litmus::sched::set_hardware(hardware, key.str(), text_of(value));
        if (!why.empty()) fail(value, why);
    }

    std::vector<litmus::sched::HardwareOverrides> matrix(const toml::node& node) const {
        const toml::table* table = node.as_table();
        if (table == nullptr) fail(node, "matrix must be a table of hardware parameters");
        std::vector<litmus::sched::HardwareOverrides> out(1);
        for (const auto& [key, values] : *table) {
            const toml::array* list = values.as_array();
            if (list != nullptr && list->empty()) fail(values, "an empty list leaves nothing to run");
            std::vector<litmus::sched::HardwareOverrides> next;
            for (const litmus::sched::HardwareOverrides& base : out) {
                for (std::size_t i = 0; i < (list == nullptr ? 1 : list->size()); ++i) {
                    next.push_back(base);
                    set_hardware(next.back(), key, list == nullptr ? values : *list->get(i));
                }
            }
            if (next.size() > most_configurations) {
                fail(node, fmt::format("the matrix has more than {} configurations", most_configurations));
            }
            out = std::move(next);
        }
        return out;
    }

    std::vector<std::pair<std::string, std::string>> defines(const toml::node& node) const {
        const toml::table* table = node.as_table();
        if (table == nullptr) fail(node, "defines must be a table of parameters");
        std::vector<std::pair<std::string, std::string>> out;
        for (const auto& [key, value] : *table) {
            if (!value.is_value()) fail(value, "a parameter must be a number, a string or a boolean");
            out.emplace_back(std::string(key.str()), text_of(value));
        }
        return out;
    }

    void entries(const toml::node& node) {
        const toml::array* array = node.as_array();
        if (array == nullptr) fail(node, "file must be written as [[file]]");
        for (const toml::node& item : *array) {
            const toml::table* table = item.as_table();
            if (table == nullptr) fail(item, "file must be written as [[file]]");
            config_.entries.push_back(entry(*table));
        }
    }

    ConfigEntry entry(const toml::table& table) const {
        ConfigEntry entry;
        entry.place = place_of(table.source());
        entry.configurations.resize(1);
        for (const auto& [key, node] : table) {
            if (key == "match")
                entry.match = strings(node, "match");
            else if (key == "expect")
                entry.expected = expected(node);
            else if (key == "matrix")
                entry.configurations = matrix(node);
            else if (key == "timeout")
                entry.options.timeout = seconds(node);
            else if (key == "defines")
                entry.options.defines = defines(node);
            else if (key == "variant")
                entry.options.variant = string(node, "variant");
            else if (key == "kinds")
                entry.options.kinds = files(node);
            else
                unknown(key, {"match", "expect", "matrix", "timeout", "defines", "variant", "kinds"},
                        " in [[file]]");
        }
        if (entry.match.empty()) fail(table, "[[file]] needs match = \"PATTERN\"");
        return entry;
    }

    litmus::Source source_;
    GateConfig config_;
};

bool beyond_ascii(char c) {
    return (static_cast<unsigned char>(c) & 0x80U) != 0;
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// `source`'s text with '?' for each character beyond ASCII. TOML has such characters in strings and comments
/// only, and '?' nowhere else either: both texts parse alike. But the parser's tables of letters run into
/// undefined behaviour for some characters, so that it meets the text as it is only when this one has parsed.
std::string ascii_twin(const litmus::Source& source) {
    const std::string_view text = source->text;
    std::string twin;
    std::size_t i = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    while (i < text.size()) {
        if (!beyond_ascii(text[i])) {
            twin += text[i++];
            continue;
        }
        const std::size_t length = litmus::utf8_length(text.substr(i));
        if (length == 0) throw litmus::InputError("not UTF-8", source, litmus::place_of(text, i));
        twin += '?';
        i += length;
    }
    return twin;
}

/// Whether a character beyond ASCII stands at `place`.
bool beyond_ascii_at(std::string_view text, litmus::Place place) {
    for (std::uint32_t line = 1; line < place.line; ++line) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return false;
        text.remove_prefix(end + 1);
    }
    if (place.line == 1 && text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    for (std::uint32_t column = 1; column < place.column && !text.empty(); ++column)
        text.remove_prefix(std::max<std::size_t>(1, litmus::utf8_length(text)));
    return !text.empty() && beyond_ascii(text.front());
}

toml::table parsed_or_error(std::string_view text, const litmus::Source& source) {
    toml::parse_result parsed = toml::parse(text, std::string_view(source->name));
    if (parsed) return std::move(parsed).table();
    const litmus::Place place = place_of(parsed.error().source());
    if (beyond_ascii_at(source->text, place))
        throw litmus::InputError("a character beyond ASCII outside of quotes", source, place);
    throw litmus::InputError(std::string(parsed.error().description()), source, place);
}

}  // namespace

litmus::Result<GateConfig> parse_gate_config(const litmus::Source& source) {
    return litmus::collect([&] {
        parsed_or_error(ascii_twin(source), source);
        return Reader(source).read(parsed_or_error(source->text, source));
    });
}

}  // namespace tlbcheck::checker
