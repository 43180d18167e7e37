// SPDX-License-Identifier: Apache-2.0
// Scenarios: which locations, TLBIs and instructions matter to one judged access.
#include "model/machine/scenario.hpp"

#include "model/machine/questions.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
using tlbcheck::tests::ScheduleBuilder;

namespace {

Question question_of(const ScheduleBuilder& schedule, PropertyKind kind, Observer observer = {}) {
    const HardwareParameters& hardware = schedule.program().hardware;
    return {kind, hardware, observer, false, {own_target(Geometry(hardware), schedule.leaf_va(0, 0))}};
}

}  // namespace

TEST_CASE("walks start below the levels nothing writes") {
    ScheduleBuilder b(ScheduleBuilder::small_hardware(4, 4));
    b.region(1, false);
    b.clear(0, 0);
    const JudgedSchedule schedule = unrolled(b.program());
    CHECK(Scenario(schedule, question_of(b, PropertyKind::no_stale_entry)).root_level() == 3);
    b.clear_table(0, 1);
    const JudgedSchedule with_table = unrolled(b.program());
    CHECK(Scenario(with_table, question_of(b, PropertyKind::no_stale_entry)).root_level() == 1);
}

TEST_CASE("a local TLBI reaches the judged PE only when that is its own") {
    ScheduleBuilder b;
    b.region(1, false);
    b.tlbi("vaale1", ScheduleBuilder::va_base).tlbi("vaale1is", ScheduleBuilder::va_base);
    const JudgedSchedule schedule = unrolled(b.program());
    const Scenario other(schedule, question_of(b, PropertyKind::no_stale_entry));
    CHECK_FALSE(other.tlbis()[0].reaches);
    CHECK(other.tlbis()[1].reaches);
    const Scenario own(schedule, question_of(b, PropertyKind::no_stale_entry, {0, false}));
    CHECK(own.tlbis()[0].reaches);
}

TEST_CASE("the translation may be taken early after the last ISB, with ETS2 after the last DSB") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).isb().dsb().clear(0, 0);
    const JudgedSchedule schedule = unrolled(b.program());
    Question question = question_of(b, PropertyKind::no_stale_entry, {0, false});
    CHECK(Scenario(schedule, question).first_latch_position() == 2);
    question.hardware.ets = 2;
    CHECK(Scenario(schedule, question).first_latch_position() == 3);
}

TEST_CASE("a neighbour's Contiguous descriptor translates by the set's base") {
    ScheduleBuilder b;
    b.region(4, true);
    const JudgedSchedule schedule = unrolled(b.program());
    Question question = question_of(b, PropertyKind::no_stale_entry);
    question.targets = {sibling_target(Geometry(question.hardware), b.leaf_va(0, 1), 3, b.leaf_va(0, 3))};
    const Scenario scenario(schedule, question);
    const Translation result = scenario.translate(true, 3, b.leaf_value(0, 3), false);
    CHECK(result.valid);
    CHECK(result.oa == ScheduleBuilder::pa_base + 0x1000);
    CHECK(result == scenario.fresh_walk(scenario.final_memory()));
    const CachedTranslation shattered = scenario.cached(0, 3, b.leaf_value(0, 3), EntrySpan::shattered);
    CHECK(shattered.first == b.leaf_va(0, 1));
    CHECK(shattered.last == b.leaf_va(0, 1) + 0xfff);
    const CachedTranslation coalesced = scenario.cached(0, 3, b.leaf_value(0, 3), EntrySpan::coalesced);
    CHECK(coalesced.first == b.leaf_va(0, 0));
    CHECK(coalesced.last == b.leaf_va(0, 3) + 0xfff);
}

TEST_CASE("walk-cache entries span what the table covers, or the page they were walked for") {
    ScheduleBuilder b;
    b.region(4, true);
    const JudgedSchedule schedule = unrolled(b.program());
    Question question = question_of(b, PropertyKind::no_stale_entry);
    question.targets = {sibling_target(Geometry(question.hardware), b.leaf_va(0, 1), 3, b.leaf_va(0, 3))};
    const CachedTranslation whole = Scenario(schedule, question).cached(0, 2, {}, EntrySpan::table);
    CHECK(whole.last - whole.first == 0x1fffff);
    CHECK_FALSE(whole.leaf);
    question.hardware.walk_cache = WalkCache::per_page;
    const CachedTranslation page = Scenario(schedule, question).cached(0, 2, {}, EntrySpan::table);
    CHECK(page.first == b.leaf_va(0, 3));
    CHECK(page.last == b.leaf_va(0, 3) + 0xfff);
}

TEST_CASE("an nXS TLBI need not remove an XS translation") {
    ScheduleBuilder b;
    b.region(1, false);
    b.tlbi("vaale1isnxs", ScheduleBuilder::va_base).tlbi("vaale1is", ScheduleBuilder::va_base);
    const JudgedSchedule schedule = unrolled(b.program());
    const Scenario scenario(schedule, question_of(b, PropertyKind::no_stale_entry));
    Descriptor value = b.leaf_value(0, 0);
    CHECK(scenario.removes(scenario.tlbis()[0], 0, 3, value, EntrySpan::own));
    value.attributes = Attr::xs;
    CHECK_FALSE(scenario.removes(scenario.tlbis()[0], 0, 3, value, EntrySpan::own));
    CHECK(scenario.removes(scenario.tlbis()[1], 0, 3, value, EntrySpan::own));
}

TEST_CASE("racing stores to a descriptor leave the final tables open") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0);
    const JudgedSchedule one = unrolled(b.program());
    CHECK_FALSE(Scenario(one, question_of(b, PropertyKind::no_stale_entry)).final_varies());
    b.thread().set(0, 0, b.leaf_value(0, 0));
    const JudgedSchedule two = unrolled(b.program());
    CHECK(Scenario(two, question_of(b, PropertyKind::no_stale_entry)).final_varies());
}

TEST_CASE("freed pages the judged address cannot reach are left out") {
    ScheduleBuilder b;
    b.region(2, false);
    b.free_leaf(0, 0).free_leaf(0, 1);
    const JudgedSchedule schedule = unrolled(b.program());
    const Scenario scenario(schedule, question_of(b, PropertyKind::no_use_after_free));
    CHECK(scenario.owner_stores().size() == 1);
    CHECK(scenario.frees(scenario.owner_stores()[0], scenario.fresh_walk(scenario.final_memory())));
}
