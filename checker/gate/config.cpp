// SPDX-License-Identifier: Apache-2.0
//
// Reads tlbcheck.toml; every key is known or an error with its place.

#include "checker/gate/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string_view>

#include "litmus/toml_text.hpp"

namespace tlbcheck::checker {
namespace {

using litmus::place_of;

constexpr std::size_t most_configurations = 256;

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
        throw litmus::InputError(
            fmt::format("unknown key '{}'{}", name, where), source_, place_of(key.source()),
            litmus::did_you_mean(name, known, fmt::format("known keys: {}", fmt::join(known, ", "))));
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

}  // namespace

litmus::Result<GateConfig> parse_gate_config(const litmus::Source& source) {
    return litmus::collect([&] { return Reader(source).read(litmus::parse_toml(source)); });
}

}  // namespace tlbcheck::checker
