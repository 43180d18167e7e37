// SPDX-License-Identifier: Apache-2.0
//
// In which of its PE's contexts a walk begins, and what it can then hit.
#include "tests/unit/model/graph/schedule/graphs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::tests;

namespace {

constexpr std::uint64_t plain = 0x400000;
constexpr SpaceId space_a = 0, space_b = 1;

/// The same page mapped in two spaces; B has a second one, which is global.
ScheduleBuilder two_spaces(std::uint16_t asid_of_b) {
    ScheduleBuilder b;
    b.region(1, false);
    b.region(1, false);
    b.region(1, false);
    b.program().spaces = {{"A", 5, false, 0}, {"B", asid_of_b, false, 0}};
    b.at(0).va = spaces::within(plain, space_a);
    b.at(1).va = spaces::within(plain, space_b);
    b.at(2).va = spaces::within(plain + 0x200000, space_b);
    b.at(0).global = b.at(1).global = false;
    b.at(0).asid = 5;
    b.at(1).asid = asid_of_b;
    return b;
}

ContextChange to(SpaceId space) {
    return {ContextChange::Kind::switch_space, space};
}

ScheduleGraph access_to(const ScheduleBuilder& b, SpaceId space, ObserverKind observer) {
    ScheduleQuestion question;
    question.space = space;
    question.observer = observer;
    JudgedSchedule schedule = whole(b.program(), b.property(question.property));
    schedule.candidates = {spaces::within(plain, space)};
    return build_schedule_graph(schedule, question);
}

/// Of the walk's sources at its first or last level the one with that writer (negative: the initial value)
/// and space.
Formula source(const ScheduleGraph& made, bool first, SpaceId space, int thread) {
    const auto& walk = made.accesses.at(0).walk;
    for (const WalkSource& s : (first ? walk.front() : walk.back()).sources) {
        const DescriptorWrite& w = made.writes[s.write];
        if (w.thread == thread && spaces::of(w.slot.va) == space) return s.chosen;
    }
    return logic::false_formula;
}

}  // namespace

TEST_CASE("a walk begins in one of its PE's contexts, for that one's address") {
    const ScheduleBuilder b = [] {
        ScheduleBuilder made = two_spaces(5);
        made.clear(0, 0).add(to(space_b)).isb();
        made.program().threads[0].starts_in.space = space_a;
        return made;
    }();
    const ScheduleGraph made = access_to(b, space_b, ObserverKind::same_pe);
    const JudgedAccess& access = made.accesses.at(0);
    REQUIRE(access.contexts.size() == 2);
    REQUIRE(access.addresses.size() == 2);
    CHECK(access.addresses[0].va == spaces::within(plain, space_a));
    CHECK(access.addresses[0].chosen == access.contexts[0]);
    CHECK(access.addresses[0].accessed == spaces::within(plain, space_b));
    CHECK(access.addresses[1].va == spaces::within(plain, space_b));
    // It is over at the ISB; the other begins at the write.
    const EventId first = access.walk.front().event;
    const auto write = made.graph.edges("context-begin");
    REQUIRE(write.size() == 1);
    CHECK(write[0].to == first);
    CHECK(write[0].when == access.contexts[1]);
    CHECK(edge(made.graph, "context-end", first, one(made.graph, "ISB")) == access.contexts[0]);
    CHECK(made.graph.edges("context-first").empty());
}

TEST_CASE("with no space in the register nothing is walked") {
    ScheduleBuilder b = two_spaces(5);
    b.add(to(no_space)).isb().add(to(space_a)).isb();
    b.program().threads[0].starts_in.space = space_a;
    const ScheduleGraph made = access_to(b, space_a, ObserverKind::same_pe);
    const JudgedAccess& access = made.accesses.at(0);
    REQUIRE(access.contexts.size() == 3);
    CHECK(std::ranges::count(made.graph.constraints(), !access.contexts[1]) == 1);
    CHECK(std::ranges::count(made.graph.constraints(), !access.contexts[0]) == 0);
}

TEST_CASE("a walk in a context that is over goes on from an entry: not from what cannot be cached") {
    ScheduleBuilder b = two_spaces(5);
    b.add(to(space_b)).clear_table(0).isb();
    b.program().threads[0].starts_in.space = space_a;
    ScheduleGraph made = access_to(b, space_b, ObserverKind::same_pe);
    const Formula in_a = made.accesses.at(0).contexts.at(0);
    const Formula cleared = source(made, true, space_a, 0);
    REQUIRE_FALSE(cleared.is_constant());
    CHECK(excluded(made, in_a, cleared));
}

TEST_CASE("what another PE holds of its earlier spaces it read before the schedule, and before every TLBI") {
    ScheduleBuilder b = two_spaces(5);
    b.new_table(1, 1, false).set_table(1, 1).tlbi("vmalle1is");
    ScheduleGraph made = access_to(b, space_a, ObserverKind::other_pe_any_time);
    const JudgedAccess& access = made.accesses.at(0);
    REQUIRE(access.contexts.size() == 2);  // B before the schedule, then A
    const Formula hooked = source(made, true, space_b, 0);
    REQUIRE_FALSE(hooked.is_constant());
    CHECK(excluded(made, access.contexts[0], hooked));
    const auto before = made.graph.edges("context-first");
    REQUIRE(before.size() == 1);
    CHECK(before[0].to == one(made.graph, "TLBI VMALLE1IS"));
    CHECK(before[0].when == access.contexts[0]);
}

TEST_CASE("of another ASID only global entries are hit") {
    const auto in_b_is_hit = [](std::uint16_t asid, bool global) {
        ScheduleBuilder b = two_spaces(asid);
        b.at(1).global = global;
        b.clear(1, 0);
        ScheduleGraph made = access_to(b, space_a, ObserverKind::other_pe_any_time);
        const Formula in_b = made.accesses.at(0).contexts.at(0);
        const Formula leaf = source(made, false, space_b, initial_thread);
        const Formula cleared = source(made, false, space_b, 0);
        REQUIRE_FALSE(leaf.is_constant());
        CHECK(excluded(made, in_b, cleared) == (asid != 5));  // what faults is no entry
        return !excluded(made, in_b, leaf);
    };
    CHECK_FALSE(in_b_is_hit(6, false));
    CHECK(in_b_is_hit(6, true));
    CHECK(in_b_is_hit(5, false));
}

TEST_CASE("an observer in another space writes TTBR0, and its ISB ends the context before") {
    ScheduleBuilder b = two_spaces(5);
    b.clear(0, 0);
    b.program().threads[0].starts_in.space = space_b;
    const ScheduleGraph made = access_to(b, space_a, ObserverKind::same_pe);
    const JudgedAccess& access = made.accesses.at(0);
    REQUIRE(access.contexts.size() == 2);
    const EventId first = access.walk.front().event;
    REQUIRE(made.graph.members("MSR").size() == 1);
    CHECK(edge(made.graph, "context-begin", made.graph.members("MSR")[0].event, first) == access.contexts[1]);
    CHECK(edge(made.graph, "context-end", first, one(made.graph, "ISB")) == access.contexts[0]);
    CHECK(made.graph.program_order(made.graph.members("MSR")[0].event, one(made.graph, "ISB")));
}

TEST_CASE("only the addresses of the space that is asked about are judged") {
    ScheduleBuilder b = two_spaces(5);
    b.clear(0, 0);
    ScheduleQuestion question;
    question.space = space_b;
    question.observer = ObserverKind::other_pe_any_time;
    JudgedSchedule schedule = whole(b.program(), b.property(question.property));
    schedule.candidates = {spaces::within(plain, space_a), spaces::within(plain, space_b)};
    const ScheduleGraph made = build_schedule_graph(schedule, question);
    REQUIRE(made.judged.size() == 1);
    CHECK(made.judged[0].first == spaces::within(plain, space_b));
}

TEST_CASE("entries of two spaces conflict where one access can hit both") {
    const auto conflicts = [](std::uint16_t asid, bool global) {
        ScheduleBuilder b = two_spaces(asid);
        b.at(1).global = global;
        b.add(to(space_a));
        ScheduleQuestion question;
        question.property = PropertyKind::no_tlb_conflict;
        question.space = space_a;
        question.observer = ObserverKind::other_pe_any_time;
        question.conflict = question.any_time = true;
        JudgedSchedule schedule = whole(b.program(), b.property(question.property));
        schedule.candidates = {spaces::within(plain, space_a)};
        return !build_schedule_graph(schedule, question).violated.is_false();
    };
    CHECK(conflicts(5, false));
    CHECK(conflicts(6, true));
    CHECK_FALSE(conflicts(6, false));
}
