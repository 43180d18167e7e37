// SPDX-License-Identifier: Apache-2.0
//
// The names are those of arch/arm64/tools/cpucaps in the kernel's tree.

#include "litmus/kernel/world/capabilities.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace tlbcheck::litmus::kernel::world {
namespace {

constexpr std::string_view prefix = "ARM64_";

/// The next word of `line`, taken off it.
std::string_view take_word(std::string_view& line) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return line = {};
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    return word;
}

}  // namespace

std::optional<Capabilities> Capabilities::parse(std::string_view header) {
    Capabilities result;
    while (!header.empty()) {
        const std::size_t end = header.find('\n');
        std::string_view line = header.substr(0, end);
        header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
        if (take_word(line) != "#define") continue;
        const std::string_view name = take_word(line);
        const std::string_view value = take_word(line);
        unsigned number = 0;
        const auto [last, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (!name.starts_with(prefix) || name == "ARM64_NCAPS" || error != std::errc{} ||
            last != value.data() + value.size())
            continue;
        result.numbers_.emplace(name, number);
        result.names_.emplace(number, name);
    }
    if (result.numbers_.empty()) return std::nullopt;
    return result;
}

std::optional<unsigned> Capabilities::number(const std::string& name) const {
    const auto found = numbers_.find(name.starts_with(prefix) ? name : std::string(prefix) + name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::string Capabilities::name(unsigned number) const {
    const auto found = names_.find(number);
    return found == names_.end() ? fmt::format("capability {}", number) : found->second;
}

bool Capabilities::override_value(const std::string& name, bool value) {
    const auto known = number(name);
    if (known) overrides_[*known] = value;
    return known.has_value();
}

bool Capabilities::present(unsigned number, const model::HardwareParameters& hardware) const {
    if (const auto set = overrides_.find(number); set != overrides_.end()) return set->second;
    static const std::set<std::string_view> always{"ARM64_ALWAYS_BOOT", "ARM64_ALWAYS_SYSTEM",
                                                   "ARM64_HAS_LSE_ATOMICS", "ARM64_HAS_ARMv8_4_TTL"};
    const std::string known = name(number);
    if (known == "ARM64_HAS_TLB_RANGE") return hardware.tlb_range;
    // Called BBML3 since 7.3.
    if (known == "ARM64_HAS_BBML2_NOABORT" || known == "ARM64_HAS_BBML3") return hardware.bbm_level == 3;
    return always.contains(known);
}

}  // namespace tlbcheck::litmus::kernel::world
