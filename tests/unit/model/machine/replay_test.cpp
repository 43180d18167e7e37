// SPDX-License-Identifier: Apache-2.0
// Replay: a witness that a run realises gives a timeline that ends in the violation; any other is refused.
#include "model/machine/replay.hpp"

#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

namespace {

HardwareParameters full_size(Granule granule) {
    HardwareParameters hardware;
    hardware.granule = granule;
    return hardware;
}

/// An entry for leaf 0 from leaf 1's descriptor, found by the walk of leaf 1.
Witness sibling_witness(const ScheduleBuilder& schedule, const Geometry& geometry) {
    Witness witness;
    witness.va = schedule.leaf_va(0, 0);
    for (int level = geometry.start_level(); level < 3; ++level) {
        witness.walk.push_back(
            {{geometry.entry_base(witness.va, level), level, 0}, std::nullopt, EntrySpan::table});
    }
    witness.walk.push_back({{schedule.leaf_va(0, 1), 3, 0}, std::nullopt, EntrySpan::shattered});
    return witness;
}

ScheduleBuilder unmapped(HardwareParameters hardware, int leaves, bool per_leaf) {
    ScheduleBuilder b(hardware);
    b.region(leaves, true);
    for (int leaf = 0; leaf < leaves; ++leaf) {
        b.clear(0, leaf);
        if (per_leaf) b.flush(0, leaf, leaf);
    }
    if (!per_leaf) b.flush(0, 0, leaves - 1);
    return b;
}

void check_timeline(const Timeline& timeline) {
    REQUIRE_FALSE(timeline.steps.empty());
    CHECK_FALSE(timeline.outcome.empty());
    CHECK_FALSE(timeline.expected.empty());
    std::size_t hits = 0;
    for (const TimelineStep& step : timeline.steps) {
        hits += step.kind == StepKind::hit ? 1U : 0U;
        CHECK(step.pe < timeline.pes.size());
        CHECK(step.pes.size() == timeline.pes.size());
        CHECK_FALSE(step.text.empty());
    }
    CHECK(hits == 1);
}

}  // namespace

TEST_CASE("the sibling fill of a per-leaf flush is replayed for full-size sets") {
    for (const Granule granule : {Granule::k4, Granule::k16, Granule::k64}) {
        const HardwareParameters hardware = full_size(granule);
        const Geometry geometry(hardware);
        CAPTURE(granule_name(granule));
        const ScheduleBuilder b = unmapped(hardware, *geometry.contiguous_slots(3), true);
        const Replay result = replay(unrolled(b.program()), b.property(PropertyKind::no_stale_entry),
                                     sibling_witness(b, geometry));
        REQUIRE(result.result == Replay::Result::realised);
        check_timeline(*result.timeline);
        const TimelineStep& last = result.timeline->steps.back();
        CHECK(last.kind == StepKind::hit);
        REQUIRE(last.pes[result.timeline->judged_pe].tlb.size() == 1);
        const CachedEntry& entry = last.pes[result.timeline->judged_pe].tlb.front();
        CHECK(entry.stale);
        CHECK(entry.span == EntrySpan::shattered);
        CHECK(entry.source.va == b.leaf_va(0, 1));
        CHECK(entry.first == b.leaf_va(0, 0));
        CHECK(entry.value.oa == ScheduleBuilder::pa_base);
    }
}

TEST_CASE("the fill is told before the store that overwrites what it read") {
    const HardwareParameters hardware = full_size(Granule::k4);
    const ScheduleBuilder b = unmapped(hardware, 16, true);
    const Replay result = replay(unrolled(b.program()), b.property(PropertyKind::no_stale_entry),
                                 sibling_witness(b, Geometry(hardware)));
    REQUIRE(result.timeline);
    std::size_t fill = 0, overwritten = 0;
    for (std::size_t i = 0; i < result.timeline->steps.size(); ++i) {
        const TimelineStep& step = result.timeline->steps[i];
        if (step.kind == StepKind::fill) fill = i;
        for (const MemoryDescriptor& changed : step.memory) {
            if (changed.slot.va == b.leaf_va(0, 1)) overwritten = i;
        }
    }
    CHECK(fill < overwritten);
    CHECK(result.timeline->steps[overwritten].kind == StepKind::store);
}

TEST_CASE("a witness that no run realises is refused") {
    const HardwareParameters hardware = full_size(Granule::k4);
    const ScheduleBuilder b = unmapped(hardware, 16, false);
    const Replay result = replay(unrolled(b.program()), b.property(PropertyKind::no_stale_entry),
                                 sibling_witness(b, Geometry(hardware)));
    CHECK(result.result == Replay::Result::impossible);
    CHECK_FALSE(result.reason.empty());
    CHECK_FALSE(result.timeline);
}

TEST_CASE("a witness that does not fit the program is refused, not searched for") {
    const HardwareParameters hardware = full_size(Granule::k4);
    const Geometry geometry(hardware);
    const ScheduleBuilder b = unmapped(hardware, 16, true);
    const Property property = b.property(PropertyKind::no_stale_entry);
    Witness empty = sibling_witness(b, geometry);
    empty.walk.clear();
    CHECK(replay(unrolled(b.program()), property, empty).result == Replay::Result::impossible);
    Witness elsewhere = sibling_witness(b, geometry);
    elsewhere.walk.back().slot.va += 0x10000;
    CHECK(replay(unrolled(b.program()), property, elsewhere).result == Replay::Result::impossible);
    Witness nobody = sibling_witness(b, geometry);
    nobody.walk.back().writer = InstructionRef{0, 1};
    CHECK(replay(unrolled(b.program()), property, nobody).result == Replay::Result::impossible);
    Witness no_thread = sibling_witness(b, geometry);
    no_thread.observer.thread = 7;
    CHECK(replay(unrolled(b.program()), property, no_thread).result == Replay::Result::impossible);
    ReplayLimits few;
    few.states = 2;
    CHECK(replay(unrolled(b.program()), property, sibling_witness(b, geometry), few).result ==
          Replay::Result::undecided);
}

TEST_CASE("whatever exploration finds can be replayed") {
    for (std::uint64_t seed = 0; seed < 1500; ++seed) {
        const ScheduleProgram program = tlbcheck::tests::random_schedule(seed);
        const Property property = tlbcheck::tests::random_property(program, seed);
        const tests::MachineVerdict verdict = tests::explore(program, property);
        if (verdict.answer != tests::MachineVerdict::Answer::violated) continue;
        INFO(tlbcheck::tests::describe(program, property));
        REQUIRE(verdict.timeline);
        check_timeline(*verdict.timeline);
        REQUIRE(verdict.witness);
        const Replay result = replay(unrolled(program), property, *verdict.witness);
        INFO(result.reason);
        CHECK(result.result == Replay::Result::realised);
    }
}
