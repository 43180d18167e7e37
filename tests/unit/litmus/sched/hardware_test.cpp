// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/hardware.cpp.

#include "litmus/sched/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus::sched;
using namespace tlbcheck::model;

TEST_CASE("each parameter takes its values and refuses others") {
    HardwareOverrides overrides;
    CHECK(set_hardware(overrides, "granule", "16K") == "");
    CHECK(set_hardware(overrides, "bbm-level", "3") == "");
    CHECK(set_hardware(overrides, "ets", "2") == "");
    CHECK(set_hardware(overrides, "contiguous_fill", "coalesced") == "");
    CHECK(set_hardware(overrides, "walk-cache", "per_page") == "");
    CHECK(set_hardware(overrides, "tlb_range", "false") == "");
    CHECK(set_hardware(overrides, "levels", "3") == "");
    CHECK(set_hardware(overrides, "contiguous-entries", "4") == "");
    CHECK(set_hardware(overrides, "repeat-tlbi", "true") == "");
    const HardwareParameters hardware = apply({}, overrides);
    CHECK(differs_from_default(hardware) ==
          std::vector<std::string>{"granule = 16K", "bbm_level = 3", "ets = 2", "contiguous_fill = coalesced",
                                   "walk_cache = per_page", "tlb_range = false", "levels = 3",
                                   "contiguous_entries = 4", "repeat_tlbi = true"});
    for (const auto& [key, value] : {std::pair{"granule", "8K"},
                                     {"bbm_level", "4"},
                                     {"ets", "1"},
                                     {"contiguous_fill", "all"},
                                     {"walk_cache", "none"},
                                     {"tlb_range", "2"},
                                     {"levels", "5"},
                                     {"contiguous_entries", "3"},
                                     {"ets", "-1"}}) {
        INFO(key << "=" << value);
        HardwareOverrides untouched;
        CHECK(set_hardware(untouched, key, value) != "");
        CHECK(untouched == HardwareOverrides{});
    }
    CHECK(set_hardware(overrides, "granul", "4K") ==
          "there is no hardware parameter 'granul'; did you mean 'granule'?");
}

TEST_CASE("what is not set is left, and the default hardware differs in nothing") {
    HardwareParameters base;
    base.ets = 2;
    HardwareOverrides overrides;
    REQUIRE(set_hardware(overrides, "bbm_level", "1").empty());
    CHECK(apply(base, overrides).ets == 2);
    CHECK(differs_from_default({}).empty());
    HardwareParameters same;
    same.levels = 4;
    CHECK(differs_from_default(same).empty());
}

TEST_CASE("every value of every parameter is set and read by its row, and only that parameter changes") {
    for (const HardwareParameter& parameter : hardware_table()) {
        for (std::size_t value = 0; value < parameter.values.size(); ++value) {
            INFO(parameter.key << " = " << parameter.values[value].word);
            HardwareOverrides overrides;
            REQUIRE(set_hardware(overrides, parameter.key, parameter.values[value].word).empty());
            const HardwareParameters hardware = apply({}, overrides);
            CHECK(parameter.get(hardware) == value);
            for (const HardwareParameter& other : hardware_table()) {
                if (other.key != parameter.key) CHECK(is_default(other, hardware));
            }
        }
    }
}

TEST_CASE("docs/hardware-parameters.md has a row for each parameter, with its option, values and default") {
    std::ifstream file("docs/hardware-parameters.md");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    REQUIRE_FALSE(text.empty());
    for (const HardwareParameter& parameter : hardware_table()) {
        std::string option(parameter.key);
        std::replace(option.begin(), option.end(), '_', '-');
        std::string values;
        for (const HardwareValue& value : parameter.values) values += fmt::format("`{}` ", value.word);
        std::string row = fmt::format("| `{}` | `--{}` | {}| ", parameter.key, option, values);
        const auto usual = parameter.get({});
        if (usual && parameter.key != "levels") row += fmt::format("`{}` | ", parameter.values[*usual].word);
        INFO(row);
        CHECK(text.find(row) != std::string::npos);
    }
}
