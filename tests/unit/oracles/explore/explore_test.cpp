// SPDX-License-Identifier: Apache-2.0
// The machine's verdicts on the schedules of docs/formal-model.md: the worked example, X1 to X4, and kernel
// sequences reduced to contiguous sets of 2 and 4 descriptors.
#include "tests/explore/explore.hpp"

#include <functional>

#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

namespace {

bool unsafe(const ScheduleBuilder& schedule, Property property) {
    const tests::MachineVerdict verdict = tests::explore(schedule.program(), property);
    REQUIRE(verdict.answer != tests::MachineVerdict::Answer::undecided);
    CHECK(verdict.timeline.has_value() == (verdict.answer == tests::MachineVerdict::Answer::violated));
    return verdict.answer == tests::MachineVerdict::Answer::violated;
}

bool stale(const ScheduleBuilder& schedule, std::uint32_t region = 0) {
    return unsafe(schedule, schedule.property(PropertyKind::no_stale_entry, region));
}

bool stale(const ScheduleBuilder& schedule, const std::function<void(HardwareParameters&)>& change) {
    Property property = schedule.property(PropertyKind::no_stale_entry);
    change(property.hardware);
    return unsafe(schedule, property);
}

bool used_after_free(const ScheduleBuilder& schedule) {
    return unsafe(schedule, schedule.property(PropertyKind::no_use_after_free));
}

bool hazard(const ScheduleBuilder& schedule, PropertyKind kind, int bbm_level) {
    Property property = schedule.property(kind);
    property.hardware.bbm_level = bbm_level;
    return unsafe(schedule, property);
}

ScheduleBuilder per_leaf(int leaves, bool contiguous, int level = 3, int set = 4) {
    ScheduleBuilder b(ScheduleBuilder::small_hardware(set, level == 3 ? 2 : 5 - level));
    b.region(leaves, contiguous, level);
    for (int leaf = 0; leaf < leaves; ++leaf) b.clear(0, leaf).flush(0, leaf, leaf);
    return b;
}

ScheduleBuilder cleared(int leaves, bool contiguous, int level = 3, int set = 4) {
    ScheduleBuilder b(ScheduleBuilder::small_hardware(set, level == 3 ? 2 : 5 - level));
    b.region(leaves, contiguous, level);
    for (int leaf = 0; leaf < leaves; ++leaf) b.clear(0, leaf);
    return b;
}

ScheduleBuilder batched(int leaves, bool contiguous, int level = 3, int set = 4) {
    return cleared(leaves, contiguous, level, set).flush(0, 0, leaves - 1);
}

void fill(HardwareParameters& hardware, ContiguousFill fill) {
    hardware.contiguous_fill = fill;
}

}  // namespace

TEST_CASE("per-leaf flush of a contiguous set leaves a stale entry") {
    for (const int set : {2, 4}) {
        CAPTURE(set);
        CHECK(stale(per_leaf(set, true, 3, set)));
        CHECK(stale(per_leaf(set, true, 2, set)));
    }
}

TEST_CASE("per-leaf flush is safe where fills coalesce or use their own descriptor only") {
    const auto set_fill = [](ContiguousFill value) {
        return [value](HardwareParameters& hardware) { fill(hardware, value); };
    };
    CHECK_FALSE(stale(per_leaf(4, true), set_fill(ContiguousFill::coalesced)));
    CHECK_FALSE(stale(per_leaf(4, true), set_fill(ContiguousFill::none)));
    CHECK(stale(per_leaf(4, true), set_fill(ContiguousFill::shattered)));
}

TEST_CASE("one flush after all stores is safe for contiguous sets") {
    CHECK_FALSE(stale(batched(2, true, 3, 2)));
    CHECK_FALSE(stale(batched(4, true)));
    CHECK_FALSE(stale(batched(4, true, 2)));
    CHECK_FALSE(stale(batched(8, true)));
}

TEST_CASE("per-leaf flush of plain pages and blocks is safe") {
    CHECK_FALSE(stale(per_leaf(4, false)));
    CHECK_FALSE(stale(per_leaf(2, false, 2)));
    CHECK_FALSE(stale(per_leaf(2, false, 1)));
}

TEST_CASE("one flush per contiguous set is safe") {
    ScheduleBuilder b;
    b.region(8, true);
    for (int set = 0; set < 2; ++set) {
        for (int leaf = 0; leaf < 4; ++leaf) b.clear(0, 4 * set + leaf);
        b.flush(0, 4 * set, 4 * set + 3);
    }
    CHECK_FALSE(stale(b));
}

TEST_CASE("a flush one page short leaves a stale entry") {
    CHECK(stale(cleared(4, true).flush(0, 0, 2)));
    CHECK(stale(cleared(2, false).flush(0, 0, 0)));
}

TEST_CASE("missing or too weak barriers leave a stale entry") {
    CHECK(stale(cleared(2, false)
                    .tlbi("vaale1is", ScheduleBuilder::va_base)
                    .tlbi("vaale1is", 0xffff000080001000)
                    .dsb()
                    .isb()));
    const auto invalidated = [] {
        ScheduleBuilder b = cleared(1, false);
        return b.dsb("ishst").tlbi("vaale1is", ScheduleBuilder::va_base);
    };
    CHECK(stale(invalidated().dsb("ishst").isb()));
    CHECK(stale(invalidated().isb()));
    CHECK(stale(invalidated().dsb("nsh").isb()));
    CHECK(stale(invalidated().dsb("ishld").isb()));
    CHECK_FALSE(stale(invalidated().dsb("osh").isb()));
    CHECK_FALSE(stale(invalidated().dsb("sy").isb()));
    // A DMB does not wait for the store before the TLBI.
    CHECK(stale(cleared(1, false).dmb("sy").tlbi("vaale1is", ScheduleBuilder::va_base).dsb().isb()));
    // A later full DSB completes all earlier TLBIs.
    CHECK_FALSE(stale(invalidated().dsb("ishst").dsb("ish").isb()));
}

TEST_CASE("an outer shareable TLBI needs a DSB of that width") {
    const auto invalidated = [] {
        ScheduleBuilder b = cleared(1, false);
        return b.dsb("ishst").tlbi("vaale1os", ScheduleBuilder::va_base);
    };
    CHECK(stale(invalidated().dsb("ish").isb()));
    CHECK_FALSE(stale(invalidated().dsb("osh").isb()));
}

TEST_CASE("local invalidation and wrong operands leave a stale entry") {
    const auto with = [](const char* name, int ttl) {
        ScheduleBuilder b = cleared(1, false);
        return b.dsb("ishst").tlbi(name, ScheduleBuilder::va_base, ttl).dsb().isb();
    };
    CHECK(stale(with("vaale1", 0)));
    CHECK(stale(with("vaale1is", 2)));
    CHECK_FALSE(stale(with("vaale1is", 3)));
    CHECK_FALSE(stale(with("vmalle1is", 0)));
    CHECK(stale(with("alle2is", 0)));
    const auto range = [](int num) {
        ScheduleBuilder b = cleared(4, false);
        return b.dsb("ishst")
            .tlbi_raw("rvaale1is", encode_range_operand(ScheduleBuilder::va_base, 0, 0, num, 0, Granule::k4))
            .dsb()
            .isb();
    };
    CHECK(stale(range(0)));
    CHECK_FALSE(stale(range(1)));
}

TEST_CASE("without the ISB at the end the own PE may use an old translation, unless ETS2") {
    ScheduleBuilder b = cleared(1, false);
    b.dsb("ishst").tlbi("vaale1is", ScheduleBuilder::va_base).dsb();
    CHECK(stale(b));
    CHECK_FALSE(stale(b, [](HardwareParameters& hardware) { hardware.ets = 2; }));
    CHECK_FALSE(stale(b, [](HardwareParameters& hardware) { hardware.ets = 3; }));
}

TEST_CASE("a whole-TLB flush per leaf is safe for contiguous blocks") {
    ScheduleBuilder b(ScheduleBuilder::small_hardware(4, 3));
    b.region(4, true, 2);
    for (int leaf = 0; leaf < 4; ++leaf) b.clear(0, leaf).dsb("ishst").tlbi("vmalle1is").dsb().isb();
    CHECK_FALSE(stale(b));
}

TEST_CASE("pages: flush before free is safe, free before flush and contiguous per-leaf flush are not") {
    const auto unmapped = [](bool contiguous, bool flush_first) {
        ScheduleBuilder b;
        b.region(4, contiguous);
        for (int leaf = 0; leaf < 4; ++leaf) {
            b.clear(0, leaf);
            if (flush_first) b.flush(0, leaf, leaf);
            b.free_leaf(0, leaf);
            if (!flush_first) b.flush(0, leaf, leaf);
        }
        return b;
    };
    CHECK_FALSE(used_after_free(unmapped(false, true)));
    CHECK(used_after_free(unmapped(false, false)));
    CHECK(used_after_free(unmapped(true, true)));
}

TEST_CASE(
    "a table page: safe to free after an all-level flush of its table descriptor, not after a last-level "
    "one") {
    const auto freed = [](const char* name) {
        ScheduleBuilder b;
        b.region(2, false);
        b.clear(0, 0).clear(0, 1).flush(0, 0, 1).clear_table(0).flush(0, 0, 0, name).free_table(0);
        return b;
    };
    CHECK_FALSE(used_after_free(freed("vaae1is")));
    CHECK(used_after_free(freed("vaale1is")));
}

TEST_CASE("X1: clearing a table descriptor over valid leaves, with its flush alone, leaves them cached") {
    ScheduleBuilder b;
    b.region(2, false);
    b.clear_table(0).flush(0, 0, 0, "vaae1is");
    CHECK(stale(b));
    ScheduleBuilder table = b, page = b;
    table.free_table(0);
    page.free_leaf(0, 1);
    CHECK_FALSE(used_after_free(table));
    CHECK(used_after_free(page));
}

TEST_CASE("X2: flushing every page after that is safe by all-level operations, unsafe by last-level ones") {
    const auto with = [](const char* name) {
        ScheduleBuilder b;
        b.region(2, false);
        return b.clear_table(0).flush(0, 0, 1, name);
    };
    CHECK_FALSE(stale(with("vaae1is")));
    CHECK(stale(with("vaale1is")));
}

TEST_CASE("X3: from a table of invalid descriptors to one of valid ones without a TLBI, a fault may stay") {
    ScheduleBuilder b;
    b.region(1, false);
    b.at(0).mapped = false;
    b.new_table(0, 1, false, 1).set_table(0, 1).dsb().isb();
    CHECK(stale(b));
    ScheduleBuilder flushed = b;
    flushed.tlbi("vaae1is", ScheduleBuilder::va_base).dsb().isb();
    CHECK_FALSE(stale(flushed));
}

TEST_CASE("X4: zeroing a page before it is hooked up as a table is safe, hooking it up first is not") {
    const auto hooked = [](bool zero_first) {
        ScheduleBuilder b;
        b.region(1, false);
        b.at(0).mapped = false;
        b.clear_table(0).flush(0, 0, 0, "vaae1is");
        const StoreDescriptor zero{{ScheduleBuilder::va_base, 3, 1}, {}};
        b.new_table(0, 1, true);
        if (zero_first) b.add(zero).dsb("ishst");
        b.set_table(0, 1);
        if (!zero_first) b.dsb("ishst").add(zero);
        return b.dsb().isb();
    };
    CHECK_FALSE(stale(hooked(true)));
    CHECK(stale(hooked(false)));
}

TEST_CASE("walk caches that keep entries by page need a flush of every page") {
    ScheduleBuilder b;
    b.region(2, false);
    b.clear(0, 0).clear(0, 1).flush(0, 0, 1).clear_table(0).flush(0, 0, 0, "vaae1is").free_table(0);
    CHECK_FALSE(used_after_free(b));
    Property property = b.property(PropertyKind::no_use_after_free);
    property.hardware.walk_cache = WalkCache::per_page;
    CHECK(unsafe(b, property));
}

TEST_CASE("dropping Contiguous without break-before-make is a violation at bbm_level 0 only") {
    ScheduleBuilder b;
    b.region(4, true);
    for (int leaf = 0; leaf < 4; ++leaf) {
        Descriptor value = b.leaf_value(0, leaf);
        value.contiguous = false;
        b.set(0, leaf, value);
    }
    b.flush(0, 0, 3);
    CHECK(hazard(b, PropertyKind::no_bbm_violation, 0));
    CHECK_FALSE(hazard(b, PropertyKind::no_bbm_violation, 1));
    CHECK_FALSE(hazard(b, PropertyKind::no_bbm_violation, 2));
}

TEST_CASE("break-before-make of a contiguous set must break all of it before it makes any of it") {
    const auto dropped = [](bool whole_set) {
        ScheduleBuilder b;
        b.region(4, true);
        const auto make = [&](int leaf) {
            Descriptor value = b.leaf_value(0, leaf);
            value.contiguous = false;
            b.set(0, leaf, value).dsb();
        };
        if (whole_set) {
            for (int leaf = 0; leaf < 4; ++leaf) b.clear(0, leaf);
            b.flush(0, 0, 3);
        }
        for (int leaf = 0; leaf < 4; ++leaf) {
            if (!whole_set) b.clear(0, leaf).flush(0, leaf, leaf);
            make(leaf);
        }
        return b;
    };
    CHECK_FALSE(hazard(dropped(true), PropertyKind::no_bbm_violation, 0));
    CHECK(hazard(dropped(false), PropertyKind::no_bbm_violation, 0));
}

TEST_CASE("folding into a contiguous set without break-before-make conflicts below bbm_level 3") {
    ScheduleBuilder b;
    b.region(4, false);
    for (int leaf = 0; leaf < 4; ++leaf) {
        Descriptor value = b.leaf_value(0, leaf);
        value.contiguous = true;
        b.set(0, leaf, value);
    }
    b.flush(0, 0, 3);
    CHECK(hazard(b, PropertyKind::no_tlb_conflict, 2));
    CHECK_FALSE(hazard(b, PropertyKind::no_tlb_conflict, 3));
    CHECK_FALSE(stale(b));
}

TEST_CASE("copies of one mapping never conflict") {
    CHECK_FALSE(hazard(batched(4, true), PropertyKind::no_tlb_conflict, 0));
    CHECK_FALSE(hazard(per_leaf(4, true), PropertyKind::no_tlb_conflict, 0));
}

TEST_CASE("entries that differ in Contiguous only make the access itself unsafe at bbm_level 0") {
    ScheduleBuilder b;
    b.region(1, true);
    Descriptor value = b.leaf_value(0, 0);
    value.contiguous = false;
    b.set(0, 0, value).dsb().isb();
    CHECK(stale(b, [](HardwareParameters& hardware) { hardware.bbm_level = 0; }));
    CHECK_FALSE(stale(b, [](HardwareParameters& hardware) { hardware.bbm_level = 1; }));
}

TEST_CASE("a TLBI by another thread needs the store to be seen first") {
    const auto handed = [](bool barrier) {
        ScheduleBuilder b;
        b.region(1, false);
        const std::uint32_t flag = b.flag("cleared"), back = b.flag("flushed");
        b.thread().clear(0, 0);
        if (barrier) b.dmb("ishst");
        b.store_flag(flag).await(back).isb();
        b.thread().await(flag).tlbi("vaale1is", ScheduleBuilder::va_base).dsb().isb();
        b.store_flag(back);
        return b;
    };
    CHECK_FALSE(stale(handed(true)));
    CHECK(stale(handed(false)));
}

TEST_CASE("an await on a translated address is left undecided") {
    ScheduleBuilder b;
    b.region(1, false);
    b.add(Await{std::nullopt, ScheduleBuilder::va_base, 1});
    const tests::MachineVerdict verdict =
        tests::explore(b.program(), b.property(PropertyKind::no_stale_entry));
    CHECK(verdict.answer == tests::MachineVerdict::Answer::undecided);
    CHECK_FALSE(verdict.reason.empty());
}

TEST_CASE("too few states allowed: undecided, never safe") {
    tests::ExploreLimits limits;
    limits.states_per_search = 2;
    const ScheduleBuilder b = batched(4, true);
    const tests::MachineVerdict verdict =
        tests::explore(b.program(), b.property(PropertyKind::no_stale_entry), limits);
    CHECK(verdict.answer == tests::MachineVerdict::Answer::undecided);
}
