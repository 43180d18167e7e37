// SPDX-License-Identifier: Apache-2.0
#include "model/arch/tlbi_forms.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::model;  // NOLINT(google-build-using-namespace)

TEST_CASE("a form differs from its TLBI in what it is named for only") {
    int by_va = 0;
    for (const auto name : tlbi_base_names()) {
        const auto op = parse_tlbi(name);
        REQUIRE(op);
        const TlbiBase base = op->base, last = last_level_form(base), range = range_form(base);
        CAPTURE(name);
        if (last != base) {
            ++by_va;
            CHECK(is_last_level(last));
            CHECK_FALSE(is_last_level(base));
            CHECK(all_levels_form(last) == base);
            CHECK(names_asid(last) == names_asid(base));
            CHECK(is_range(last) == is_range(base));
        }
        if (range != base) {
            CHECK(is_range(range));
            CHECK(one_address_form(range) == base);
            CHECK(is_last_level(range) == is_last_level(base));
            CHECK(names_asid(range) == names_asid(base));
        }
        if (one_asid_form(base) != base) CHECK(any_asid_form(one_asid_form(base)) == base);
        CHECK_FALSE(names_asid(any_asid_form(base)));
    }
    CHECK(by_va == 4);
    CHECK(any_asid_form(TlbiBase::aside1) == TlbiBase::vmalle1);
}
