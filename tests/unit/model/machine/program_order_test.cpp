// SPDX-License-Identifier: Apache-2.0
// What a DSB LD, an await and a load-acquire wait for. The same sequences as litmus tests, the accesses to
// the page at the end, have these answers from herd7 (variant vmsa): "safe" is Never.
#include "model/machine/program_order.hpp"

#include <sstream>

#include "model/machine/scenario.hpp"
#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

namespace {

/// Between a store that unmaps and the TLBI, in words: LDR, LDAR, STR, STLR of a flag, LDR-a, LDAR-a, STLR-a
/// of the address of region 1, await, or a barrier.
void add_words(ScheduleBuilder& b, const std::string& text) {
    std::istringstream words(text);
    const std::uint64_t va = b.leaf_va(1, 0);
    for (std::string word; words >> word;) {
        const std::size_t at = word.find('.');
        if (word == "LDR") b.add(Access{AccessKind::load, 0, 0, 0});
        if (word == "LDAR") b.add(Access{AccessKind::load_acquire, 0, 0, 0});
        if (word == "STR") b.store_flag(1);
        if (word == "STLR") b.store_flag(1, true);
        if (word == "LDR-a") b.add(Access{AccessKind::load, std::nullopt, va, 0});
        if (word == "LDAR-a") b.add(Access{AccessKind::load_acquire, std::nullopt, va, 0});
        if (word == "STLR-a") b.add(Access{AccessKind::store_release, std::nullopt, va, 1});
        if (word == "await") b.await(0);
        if (at == std::string::npos) continue;
        b.barrier(word.substr(0, at) == "DSB" ? BarrierKind::dsb : BarrierKind::dmb,
                  word.substr(at + 1).c_str());
    }
}

/// Unmap, those words, TLBI, DSB ISH; ISB. Another thread stores what is awaited.
tests::MachineVerdict::Answer answer(const std::string& words, bool second_mapped = true) {
    ScheduleBuilder b;
    b.region(1, false);
    b.region(1, false);
    b.at(1).mapped = second_mapped;
    b.flag("read");
    b.flag("written");
    b.clear(0, 0);
    add_words(b, words);
    b.tlbi("vaale1is", ScheduleBuilder::va_base).dsb().isb();
    b.thread().store_flag(0);
    return tests::explore(b.program(), b.property(PropertyKind::no_stale_entry), {}).answer;
}

constexpr auto not_violated = tests::MachineVerdict::Answer::not_violated;
constexpr auto violated = tests::MachineVerdict::Answer::violated;

}  // namespace

TEST_CASE("a DSB LD waits for the stores that come before its loads") {
    CHECK(answer("DMB.ish LDR DSB.ld") == not_violated);
    CHECK(answer("LDR DSB.ld") == violated);
    CHECK(answer("DMB.ish DSB.ld") == violated);
    CHECK(answer("DMB.ish LDR") == violated);
    CHECK(answer("DMB.ish LDR DMB.ld") == violated);
    CHECK(answer("DMB.st LDR DSB.ld") == violated);
    CHECK(answer("DMB.st STR DMB.ish LDR DSB.ld") == not_violated);
    CHECK(answer("LDR DMB.ish DSB.ld") == violated);
}

TEST_CASE("a load-acquire comes after store-releases, and after what is before them") {
    CHECK(answer("STLR LDAR DSB.ld") == not_violated);
    CHECK(answer("STLR LDR DSB.ld") == violated);
    CHECK(answer("LDAR STLR DSB.ld") == violated);
    CHECK(answer("STLR LDAR") == violated);
    CHECK(answer("DMB.st STLR LDAR DSB.ld") == not_violated);
    CHECK(answer("STR LDAR DSB.ld") == violated);
    CHECK(answer("STLR LDAR STR DSB.st") == not_violated);
}

TEST_CASE("an await is a load that the TLBI waits for") {
    CHECK(answer("DMB.ish await") == not_violated);
    CHECK(answer("await") == violated);
    CHECK(answer("DMB.st await") == violated);
    CHECK(answer("STLR LDAR await") == not_violated);
    CHECK(answer("STLR await") == violated);
}

TEST_CASE("an access that may fault orders nothing") {
    CHECK(answer("DMB.ish LDR-a DSB.ld") == not_violated);
    CHECK(answer("DMB.ish LDR-a DSB.ld", false) == violated);
    CHECK(answer("STLR LDAR-a DSB.ld") == not_violated);
    CHECK(answer("STLR LDAR-a DSB.ld", false) == violated);
    CHECK(answer("STLR-a LDAR DSB.ld") == not_violated);
    CHECK(answer("STLR-a LDAR DSB.ld", false) == violated);
}

TEST_CASE("an access faults no more after its thread has mapped the page, with a DSB and an ISB between") {
    const auto faults = [](int ets, bool dsb, bool isb, bool mapped_first) {
        ScheduleBuilder b;
        b.region(1, false);
        b.set(0, 0, b.leaf_value(0, 0));
        b.at(0).mapped = mapped_first;
        b.program().hardware.ets = ets;
        if (dsb) b.dsb("ishst");
        if (isb) b.isb();
        b.add(Access{AccessKind::load, std::nullopt, b.leaf_va(0, 0), 0});
        const JudgedSchedule schedule = unrolled(b.program());
        const auto position = static_cast<std::uint32_t>(schedule.threads[0].code.size() - 1);
        return !never_faults(schedule, b.program().hardware, 0, position);
    };
    CHECK(faults(0, false, false, false));
    CHECK(faults(0, true, false, false));
    CHECK(faults(0, false, true, false));
    CHECK_FALSE(faults(0, true, true, false));
    CHECK_FALSE(faults(2, false, false, false));
    CHECK_FALSE(faults(0, false, false, true));
}

TEST_CASE("a store after a load-acquire comes after the store-releases before that") {
    ScheduleBuilder b;
    b.region(1, false);
    b.flag("f");
    b.flag("g");
    b.store_flag(0, true).add(Access{AccessKind::load_acquire, 1, 0, 0}).clear(0, 0);
    const JudgedSchedule schedule = unrolled(b.program());
    const Scenario scenario(schedule, {PropertyKind::no_stale_entry,
                                       b.program().hardware,
                                       {0, false},
                                       false,
                                       {{b.leaf_va(0, 0), std::nullopt, 0, b.leaf_va(0, 0)}}});
    const MachineStore& release = scenario.stores()[0];
    CHECK(release.release);
    CHECK_FALSE(scenario.ordered_before(0, 1).orders_accesses(release));
    CHECK(scenario.ordered_before(0, 2).orders_accesses(release));
}

TEST_CASE("at a moment an await may read the later of two stores of one value, which tells more") {
    ScheduleBuilder b;
    b.region(1, false);
    b.flag("f");
    b.store_flag(0).clear(0, 0).dmb().store_flag(0);
    b.thread().await(0);
    Property property = b.property(PropertyKind::no_stale_entry);
    property.judging.moment = 1;
    CHECK(tests::explore(b.program(), property, {}).answer == violated);
    // One store before the unmapping tells nothing of it.
    b.program().threads[0].code.back().body.resize(2);
    CHECK(tests::explore(b.program(), property, {}).answer == not_violated);
}
