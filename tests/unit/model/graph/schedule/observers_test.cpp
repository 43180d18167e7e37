// SPDX-License-Identifier: Apache-2.0
//
// Who makes the judged access, and what it comes after.
#include "model/graph/schedule/questions.hpp"
#include "tests/unit/model/graph/schedule/graphs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::tests;

namespace {

ScheduleGraph observed(PropertyKind property, ObserverKind observer, int thread = 0, bool store = false) {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0).thread().tlbi("vmalle1is").dsb();
    static std::vector<ScheduleBuilder> kept;  // the graph is of a program that lives on
    kept.push_back(b);
    ScheduleQuestion question;
    question.property = property;
    question.observer = observer;
    question.thread = thread;
    question.store = store;
    return build_schedule_graph(judged(kept.back(), property), question);
}

}  // namespace

TEST_CASE("a scheduling PE observes after its own code, and after it heard of the others' end") {
    const ScheduleGraph made = observed(PropertyKind::no_stale_entry, ObserverKind::same_pe, 0);
    const JudgedAccess& access = made.accesses.at(0);
    CHECK(access.thread == 0);
    const EventId heard = one(made.graph, "R done(P1)");
    CHECK(made.graph.event(heard).thread == 0);
    CHECK(made.graph.in("A", heard).is_true());
    CHECK(made.graph.program_order(heard, access.access));
    CHECK(made.graph.program_order(one(made.graph, "DSB ISH"), one(made.graph, "W done(P1)")));
    CHECK(labelled(made.graph, "W done(P0)").empty());
    CHECK(labelled(made.graph, "R done(P0)").empty());
    CHECK(observed(PropertyKind::no_stale_entry, ObserverKind::same_pe, 1).accesses[0].thread == 1);
}

TEST_CASE("another PE reads that all have ended, and has a DSB and an ISB of its own") {
    const ScheduleGraph made = observed(PropertyKind::no_stale_entry, ObserverKind::other_pe);
    const JudgedAccess& access = made.accesses.at(0);
    CHECK(access.thread == 2);
    for (const char* label : {"R done(P0)", "R done(P1)", "ISB"})
        CHECK(made.graph.program_order(one(made.graph, label), access.access));
    CHECK(labelled(made.graph, "DSB ISH").size() == 2);
    CHECK(made.graph.program_order(one(made.graph, "R done(P1)"), one(made.graph, "ISB")));
}

TEST_CASE("at any time nothing comes first") {
    const ScheduleGraph made = observed(PropertyKind::no_use_after_free, ObserverKind::other_pe_any_time);
    CHECK(made.accesses.at(0).thread == 2);
    CHECK(made.accesses[0].instruction == 0);
    CHECK(labelled(made.graph, "R done(P0)").empty());
}

TEST_CASE("a use after free is looked for while other threads go on") {
    const ScheduleGraph made = observed(PropertyKind::no_use_after_free, ObserverKind::same_pe, 0);
    CHECK(labelled(made.graph, "R done(P1)").empty());
    CHECK(made.accesses.at(0).instruction == 1);
}

TEST_CASE("the judged access is a store where that is asked for") {
    CHECK(observed(PropertyKind::no_use_after_free, ObserverKind::same_pe, 0, true).accesses.at(0).store);
    const ScheduleGraph made = observed(PropertyKind::no_stale_entry, ObserverKind::same_pe);
    CHECK(made.graph.in("R", made.accesses.at(0).access).is_true());
    CHECK(made.graph.in("W", made.accesses.at(0).access).is_false());
}

TEST_CASE("at a moment another PE hears of the thread whose moment it is, and of no other") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0).thread().tlbi("vmalle1is").dsb();
    ScheduleQuestion question;
    question.observer = ObserverKind::other_pe;
    JudgedSchedule schedule = judged(b, question.property);
    schedule.judging.moment = 1;
    const ScheduleGraph made = build_schedule_graph(schedule, question);
    CHECK(labelled(made.graph, "R done(P1)").size() == 1);
    CHECK(labelled(made.graph, "R done(P0)").empty());
    CHECK(labelled(made.graph, "W done(P0)").empty());
}

TEST_CASE("what conflicting entries give may be a table page that was handed over, too") {
    ScheduleBuilder b;
    const auto r = b.region(4, true);
    Descriptor alone = b.leaf_value(r, 0);
    alone.contiguous = false;
    b.set(r, 0, alone).free_table(r);
    ScheduleQuestion question;
    question.property = PropertyKind::no_use_after_free;
    question.observer = ObserverKind::other_pe_any_time;
    question.conflict = true;
    const ScheduleGraph made = build_schedule_graph(judged(b, question.property, {0}), question);
    const auto written = labelled(made.graph, "new owner writes the table page");
    REQUIRE_FALSE(written.empty());
    CHECK(labelled(made.graph, "amalgam").size() == written.size());
}
