// SPDX-License-Identifier: Apache-2.0
// Defaults and names of hardware parameters.
#include "model/arch/params.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

TEST_CASE("a walk has four levels, three with the 64K granule, unless told otherwise") {
    HardwareParameters hardware;
    CHECK(lookup_levels(hardware) == 4);
    hardware.granule = Granule::k64;
    CHECK(lookup_levels(hardware) == 3);
    hardware.levels = 2;
    CHECK(lookup_levels(hardware) == 2);
}

TEST_CASE("parameter values are named as in the language") {
    CHECK(to_string(ContiguousFill::any) == "any");
    CHECK(to_string(ContiguousFill::none) == "none");
    CHECK(to_string(ContiguousFill::coalesced) == "coalesced");
    CHECK(to_string(ContiguousFill::shattered) == "shattered");
    CHECK(to_string(WalkCache::per_entry) == "per_entry");
    CHECK(to_string(WalkCache::per_page) == "per_page");
}
