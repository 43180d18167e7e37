// SPDX-License-Identifier: Apache-2.0
// What is done to a timeline once its steps are told: idle descriptors, repetitions, arrows.
#include "model/machine/timeline.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

constexpr std::uint64_t va = 0xffff000080000000, pa = 0x80000000;
constexpr DescriptorSlot slot0{va, 3, 0}, slot1{va + 0x1000, 3, 0};

ScheduleProgram program() {
    ScheduleProgram out;
    Region region;
    region.name = "linear";
    region.va = va;
    region.pa = pa;
    region.size = 0x10000;
    out.regions = {region};
    return out;
}

Descriptor leaf(std::uint64_t oa) {
    Descriptor value;
    value.kind = DescriptorKind::leaf;
    value.oa = oa;
    return value;
}

MemoryDescriptor descriptor(const DescriptorSlot& slot, const Descriptor& value) {
    return {"", slot, 0x1000, value};
}

TimelineStep step(std::uint32_t pe, StepKind kind, std::string text) {
    TimelineStep made;
    made.pe = pe;
    made.kind = kind;
    made.text = std::move(text);
    made.pes.resize(2);
    return made;
}

/// A walk fills an entry for `va` from slot 1; slot 1 is cleared; the access hits.
Timeline timeline() {
    Timeline out;
    out.pes = {"PE0 (P0)", "PE1 (observer)"};
    out.judged_pe = 1;
    out.judged_va = va;
    out.memory = {descriptor(slot0, {}), descriptor(slot1, leaf(pa + 0x1000))};
    CachedEntry entry;
    entry.id = 7;
    entry.first = va;
    entry.last = va + 0xfff;
    entry.source = slot1;
    entry.stale = true;
    out.steps = {step(1, StepKind::fill, "walk"), step(0, StepKind::store, "clear"),
                 step(1, StepKind::hit, "hit")};
    for (TimelineStep& each : out.steps) each.pes[1].tlb = {entry};
    out.steps[1].memory = {descriptor(slot1, {})};
    return out;
}

using Ends = std::pair<std::uint32_t, std::uint32_t>;
std::vector<std::pair<Ends, std::string>> arrows(const Timeline& of) {
    std::vector<std::pair<Ends, std::string>> result;
    for (const TimelineArrow& arrow : of.arrows)
        result.push_back({{arrow.from, arrow.to}, std::string(arrow.rule.text())});
    return result;
}

}  // namespace

TEST_CASE("arrows go from a stale entry's fill to the access and to the store that made it stale",
          "[finish_timeline_test]") {
    Timeline told = timeline();
    finish(told, program());
    CHECK(arrows(told) == std::vector<std::pair<Ends, std::string>>{{{0, 2}, "TLB-hit"}, {{0, 1}, "fr"}});
}

TEST_CASE("what the walk read was written by the last store before it", "[finish_timeline_test]") {
    Timeline told = timeline();
    TimelineStep first = step(0, StepKind::store, "set"), again = first;
    first.memory = again.memory = {descriptor(slot1, leaf(pa))};
    told.steps.insert(told.steps.begin(), {first, again});
    finish(told, program());
    CHECK(arrows(told) ==
          std::vector<std::pair<Ends, std::string>>{{{2, 4}, "TLB-hit"}, {{1, 2}, "rf"}, {{2, 3}, "fr"}});
}

TEST_CASE("no arrows without a bad access, for a fresh entry, or for another address",
          "[finish_timeline_test]") {
    Timeline quiet = timeline();
    quiet.steps.pop_back();
    finish(quiet, program());
    CHECK(quiet.arrows.empty());
    Timeline fresh = timeline();
    for (TimelineStep& each : fresh.steps) each.pes[1].tlb[0].stale = false;
    finish(fresh, program());
    CHECK(fresh.arrows.empty());
    Timeline elsewhere = timeline();
    elsewhere.judged_va = va + 0x1000;
    finish(elsewhere, program());
    CHECK(elsewhere.arrows.empty());
}

TEST_CASE("descriptors that hold nothing throughout are not shown, but those of a region",
          "[finish_timeline_test]") {
    Timeline told = timeline();
    const DescriptorSlot never{va + 0x200000, 2, 0}, later{va + 0x400000, 2, 0};
    told.memory.push_back(descriptor(never, {}));
    told.memory.push_back(descriptor(later, {}));
    told.steps[1].memory.push_back(descriptor(later, leaf(pa)));
    finish(told, program());
    REQUIRE(told.memory.size() == 3);
    CHECK(told.memory[0].slot == slot0);
    CHECK(told.memory[2].slot == later);
}

TEST_CASE("what a loop repeats is minor from the third time on, removals from the second",
          "[finish_timeline_test]") {
    Timeline told;
    told.pes = {"PE0 (P0)", "PE1 (observer)"};
    for (int i = 0; i < 3; ++i) {
        told.steps.push_back(step(0, StepKind::tlbi, "TLBI VAALE1IS, 0x" + std::to_string(i)));
        told.steps.push_back(step(1, StepKind::remove, "removal " + std::to_string(i)));
    }
    finish(told, program());
    std::vector<bool> minor;
    for (const TimelineStep& each : told.steps) minor.push_back(each.minor);
    CHECK(minor == std::vector<bool>{false, false, false, true, true, true});
}

TEST_CASE("a step that changes an entry is not minor, however often it was seen", "[finish_timeline_test]") {
    Timeline told;
    told.pes = {"PE0 (P0)", "PE1 (observer)"};
    for (int i = 0; i < 4; ++i) told.steps.push_back(step(0, StepKind::barrier, "DSB ISH"));
    told.steps[3].pes[1].tlb.resize(1);
    finish(told, program());
    CHECK(told.steps[2].minor);
    CHECK_FALSE(told.steps[3].minor);
}
