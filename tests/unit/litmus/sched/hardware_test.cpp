// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/hardware.cpp.

#include "litmus/sched/schedule.hpp"
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
    const HardwareParameters hardware = apply({}, overrides);
    CHECK(differs_from_default(hardware) ==
          std::vector<std::string>{"granule = 16K", "bbm_level = 3", "ets = 2", "contiguous_fill = coalesced",
                                   "walk_cache = per_page", "tlb_range = false", "levels = 3",
                                   "contiguous_entries = 4"});
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
    overrides.bbm_level = 1;
    CHECK(apply(base, overrides).ets == 2);
    CHECK(differs_from_default({}).empty());
    HardwareParameters same;
    same.levels = 4;
    CHECK(differs_from_default(same).empty());
}
