// SPDX-License-Identifier: Apache-2.0
//
// When a question's answer is yes: the formula under each source that the judged walk may have.
#include "model/graph/schedule/questions.hpp"

#include "tests/unit/model/graph/schedule/graphs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::tests;

namespace {

ScheduleGraph ask(const ScheduleBuilder& b, const ScheduleQuestion& question, HardwareParameters hardware) {
    JudgedSchedule schedule = judged(b, question.property, {0});
    schedule.hardware = hardware;
    return build_schedule_graph(schedule, question);
}
ScheduleGraph ask(const ScheduleBuilder& b, const ScheduleQuestion& question) {
    return ask(b, question, b.program().hardware);
}

/// The question's formula where the access's last level read source `n`.
Formula violated_by(ScheduleGraph& made, std::size_t n, std::size_t access = 0) {
    return made.graph.pool().under(made.violated, made.accesses[access].walk.back().sources.at(n).chosen);
}

constexpr PropertyKind freed = PropertyKind::no_use_after_free;

}  // namespace

TEST_CASE("what is not the final value is stale") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0);
    ScheduleGraph made = ask(b, {});
    CHECK(violated_by(made, 0).is_true());   // the old value
    CHECK(violated_by(made, 1).is_false());  // the new one
}

TEST_CASE("an equal value is not stale, another permission is") {
    ScheduleBuilder same;
    const auto r = same.region(1, false);
    same.clear(r, 0).set(r, 0, same.leaf_value(r, 0));
    ScheduleGraph made = ask(same, {});
    CHECK(violated_by(made, 0).is_false());
    CHECK(violated_by(made, 1).is_true());  // a fault, where a fresh walk translates
    CHECK(violated_by(made, 2).is_false());
    ScheduleBuilder other;
    other.region(1, false);
    Descriptor read_only = other.leaf_value(r, 0);
    read_only.db = false;
    other.set(r, 0, read_only);
    ScheduleGraph changed = ask(other, {});
    CHECK(violated_by(changed, 0).is_true());
    CHECK(violated_by(changed, 1).is_false());
}

TEST_CASE("of two threads' stores the last in coherence is final") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0);
    Descriptor read_only = b.leaf_value(r, 0);
    read_only.db = false;
    b.thread().set(r, 0, read_only);
    ScheduleGraph made = ask(b, {});
    CHECK(violated_by(made, 0).is_true());
    CHECK_FALSE(violated_by(made, 1).is_constant());
    CHECK_FALSE(violated_by(made, 2).is_constant());
    const auto& sources = made.accesses[0].walk.back().sources;
    FormulaPool& pool = made.graph.pool();
    REQUIRE(sources.size() == 3);
    REQUIRE(pool.variable_count() < 16);
    for (std::uint64_t n = 0; n < (std::uint64_t{1} << pool.variable_count()); ++n) {
        const auto violated_reading = [&](std::size_t read) {
            std::vector<bool> values(pool.variable_count());
            for (std::size_t v = 0; v < values.size(); ++v) values[v] = (n >> v & 1U) != 0;
            for (std::size_t i = 0; i < 3; ++i) values[pool.variable_of(sources[i].chosen)] = i == read;
            logic::Assignment assignment(pool, values);
            return assignment.value(made.violated);
        };
        REQUIRE(violated_reading(1) != violated_reading(2));
    }
}

TEST_CASE("a use after free reads the new owner's data through an older translation") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0).free_leaf(r, 0);
    ScheduleQuestion question;
    question.property = freed;
    question.observer = ObserverKind::other_pe_any_time;
    ScheduleGraph made = ask(b, question);
    CHECK_FALSE(violated_by(made, 0).is_constant());  // if it reads the new owner's write
    CHECK(violated_by(made, 1).is_false());
    const EventId write = one(made.graph, "new owner writes PA 0x80000000");
    const Formula seen = edge(made.graph, "rf", write, made.accesses[0].access);
    CHECK(made.graph.pool().implies(made.violated, seen));
    question.store = true;
    ScheduleGraph stored = ask(b, question);
    CHECK_FALSE(violated_by(stored, 0).is_false());
}

TEST_CASE("memory mapped again after the free may be used") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0).free_leaf(r, 0).set(r, 0, b.leaf_value(r, 0));
    ScheduleQuestion question;
    question.property = freed;
    question.observer = ObserverKind::other_pe_any_time;
    ScheduleGraph made = ask(b, question);
    CHECK_FALSE(violated_by(made, 0).is_false());
    CHECK(violated_by(made, 2).is_false());
}

TEST_CASE("a walk that takes the new owner's data for a descriptor uses it after free") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear_table(r).free_table(r);
    ScheduleQuestion question;
    question.property = freed;
    question.observer = ObserverKind::other_pe_any_time;
    ScheduleGraph made = ask(b, question);
    REQUIRE(made.accesses[0].walk.back().sources.size() == 2);
    CHECK(violated_by(made, 1).is_true());
}

TEST_CASE("two entries of different kinds conflict") {
    ScheduleBuilder b;
    const auto r = b.region(4, true);
    Descriptor alone = b.leaf_value(r, 0);
    alone.contiguous = false;
    b.set(r, 0, alone);
    ScheduleQuestion question;
    question.property = PropertyKind::no_tlb_conflict;
    question.observer = ObserverKind::other_pe_any_time;
    question.conflict = true;
    ScheduleGraph made = ask(b, question);
    REQUIRE(made.accesses.size() == 2);
    CHECK_FALSE(made.graph.edges("co-live").empty());
    CHECK_FALSE(made.violated.is_false());
    CHECK(conflict_conceivable(judged(b, question.property, {0})));
    ScheduleBuilder safe;
    safe.region(4, true);
    safe.clear(r, 0);
    CHECK_FALSE(conflict_conceivable(judged(safe, question.property, {0})));
    HardwareParameters single = b.program().hardware;
    single.contiguous_fill = ContiguousFill::none;
    CHECK(ask(b, question, single).violated.is_false());
}

TEST_CASE("at level 0 conflicting entries may give memory that was freed") {
    ScheduleBuilder b;
    const auto r = b.region(4, true);
    Descriptor alone = b.leaf_value(r, 0);
    alone.contiguous = false;
    b.set(r, 0, alone).free_leaf(r, 0);
    ScheduleQuestion question;
    question.property = freed;
    question.observer = ObserverKind::other_pe_any_time;
    question.conflict = true;
    ScheduleGraph made = ask(b, question);
    CHECK(labelled(made.graph, "amalgam").size() == 1);
    CHECK_FALSE(made.violated.is_false());
}

TEST_CASE("a store in an arm that is not gone into leaves the value before") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    const auto flag = b.flag("ready");
    b.add(Branch{flag, {}, 1, true}).clear(r, 0).add(EndBranch{});
    ScheduleGraph made = ask(b, {});
    const Formula arm = made.graph.event(one(made.graph, "W invalid")).exec;
    FormulaPool& pool = made.graph.pool();
    std::vector<bool> values(pool.variable_count());
    values[pool.variable_of(made.accesses[0].walk.back().sources.at(0).chosen)] = true;
    logic::Assignment past(pool, values);
    REQUIRE_FALSE(past.value(arm));
    CHECK_FALSE(past.value(made.violated));
    REQUIRE(pool.kind(arm) == logic::NodeKind::variable);
    values[pool.variable_of(arm)] = true;
    logic::Assignment into(pool, values);
    CHECK(into.value(made.violated));
}

TEST_CASE("where less is let pass, an entry where the tables have none is stale still") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.at(r).pa = 0;
    b.clear(r, 0);
    JudgedSchedule schedule = judged(b, PropertyKind::no_stale_entry, {0});
    schedule.judging.restrictive = true;
    ScheduleGraph made = build_schedule_graph(schedule, {});
    CHECK(violated_by(made, 0).is_true());
    CHECK(violated_by(made, 1).is_false());
}

TEST_CASE("what another thread maps is not known to be mapped after the free") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0).free_leaf(r, 0);
    b.thread().dsb().dsb().dsb().set(r, 0, b.leaf_value(r, 0));
    ScheduleQuestion question;
    question.property = freed;
    question.observer = ObserverKind::other_pe_any_time;
    ScheduleGraph made = ask(b, question);
    CHECK_FALSE(violated_by(made, 2).is_false());
}

TEST_CASE("at a moment a store counts that its thread is known to have come past") {
    const auto stale_at_moment = [](bool told_after) {
        ScheduleBuilder b;
        const auto r = b.region(1, false);
        const auto flag = b.flag("ready");
        if (!told_after) b.store_flag(flag);
        b.clear(r, 0);
        if (told_after) b.store_flag(flag);
        b.thread().await(flag);
        ScheduleQuestion question;
        question.thread = 1;
        JudgedSchedule schedule = judged(b, question.property, {0});
        schedule.judging.moment = 1;
        ScheduleGraph made = build_schedule_graph(schedule, question);
        return !violated_by(made, 0).is_false();
    };
    CHECK(stale_at_moment(true));
    CHECK_FALSE(stale_at_moment(false));
}
