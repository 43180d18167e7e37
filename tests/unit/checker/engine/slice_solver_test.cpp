// SPDX-License-Identifier: Apache-2.0
//
// Who observes, which candidates are affected, and what the witness is of.
#include "checker/engine/slice_solver.hpp"

#include <algorithm>

#include "tests/unit/checker/engine/asked.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using model::ObserverKind;
using model::PropertyKind;
using tests::Asked;

namespace {

std::string asked_of(PropertyKind kind, const model::JudgedSchedule& schedule) {
    std::string text;
    for (const model::ScheduleQuestion& q : questions_for(kind, schedule)) {
        text += q.observer == ObserverKind::same_pe    ? "P" + std::to_string(q.thread)
                : q.observer == ObserverKind::other_pe ? "other"
                                                       : "any";
        text += std::string(q.store ? "W" : "R") + (q.conflict ? "!" : "") + " ";
    }
    return text;
}

}  // namespace

TEST_CASE("scheduling PEs observe, then another one; stores where memory is freed; conflicts at level 0") {
    model::JudgedSchedule schedule = Asked(tests::unmap(tests::good_unmap)).whole();
    const Asked kept(tests::unmap(tests::good_unmap));
    schedule.program = &kept.program();
    const std::string stale = asked_of(PropertyKind::no_stale_entry, schedule);
    CHECK(stale.find("P0R") == 0);
    CHECK(stale.find("otherR") != std::string::npos);
    CHECK(stale.find('!') == std::string::npos);
    CHECK(asked_of(PropertyKind::no_use_after_free, schedule).find("anyR") != std::string::npos);
    CHECK(asked_of(PropertyKind::no_use_after_free, schedule).find('W') != std::string::npos);
    CHECK(asked_of(PropertyKind::no_tlb_conflict, schedule).empty());
    model::JudgedThread waits;
    waits.name = "P1";
    schedule.threads.push_back(waits);  // maintains nothing: not an observer of its own
    CHECK(asked_of(PropertyKind::no_stale_entry, schedule).find("P1") == std::string::npos);

    const Asked changes(tests::unmap("set(R[0], contiguous = false); dsb(ish); isb();",
                                     "assert no_stale_entry(R);", "contiguous = true; size = 64K;"));
    model::JudgedSchedule rewritten = changes.whole();
    CHECK(asked_of(PropertyKind::no_stale_entry, rewritten).find('!') != std::string::npos);
    const std::string freed = asked_of(PropertyKind::no_use_after_free, rewritten);
    CHECK(freed.find("R!") != std::string::npos);
    CHECK(freed.find("W!") == std::string::npos);  // entries conflict whatever the access is
    CHECK(asked_of(PropertyKind::no_tlb_conflict, rewritten) == "anyR! ");
    rewritten.hardware.bbm_level = 2;
    CHECK(asked_of(PropertyKind::no_stale_entry, rewritten).find('!') == std::string::npos);
    CHECK(asked_of(PropertyKind::no_tlb_conflict, rewritten) == "anyR! ");
    rewritten.hardware.bbm_level = 3;
    CHECK(asked_of(PropertyKind::no_tlb_conflict, rewritten).empty());
}

TEST_CASE("what only a later observer meets is found as well") {
    // On P0 itself only the page that nothing flushes, on another PE the one that is flushed locally too.
    const Asked asked(
        tests::unmap("clear(R[1]); clear(R[3]); dsb(ishst); tlbi(vaale1, R[1]); dsb(ish); isb();"));
    const std::uint64_t va = 0xffff000000000000;
    const SliceAnswer all = solve_slice(asked.whole(), PropertyKind::no_stale_entry, {});
    CHECK(all.affected == std::set<std::uint64_t>{va + 0x1000, va + 0x3000});
}

TEST_CASE("every affected candidate is found, and no other") {
    const Asked asked(tests::unmap(
        "clear(R[1]); clear(R[3]); clear(R[0]); dsb(ishst); tlbi(vaale1is, R[0]); dsb(ish); isb();"));
    const SliceAnswer all = solve_slice(asked.whole(), PropertyKind::no_stale_entry, {});
    CHECK(all.verdict == Verdict::unsafe);
    const std::uint64_t va = 0xffff000000000000;
    CHECK(all.affected == std::set<std::uint64_t>{va + 0x1000, va + 0x3000});
    REQUIRE(all.witness);
    CHECK(all.affected.contains(all.witness->witness.va));
    CHECK(all.internal_error.empty());
    SolveOptions first;
    first.all_candidates = false;
    CHECK(solve_slice(asked.whole(), PropertyKind::no_stale_entry, first).affected.size() == 1);
    SolveOptions verdict;
    verdict.verdict_only = true;
    const SliceAnswer bare = solve_slice(asked.whole(), PropertyKind::no_stale_entry, verdict);
    CHECK(bare.verdict == Verdict::unsafe);
    CHECK_FALSE(bare.witness);
}

TEST_CASE("without its TLBIs a schedule that flushes is unsafe") {
    const Asked asked(tests::unmap(tests::good_unmap));
    CHECK(solve_slice(asked.whole(), PropertyKind::no_stale_entry, {}).verdict == Verdict::safe);
    SolveOptions without;
    without.without_tlbi = true;
    CHECK(solve_slice(asked.whole(), PropertyKind::no_stale_entry, without).verdict == Verdict::unsafe);
}

TEST_CASE("a wait that is never answered leaves no execution") {
    const Asked asked("flag never;\n" + tests::unmap("store(never, 2); await(never == 1); clear(R[0]);"));
    const SliceAnswer found = solve_slice(asked.whole(), PropertyKind::no_stale_entry, {});
    CHECK(found.verdict == Verdict::safe);
    CHECK(found.no_execution);
    CHECK_FALSE(solve_slice(Asked(tests::unmap(tests::good_unmap)).whole(), PropertyKind::no_tlb_conflict, {})
                    .no_execution);
}

TEST_CASE("out of time before a question is made is an exception, no answer") {
    const Asked asked(tests::unmap(tests::bad_unmap));
    const model::JudgedSchedule schedule = asked.whole();
    model::Limits limits;
    limits.milliseconds = 0;
    model::Budget budget(limits);
    const model::BudgetScope scope(budget);
    CHECK_THROWS_AS(solve_slice(schedule, PropertyKind::no_stale_entry, {}), model::LimitReached);
}

TEST_CASE("what was misread: the leaf, a neighbour, a table, a reused page") {
    const auto kind = [](const std::string& text) {
        const Asked asked(text);
        const SliceAnswer found = solve_slice(asked.whole(), asked.property().kind, {});
        REQUIRE(found.witness);
        return found.witness->misread.kind;
    };
    CHECK(kind(tests::unmap(tests::bad_unmap)) == Misreading::old_leaf);
    CHECK(kind(tests::unmap("clear(table(R, 3)); free(table(R, 3));", "assert no_use_after_free;")) ==
          Misreading::reused_table);
    CHECK(kind(tests::unmap("set(R[0], ap = ro); dsb(ish); isb();", "assert no_stale_entry(R);")) ==
          Misreading::old_leaf);
}

TEST_CASE("the witness names each level's descriptor and its writer") {
    const Asked asked(tests::unmap(tests::bad_unmap));
    const SliceAnswer found = solve_slice(asked.whole(), PropertyKind::no_stale_entry, {});
    REQUIRE(found.witness);
    const model::Witness& witness = found.witness->witness;
    CHECK(witness.kind == PropertyKind::no_stale_entry);
    REQUIRE(witness.walk.size() == 4);
    CHECK(witness.walk.front().slot.level == 0);
    CHECK(witness.walk.back().slot.level == 3);
    CHECK(witness.walk.back().slot.va == witness.va);
    CHECK_FALSE(witness.walk.back().writer);  // the value before the schedule
    CHECK(found.witness->misread.slot == witness.walk.back().slot);
    REQUIRE(found.witness->misread.changed_by);
    CHECK(found.witness->misread.changed_by->place.line == 4);
    CHECK_FALSE(found.witness->graph.events.empty());
    CHECK_FALSE(found.witness->graph.edges.empty());
}
