// SPDX-License-Identifier: Apache-2.0
// Timelines: what they say of stores, TLBIs, early translations and the judged access.
#include "model/machine/render.hpp"

#include <algorithm>

#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

namespace {

Timeline timeline_of(const ScheduleBuilder& schedule, PropertyKind kind) {
    const tests::MachineVerdict verdict = tests::explore(schedule.program(), schedule.property(kind));
    REQUIRE(verdict.timeline);
    return *verdict.timeline;
}

std::vector<StepKind> kinds(const Timeline& timeline) {
    std::vector<StepKind> result;
    for (const TimelineStep& step : timeline.steps) {
        if (!step.minor) result.push_back(step.kind);
    }
    return result;
}

const TimelineStep& find(const Timeline& timeline, StepKind kind) {
    const auto found =
        std::find_if(timeline.steps.begin(), timeline.steps.end(),
                     [&](const TimelineStep& step) { return step.kind == kind && !step.minor; });
    REQUIRE(found != timeline.steps.end());
    return *found;
}

}  // namespace

TEST_CASE("a missing ISB is told as a translation taken early and used at the end") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).dsb("ishst").tlbi("vaale1is", ScheduleBuilder::va_base).dsb();
    const Timeline timeline = timeline_of(b, PropertyKind::no_stale_entry);
    using K = StepKind;
    CHECK(kinds(timeline) ==
          std::vector<K>{K::fill, K::store, K::barrier, K::tlbi, K::latch, K::remove, K::barrier, K::hit});
    CHECK(timeline.steps.back().text == "load 0xffff000080000000: translates to 0x80000000 (rw)");
    CHECK(timeline.expected == "by the final tables the access takes a translation fault");
    CHECK(timeline.steps.back().pes[0].tlb.empty());
    CHECK(find(timeline, K::latch).place == Place{});
    CHECK(find(timeline, K::store).place == Place{"test.sched", 1, 1});
    CHECK(find(timeline, K::tlbi).text == "TLBI VAALE1IS, 0xffff000080000000");
}

TEST_CASE("an entry shows what it serves and turns stale when memory changes") {
    ScheduleBuilder b;
    b.region(2, true);
    b.program().hardware.contiguous_entries = 2;
    b.clear(0, 0).flush(0, 0, 0).clear(0, 1).flush(0, 1, 1);
    const Timeline timeline = timeline_of(b, PropertyKind::no_stale_entry);
    CHECK(timeline.judged_va == b.leaf_va(0, 0));
    const TimelineStep& fill = find(timeline, StepKind::fill);
    REQUIRE(fill.pes[timeline.judged_pe].tlb.size() == 1);
    const CachedEntry& entry = fill.pes[timeline.judged_pe].tlb[0];
    CHECK(entry.walked_for == b.leaf_va(0, 1));
    CHECK(entry.last == b.leaf_va(0, 0) + 0xfff);
    CHECK(entry.stale);
    CHECK(std::find(fill.rules.begin(), fill.rules.end(), axioms::RuleName("RNGLXZ")) != fill.rules.end());
    CHECK(
        find(timeline, StepKind::remove).detail ==
        "nothing is removed: the entry held serves 0xffff000080000000-0xffff000080000fff, filled from r0[1]");
}

TEST_CASE("observers on another PE are told to synchronise first") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).dsb("ishst").tlbi("vaale1", ScheduleBuilder::va_base).dsb().isb();
    const Timeline timeline = timeline_of(b, PropertyKind::no_stale_entry);
    CHECK(timeline.pes == std::vector<std::string>{"PE0 (P0)", "PE1 (observer)"});
    CHECK(timeline.judged_pe == 1);
    CHECK(find(timeline, StepKind::tlbi).detail ==
          "a local operation: it does not reach the PE of the judged access");
    CHECK(find(timeline, StepKind::access).text == "sees that every thread is done");
    CHECK(timeline.steps.back().kind == StepKind::hit);
}

TEST_CASE("an access in flight that meets the new owner's write ends the timeline") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).free_leaf(0, 0).flush(0, 0, 0);
    const Timeline timeline = timeline_of(b, PropertyKind::no_use_after_free);
    CHECK(timeline.steps.back().kind == StepKind::hit);
    CHECK(timeline.outcome == "translates to 0x80000000 (rw), memory that was freed and is the new owner's");
    CHECK(find(timeline, StepKind::free).pe == 0);
}

TEST_CASE("stores that wait are listed in the store buffer") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).tlbi("vaale1is", ScheduleBuilder::va_base).dsb().isb();
    const Timeline timeline = timeline_of(b, PropertyKind::no_stale_entry);
    CHECK(find(timeline, StepKind::tlbi).pes[0].store_buffer == std::vector<std::string>{"r0[0] = invalid"});
    CHECK(find(timeline, StepKind::visible).pes[0].store_buffer.empty());
}

TEST_CASE("steps and spans have names") {
    CHECK(to_string(StepKind::remove) == "remove");
    CHECK(to_string(EntrySpan::coalesced) == "coalesced");
}
