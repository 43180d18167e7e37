// SPDX-License-Identifier: Apache-2.0

#include "checker/report/timeline_from_trace.hpp"

#include "model/program/slot_name.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

constexpr std::uint64_t va = 0xffff000080000000, pa = 0x80000000;

model::ScheduleProgram program() {
    model::ScheduleProgram out;
    out.files = {"a.sched", "linux.sched"};
    model::Region region;
    region.name = "linear";
    region.va = va;
    region.pa = pa;
    region.size = 0x10000;
    region.contiguous = true;
    out.regions = {region};
    return out;
}

model::Descriptor leaf(std::uint64_t oa) {
    model::Descriptor value;
    value.kind = model::DescriptorKind::leaf;
    value.oa = oa;
    value.contiguous = true;
    return value;
}

/// Walk fills v0 from slot 1; slot 1 is cleared; the access hits.
model::Trace trace() {
    const model::DescriptorSlot slot0{va, 3, 0}, slot1{va + 0x1000, 3, 0};
    model::Trace out;
    out.pes = {"P0", "observer"};
    out.judged_pe = 1;
    out.judged_va = va;
    out.memory = {{slot0, {}, false}, {slot1, leaf(pa + 0x1000), false}};
    out.outcome = "translates to 0x80000000 (rw)";
    model::TraceEntry entry{7,  va,  va + 0xfff, 3, slot1, leaf(pa), false, model::EntrySpan::shattered,
                            va, true};
    model::TraceStep fill{1,
                          model::TraceKind::fill,
                          "walk",
                          "",
                          {"RNGLXZ"},
                          false,
                          std::nullopt,
                          std::nullopt,
                          model::no_kernel_stack,
                          std::nullopt,
                          {},
                          {{}, {}}};
    fill.pes[1].tlb = {entry};
    model::TraceStep clear = fill;
    clear.pe = 0;
    clear.kind = model::TraceKind::store;
    clear.place = model::SourcePlace{0, 3, 5};
    clear.helper_place = model::SourcePlace{1, 9, 1};
    clear.memory = {{slot1, {}, false}};
    model::TraceStep hit = fill;
    hit.kind = model::TraceKind::hit;
    out.steps = {fill, clear, hit};
    return out;
}

}  // namespace

TEST_CASE("a replay becomes a timeline with names, places and arrows", "[timeline_from_trace]") {
    const Timeline timeline = timeline_from_trace(trace(), program(), {}, "the cause");
    CHECK(timeline.pes == std::vector<std::string>{"PE0 (P0)", "PE1 (observer)"});
    CHECK(timeline.memory[1].name == "linear[1]");
    CHECK(timeline.memory[1].contiguous);
    CHECK(timeline.memory[0].state == DescriptorState::invalid);
    REQUIRE(timeline.steps.size() == 3);
    CHECK(timeline.steps[0].lane == Lane::tlb);
    CHECK(timeline.steps[1].place == Place{"a.sched", 3, 5});
    CHECK(timeline.steps[1].helper_place == Place{"linux.sched", 9, 1});
    CHECK(timeline.steps[2].pes[1].tlb[0].origin == "linear[1]");
    CHECK(timeline.cause == "the cause");
    REQUIRE(timeline.arrows.size() == 2);
    CHECK(
        (timeline.arrows[0].from == 0 && timeline.arrows[0].to == 2 && timeline.arrows[0].rule == "TLB-hit"));
    CHECK((timeline.arrows[1].from == 0 && timeline.arrows[1].to == 1 && timeline.arrows[1].rule == "fr"));
}

TEST_CASE("descriptors that hold nothing throughout are not shown", "[timeline_from_trace]") {
    model::Trace told = trace();
    told.memory.push_back({{va + 0x200000, 2, 0}, {}, false});
    told.memory.push_back({{va + 0x400000, 2, 0}, {}, false});
    told.steps[1].memory.push_back({{va + 0x400000, 2, 0}, leaf(pa), false});
    const Timeline timeline = timeline_from_trace(told, program(), {}, "");
    REQUIRE(timeline.memory.size() == 3);
    CHECK(timeline.memory[2].name == "PMD[2]");
}

TEST_CASE("slots outside the regions are named by level", "[timeline_from_trace]") {
    const model::Geometry geometry{model::HardwareParameters{}};
    CHECK(slot_name(program(), geometry, {va, 2, 0}) == "PMD[0]");
    CHECK(slot_name(program(), geometry, {va + 0x10000, 3, 0}) == "PTE[16]");
    CHECK(slot_name(program(), geometry, {va, 3, 2}) == "PTE[0] of new table 2");
}

TEST_CASE("attributes are short words", "[timeline_from_trace]") {
    model::Descriptor value = leaf(pa);
    CHECK(attribute_text(value) == "rw");
    value.db = false;
    value.attributes = model::Attr::device_ngnre;
    CHECK(attribute_text(value) == "ro, Device-nGnRE");
    CHECK(attribute_text({}).empty());
}

TEST_CASE("a trace that ends in no bad access has no arrows, and places out of range are unknown",
          "[timeline_from_trace]") {
    model::Trace quiet = trace();
    quiet.steps.pop_back();
    CHECK(timeline_from_trace(quiet, program(), {}, "").arrows.empty());
    CHECK(place_of(program(), {9, 1, 1}) == Place{});
}
