// SPDX-License-Identifier: Apache-2.0
#include "model/arch/hardware_update.hpp"

#include "tests/support/catch.hpp"

namespace model = tlbcheck::model;
using model::hardware_update;

namespace {

model::Descriptor flagged_page(bool accessed, bool writable, bool dbm,
                               const model::HardwareParameters& hardware) {
    model::Descriptor leaf;
    leaf.kind = model::DescriptorKind::leaf;
    leaf.db = writable;
    set_flags(leaf, accessed, dbm, managed_flags(hardware, false));
    return leaf;
}

model::HardwareParameters hardware_with(bool ha, bool hd) {
    model::HardwareParameters hardware;
    hardware.ha = ha;
    hardware.hd = hd;
    return hardware;
}

}  // namespace

TEST_CASE("what flags mean depends on what hardware manages") {
    const model::Descriptor unmanaged = flagged_page(false, false, true, hardware_with(false, false));
    CHECK_FALSE(unmanaged.af);
    CHECK_FALSE(unmanaged.unaccessed);
    CHECK_FALSE(unmanaged.writable());
    const model::Descriptor managed = flagged_page(false, false, true, hardware_with(true, true));
    CHECK(managed.af);
    CHECK(managed.unaccessed);
    CHECK(managed.writable());
    CHECK_FALSE(flagged_page(true, false, true, hardware_with(true, false)).writable());
}

TEST_CASE("a load makes hardware set the access flag, a store the dirty state too") {
    const auto hardware = hardware_with(true, true);
    const model::Descriptor clean = flagged_page(false, false, true, hardware);
    const auto loaded = hardware_update(clean, false);
    REQUIRE(loaded);
    CHECK_FALSE(loaded->unaccessed);
    CHECK_FALSE(loaded->db);
    const auto stored = hardware_update(clean, true);
    REQUIRE(stored);
    CHECK_FALSE(stored->unaccessed);
    CHECK(stored->db);
    CHECK_FALSE(hardware_update(*stored, true));
    CHECK_FALSE(hardware_update(*loaded, false));
    CHECK_FALSE(hardware_update(flagged_page(false, false, false, hardware), true));  // a permission fault
    CHECK_FALSE(hardware_update(flagged_page(false, true, true, hardware_with(false, false)),
                                false));  // an access flag fault
    CHECK_FALSE(hardware_update({}, true));
}

TEST_CASE("a later value loses an update if it has not the flag") {
    const auto hardware = hardware_with(true, true);
    const model::Descriptor clean = flagged_page(true, false, true, hardware),
                            old = flagged_page(false, true, false, hardware);
    const model::Descriptor dirtied = *hardware_update(clean, true), used = *hardware_update(old, false);
    CHECK(loses_update(clean, dirtied, {}));
    CHECK(loses_update(clean, dirtied, flagged_page(true, false, false, hardware)));
    CHECK_FALSE(loses_update(clean, dirtied, flagged_page(true, true, false, hardware)));
    CHECK(loses_update(old, used, {}));
    CHECK(loses_update(old, used, flagged_page(false, true, false, hardware)));
    CHECK_FALSE(loses_update(old, used, flagged_page(true, false, false, hardware)));
}

TEST_CASE("an entry of before may have set what the tables have clear") {
    const auto hardware = hardware_with(true, true);
    CHECK(may_leave_clear(flagged_page(true, true, false, hardware),
                          flagged_page(true, false, true, hardware)));
    CHECK(may_leave_clear(flagged_page(true, false, true, hardware),
                          flagged_page(true, false, true, hardware)));
    CHECK(may_leave_clear(flagged_page(true, true, false, hardware),
                          flagged_page(false, true, false, hardware)));
    CHECK_FALSE(may_leave_clear(flagged_page(true, false, false, hardware),
                                flagged_page(true, false, true, hardware)));
    CHECK_FALSE(
        may_leave_clear(flagged_page(true, true, false, hardware), flagged_page(true, true, true, hardware)));
}
