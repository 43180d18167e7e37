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

TEST_CASE("a flush of everything has each kind of entry in its scope") {
    const Geometry geometry{HardwareParameters{}};
    for (const Regime regime : {Regime::el10, Regime::el2}) {
        for (const auto stage : {CachedTranslation::Stage::stage1, CachedTranslation::Stage::stage2,
                                 CachedTranslation::Stage::combined}) {
            if (regime == Regime::el2 && stage != CachedTranslation::Stage::stage1) continue;
            for (const bool leaf : {false, true}) {
                CachedTranslation entry;
                entry.last = 0xFFF;
                entry.leaf = leaf;
                entry.regime = regime;
                entry.stage = stage;
                const TlbiOp op{flush_of_everything(entry), TlbiDomain::inner, false};
                CAPTURE(to_string(op), leaf);
                CHECK(in_scope(decode_tlbi(op, 0, geometry), entry));
                if (stage == CachedTranslation::Stage::stage1) continue;
                // What is left of a walk of two stages must go as well.
                entry.stage = CachedTranslation::Stage::combined;
                CHECK(in_scope(decode_tlbi(op, 0, geometry), entry));
            }
        }
    }
}
