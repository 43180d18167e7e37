// SPDX-License-Identifier: Apache-2.0
//
// Hardware parameters by name: the machine block, `with` blocks and command-line options share one table
// (schedule-format.md, machine).

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "litmus/sched/schedule.hpp"
#include "litmus/sched/token.hpp"

namespace tlbcheck::litmus::sched {
namespace {

using model::ContiguousFill;
using model::Granule;
using model::HardwareParameters;
using model::WalkCache;

std::string set_granule(HardwareOverrides& overrides, std::string_view value) {
    std::uint64_t bytes = 0;
    if (parse_number(value, bytes).empty()) {
        if (bytes == 4096)
            overrides.granule = Granule::k4;
        else if (bytes == 16384)
            overrides.granule = Granule::k16;
        else if (bytes == 65536)
            overrides.granule = Granule::k64;
        else
            return "granule is 4K, 16K or 64K";
        return {};
    }
    return "granule is 4K, 16K or 64K";
}

std::string set_fill(HardwareOverrides& overrides, std::string_view value) {
    for (const auto fill :
         {ContiguousFill::any, ContiguousFill::none, ContiguousFill::coalesced, ContiguousFill::shattered}) {
        if (model::to_string(fill) != value) continue;
        overrides.contiguous_fill = fill;
        return {};
    }
    return "contiguous_fill is any, none, coalesced or shattered";
}

std::string set_walk_cache(HardwareOverrides& overrides, std::string_view value) {
    for (const auto kind : {WalkCache::per_entry, WalkCache::per_page}) {
        if (model::to_string(kind) != value) continue;
        overrides.walk_cache = kind;
        return {};
    }
    return "walk_cache is per_entry or per_page";
}

template <std::size_t N>
std::string set_number(std::optional<int>& field, std::string_view value, const std::array<int, N>& allowed,
                       std::string_view message) {
    std::uint64_t number = 0;
    if (!parse_number(value, number).empty()) return std::string(message);
    for (const int candidate : allowed) {
        if (number != static_cast<std::uint64_t>(candidate)) continue;
        field = candidate;
        return {};
    }
    return std::string(message);
}

std::string set_tlb_range(HardwareOverrides& overrides, std::string_view value) {
    if (value == "true" || value == "1")
        overrides.tlb_range = true;
    else if (value == "false" || value == "0")
        overrides.tlb_range = false;
    else
        return "tlb_range is true or false";
    return {};
}

}  // namespace

const std::vector<std::string>& hardware_keys() {
    static const std::vector<std::string> keys = {"granule",    "bbm_level", "ets",    "contiguous_fill",
                                                  "walk_cache", "tlb_range", "levels", "contiguous_entries"};
    return keys;
}

std::string set_hardware(HardwareOverrides& overrides, std::string_view key_text, std::string_view value) {
    std::string key(key_text);
    std::replace(key.begin(), key.end(), '-', '_');
    if (key == "granule") return set_granule(overrides, value);
    if (key == "contiguous_fill") return set_fill(overrides, value);
    if (key == "walk_cache") return set_walk_cache(overrides, value);
    if (key == "tlb_range") return set_tlb_range(overrides, value);
    if (key == "bbm_level") {
        return set_number(overrides.bbm_level, value, std::array{0, 1, 2, 3}, "bbm_level is 0, 1, 2 or 3");
    }
    if (key == "ets") return set_number(overrides.ets, value, std::array{0, 2, 3}, "ets is 0, 2 or 3");
    if (key == "levels")
        return set_number(overrides.levels, value, std::array{2, 3, 4}, "levels is 2, 3 or 4");
    if (key == "contiguous_entries") {
        return set_number(overrides.contiguous_entries, value, std::array{2, 4, 8, 16, 32, 64, 128},
                          "contiguous_entries is 2, 4, 8, 16, 32, 64 or 128");
    }
    const auto near = nearest(key, hardware_keys());
    return fmt::format("there is no hardware parameter '{}'{}", printable(key_text, 40),
                       near ? fmt::format("; did you mean '{}'?", *near) : "");
}

HardwareParameters apply(HardwareParameters base, const HardwareOverrides& overrides) {
    if (overrides.granule) base.granule = *overrides.granule;
    if (overrides.bbm_level) base.bbm_level = *overrides.bbm_level;
    if (overrides.ets) base.ets = *overrides.ets;
    if (overrides.contiguous_fill) base.contiguous_fill = *overrides.contiguous_fill;
    if (overrides.walk_cache) base.walk_cache = *overrides.walk_cache;
    if (overrides.tlb_range) base.tlb_range = *overrides.tlb_range;
    if (overrides.levels) base.levels = overrides.levels;
    if (overrides.contiguous_entries) base.contiguous_entries = overrides.contiguous_entries;
    return base;
}

std::vector<std::string> differs_from_default(const HardwareParameters& hardware) {
    const HardwareParameters defaults;
    std::vector<std::string> result;
    const auto add = [&](bool differs, std::string_view key, const auto& value) {
        if (differs) result.push_back(fmt::format("{} = {}", key, value));
    };
    HardwareParameters same_granule;
    same_granule.granule = hardware.granule;
    add(hardware.granule != defaults.granule, "granule", model::granule_name(hardware.granule));
    add(hardware.bbm_level != defaults.bbm_level, "bbm_level", hardware.bbm_level);
    add(hardware.ets != defaults.ets, "ets", hardware.ets);
    add(hardware.contiguous_fill != defaults.contiguous_fill, "contiguous_fill",
        model::to_string(hardware.contiguous_fill));
    add(hardware.walk_cache != defaults.walk_cache, "walk_cache", model::to_string(hardware.walk_cache));
    add(hardware.tlb_range != defaults.tlb_range, "tlb_range", hardware.tlb_range);
    add(model::lookup_levels(hardware) != model::lookup_levels(same_granule), "levels",
        model::lookup_levels(hardware));
    add(hardware.contiguous_entries.has_value(), "contiguous_entries",
        hardware.contiguous_entries.value_or(0));
    return result;
}

}  // namespace tlbcheck::litmus::sched
