// SPDX-License-Identifier: Apache-2.0
//
// Hardware parameters by name: the machine block, `with` blocks, command-line options and the gate's matrix
// all read and print them by model/arch/hardware_table.hpp (docs/hardware-parameters.md).

#include <fmt/format.h>

#include <algorithm>

#include "litmus/sched/schedule.hpp"
#include "litmus/sched/token.hpp"

namespace tlbcheck::litmus::sched {
namespace {

using model::HardwareParameter;
using model::HardwareParameters;
using model::HardwareValue;

/// The value that was written, as its word or as a number that means it.
std::optional<std::size_t> value_of(const HardwareParameter& parameter, std::string_view written) {
    std::uint64_t number = 0;
    const bool is_number = parse_number(written, number).empty();
    for (std::size_t i = 0; i < parameter.values.size(); ++i) {
        const HardwareValue& value = parameter.values[i];
        if (value.word == written || (is_number && value.number == number)) return i;
    }
    return std::nullopt;
}

}  // namespace

const std::vector<std::string>& hardware_keys() {
    static const std::vector<std::string> keys = [] {
        std::vector<std::string> result;
        for (const HardwareParameter& parameter : model::hardware_table()) result.emplace_back(parameter.key);
        return result;
    }();
    return keys;
}

std::string set_hardware(HardwareOverrides& overrides, std::string_view key_text, std::string_view value) {
    std::string key(key_text);
    std::replace(key.begin(), key.end(), '-', '_');
    const auto table = model::hardware_table();
    for (std::size_t row = 0; row < table.size(); ++row) {
        if (table[row].key != key) continue;
        const auto chosen = value_of(table[row], value);
        if (!chosen) return values_sentence(table[row]);
        overrides.values[row] = chosen;
        return {};
    }
    const std::string hint = did_you_mean(key, hardware_keys());
    return fmt::format("there is no hardware parameter '{}'{}{}", printable(key_text, 40),
                       hint.empty() ? "" : "; ", hint);
}

HardwareOverrides merged(HardwareOverrides base, const HardwareOverrides& over) {
    for (std::size_t row = 0; row < base.values.size(); ++row) {
        if (over.values[row]) base.values[row] = over.values[row];
    }
    return base;
}

HardwareParameters apply(HardwareParameters base, const HardwareOverrides& over) {
    const auto table = model::hardware_table();
    for (std::size_t row = 0; row < table.size(); ++row) {
        if (over.values[row]) table[row].set(base, *over.values[row]);
    }
    return base;
}

std::vector<std::string> differs_from_default(const HardwareParameters& hardware) {
    std::vector<std::string> result;
    for (const HardwareParameter& parameter : model::hardware_table()) {
        const auto value = parameter.get(hardware);
        if (value && !is_default(parameter, hardware))
            result.push_back(fmt::format("{} = {}", parameter.key, parameter.values[*value].word));
    }
    return result;
}

}  // namespace tlbcheck::litmus::sched
