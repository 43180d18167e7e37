// SPDX-License-Identifier: Apache-2.0
// Traces: what they say of stores, TLBIs, early translations and the judged access.
#include "model/machine/render.hpp"

#include <algorithm>

#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

namespace {

Trace trace_of(const ScheduleBuilder& schedule, PropertyKind kind) {
    const tests::MachineVerdict verdict = tests::explore(schedule.program(), schedule.property(kind));
    REQUIRE(verdict.trace);
    return *verdict.trace;
}

std::vector<TraceKind> kinds(const Trace& trace) {
    std::vector<TraceKind> result;
    for (const TraceStep& step : trace.steps) {
        if (!step.minor) result.push_back(step.kind);
    }
    return result;
}

const TraceStep& find(const Trace& trace, TraceKind kind) {
    const auto found = std::find_if(trace.steps.begin(), trace.steps.end(),
                                    [&](const TraceStep& step) { return step.kind == kind && !step.minor; });
    REQUIRE(found != trace.steps.end());
    return *found;
}

}  // namespace

TEST_CASE("a missing ISB is told as a translation taken early and used at the end") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).dsb("ishst").tlbi("vaale1is", ScheduleBuilder::va_base).dsb();
    const Trace trace = trace_of(b, PropertyKind::no_stale_entry);
    using K = TraceKind;
    CHECK(kinds(trace) ==
          std::vector<K>{K::fill, K::store, K::barrier, K::tlbi, K::latch, K::remove, K::barrier, K::hit});
    CHECK(trace.steps.back().text == "load 0xffff000080000000: translates to 0x80000000 (rw)");
    CHECK(trace.expected == "by the final tables the access takes a translation fault");
    CHECK(trace.steps.back().pes[0].tlb.empty());
    CHECK_FALSE(find(trace, K::latch).place);
    CHECK(find(trace, K::store).place == SourcePlace{0, 1, 1});
    CHECK(find(trace, K::tlbi).text == "TLBI VAALE1IS, 0xffff000080000000");
}

TEST_CASE("an entry shows what it serves and turns stale when memory changes") {
    ScheduleBuilder b;
    b.region(2, true);
    b.program().hardware.contiguous_entries = 2;
    b.clear(0, 0).flush(0, 0, 0).clear(0, 1).flush(0, 1, 1);
    const Trace trace = trace_of(b, PropertyKind::no_stale_entry);
    CHECK(trace.judged_va == b.leaf_va(0, 0));
    const TraceStep& fill = find(trace, TraceKind::fill);
    REQUIRE(fill.pes[trace.judged_pe].tlb.size() == 1);
    const TraceEntry& entry = fill.pes[trace.judged_pe].tlb[0];
    CHECK(entry.walked_for == b.leaf_va(0, 1));
    CHECK(entry.last == b.leaf_va(0, 0) + 0xfff);
    CHECK(entry.stale);
    CHECK(std::find(fill.rules.begin(), fill.rules.end(), axioms::RuleName("RNGLXZ")) != fill.rules.end());
    CHECK(
        find(trace, TraceKind::remove).detail ==
        "nothing is removed: the entry held serves 0xffff000080000000-0xffff000080000fff, filled from r0[1]");
}

TEST_CASE("observers on another PE are told to synchronise first") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).dsb("ishst").tlbi("vaale1", ScheduleBuilder::va_base).dsb().isb();
    const Trace trace = trace_of(b, PropertyKind::no_stale_entry);
    CHECK(trace.pes == std::vector<std::string>{"P0", "observer"});
    CHECK(trace.judged_pe == 1);
    CHECK(find(trace, TraceKind::tlbi).detail ==
          "a local operation: it does not reach the PE of the judged access");
    CHECK(find(trace, TraceKind::await).text == "sees that every thread is done");
    CHECK(trace.steps.back().kind == TraceKind::hit);
}

TEST_CASE("an access in flight that meets the new owner's write ends the trace") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).free_leaf(0, 0).flush(0, 0, 0);
    const Trace trace = trace_of(b, PropertyKind::no_use_after_free);
    CHECK(trace.steps.back().kind == TraceKind::hit);
    CHECK(trace.outcome == "translates to 0x80000000 (rw), memory that was freed and is the new owner's");
    CHECK(find(trace, TraceKind::free).pe == 0);
}

TEST_CASE("stores that wait are listed in the store buffer") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).tlbi("vaale1is", ScheduleBuilder::va_base).dsb().isb();
    const Trace trace = trace_of(b, PropertyKind::no_stale_entry);
    CHECK(find(trace, TraceKind::tlbi).pes[0].store_buffer == std::vector<std::string>{"r0[0] = invalid"});
    CHECK(find(trace, TraceKind::visible).pes[0].store_buffer.empty());
}

TEST_CASE("steps and spans have names") {
    CHECK(to_string(TraceKind::remove) == "remove");
    CHECK(to_string(EntrySpan::coalesced) == "coalesced");
}
