// SPDX-License-Identifier: Apache-2.0
//
// The levels of a walk, what each may read, and which TLBIs have them in scope.
#include "model/graph/schedule/walks.hpp"

#include "tests/unit/model/graph/schedule/graphs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::tests;

namespace {

ScheduleGraph build(const ScheduleBuilder& b, const std::vector<int>& leaves, HardwareParameters hardware) {
    ScheduleQuestion question;
    JudgedSchedule schedule = judged(b, question.property, leaves);
    schedule.hardware = hardware;
    return build_schedule_graph(schedule, question);
}
ScheduleGraph build(const ScheduleBuilder& b, const std::vector<int>& leaves) {
    return build(b, leaves, b.program().hardware);
}

}  // namespace

TEST_CASE("a walk has an event for each level, of which one is the last") {
    ScheduleBuilder b;
    const auto r = b.region(2, false);
    b.clear(r, 0);
    const ScheduleGraph made = build(b, {0});
    const auto& walk = made.accesses.at(0).walk;
    REQUIRE(walk.size() == 2);
    CHECK(walk[0].level == 2);
    CHECK(walk[1].level == 3);
    CHECK(edge(made.graph, "walk", walk[0].event, walk[1].event).is_true());
    CHECK(edge(made.graph, "iico_data", walk[1].event, made.accesses[0].branch).is_true());
    CHECK(made.graph.in("Table-TTD", walk[1].event).is_false());
    // The table is not written: its one source is certain once the walk executes.
    REQUIRE(walk[0].sources.size() == 1);
    CHECK(made.graph.in("Table-TTD", walk[0].event) == walk[0].sources[0].chosen);
    CHECK(made.graph.in("Last-TTD", walk[0].event) == !walk[0].sources[0].chosen);
    REQUIRE(walk[1].sources.size() == 2);
    CHECK(made.graph.in("PTEINV", walk[1].event) == walk[1].sources[1].chosen);
    CHECK(made.graph.event(made.accesses[0].access).exec == walk[1].sources[0].chosen);
    CHECK(made.graph.event(made.accesses[0].fault).exec == !walk[1].sources[0].chosen);
    CHECK(made.graph.in("Translation", made.accesses[0].fault) == walk[1].sources[1].chosen);
    CHECK(made.graph.walks == std::vector<std::string>{"Walk 0"});
}

TEST_CASE("a TLBI has in scope what it names") {
    ScheduleBuilder b;
    const auto r = b.region(2, false);
    b.clear(r, 0).tlbi("vaale1is", b.leaf_va(r, 0)).tlbi("vaae1is", b.leaf_va(r, 0)).tlbi("vmalle1is").dsb();
    const ScheduleGraph made = build(b, {0});
    const auto& walk = made.accesses[0].walk;
    const auto scope = [&](const char* tlbi, std::size_t level) {
        return edge(made.graph, "inv-domain", one(made.graph, tlbi), walk[level].event);
    };
    CHECK(scope("TLBI VAALE1IS", 0).is_false());  // last level only
    CHECK(scope("TLBI VAAE1IS", 0) == walk[0].sources[0].chosen);
    CHECK(scope("TLBI VMALLE1IS", 0) == walk[0].sources[0].chosen);
    for (const char* tlbi : {"TLBI VAALE1IS", "TLBI VAAE1IS", "TLBI VMALLE1IS"})
        CHECK_FALSE(scope(tlbi, 1).is_false());
    const ScheduleGraph other = build(b, {1});
    CHECK(edge(other.graph, "inv-domain", one(other.graph, "TLBI VAALE1IS"), other.accesses[0].walk[1].event)
              .is_false());
}

TEST_CASE("of two addresses a TLBI has the one in scope that it names, if that is walked for") {
    ScheduleBuilder b;
    const auto r = b.region(2, false);
    b.clear(r, 0).clear(r, 1).tlbi("vaale1is", b.leaf_va(r, 1)).dsb();
    const ScheduleGraph made = build(b, {0, 1});
    REQUIRE(made.judged.size() == 2);
    FormulaPool& pool = const_cast<FormulaPool&>(made.graph.pool());
    const Formula scope =
        edge(made.graph, "inv-domain", one(made.graph, "TLBI VAALE1IS"), made.accesses[0].walk[1].event);
    CHECK_FALSE(scope.is_constant());
    CHECK(pool.under(scope, made.judged[0].second).is_false());
    CHECK(pool.excludes(made.judged[0].second, made.judged[1].second));
}

TEST_CASE("a TLBI by another page finds a coalesced entry, not a shattered one") {
    ScheduleBuilder b;
    const auto r = b.region(4, true);
    b.tlbi("vaale1is", b.leaf_va(r, 3)).dsb();
    HardwareParameters hardware = b.program().hardware;
    const auto found = [&](ContiguousFill fill) {
        hardware.contiguous_fill = fill;
        const ScheduleGraph made = build(b, {0}, hardware);
        return !edge(made.graph, "inv-domain", one(made.graph, "TLBI VAALE1IS"),
                     made.accesses[0].walk[1].event)
                    .is_false();
    };
    CHECK(found(ContiguousFill::coalesced));
    CHECK_FALSE(found(ContiguousFill::shattered));
    CHECK_FALSE(found(ContiguousFill::none));
    CHECK_FALSE(found(ContiguousFill::any));  // judged as shattered
}

TEST_CASE("a walk cache per page has a table's entry for the page that was walked for") {
    ScheduleBuilder b;
    const auto r = b.region(4, false);
    b.tlbi("vaae1is", b.leaf_va(r, 3)).dsb();
    HardwareParameters hardware = b.program().hardware;
    const auto scope = [&](WalkCache cache) {
        hardware.walk_cache = cache;
        const ScheduleGraph made = build(b, {0}, hardware);
        return edge(made.graph, "inv-domain", one(made.graph, "TLBI VAAE1IS"),
                    made.accesses[0].walk[0].event);
    };
    CHECK_FALSE(scope(WalkCache::per_entry).is_false());
    CHECK(scope(WalkCache::per_page).is_false());
}

TEST_CASE("what is not global is invalidated by its ASID") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.at(r).global = false;
    b.at(r).asid = 5;
    b.tlbi("vale1is", b.leaf_va(r, 0), 0, 5)
        .tlbi("vale1os", b.leaf_va(r, 0), 0, 6)
        .tlbi("vaale1is", b.leaf_va(r, 0))
        .dsb("osh");
    const ScheduleGraph made = build(b, {0});
    const auto found = [&](const char* tlbi) {
        return !edge(made.graph, "inv-domain", one(made.graph, tlbi), made.accesses[0].walk[1].event)
                    .is_false();
    };
    CHECK(found("TLBI VALE1IS"));
    CHECK_FALSE(found("TLBI VALE1OS"));
    CHECK(found("TLBI VAALE1IS"));
}

TEST_CASE("the schedule's own accesses walk too; a store needs a writable descriptor") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    Descriptor read_only = b.leaf_value(r, 0);
    read_only.db = false;
    b.set(r, 0, read_only).add(Access{AccessKind::store_release, std::nullopt, b.leaf_va(r, 0), 3});
    const ScheduleGraph made = build(b, {0});
    CHECK(made.graph.walks.size() == 2);
    std::vector<EventId> stores;
    for (const EventId e : labelled(made.graph, "W")) {
        if (made.graph.in("L", e).is_true()) stores.push_back(e);
    }
    REQUIRE(stores.size() == 1);
    // It executes by the first of the two values only.
    FormulaPool& pool = const_cast<FormulaPool&>(made.graph.pool());
    CHECK_FALSE(made.graph.event(stores[0]).exec.is_constant());
    CHECK(made.graph.event(stores[0]).location.size() == 1);
    CHECK(pool.kind(made.graph.event(stores[0]).exec) == logic::NodeKind::variable);
    CHECK(edge(made.graph, "same-va-page-and-context", made.accesses[0].walk[1].event,
               made.accesses[0].walk[1].event)
              .is_true());
}

TEST_CASE("of a neighbour's fill a walk cache per page has the neighbour's page") {
    ScheduleBuilder b;
    const auto r = b.region(4, true);
    b.tlbi("vaae1is", b.leaf_va(r, 0)).dsb();
    HardwareParameters hardware = b.program().hardware;
    hardware.walk_cache = WalkCache::per_page;
    ScheduleGraph made = build(b, {0}, hardware);
    const auto& walk = made.accesses[0].walk;
    const Formula scope = edge(made.graph, "inv-domain", one(made.graph, "TLBI VAAE1IS"), walk[0].event);
    REQUIRE(walk[1].sources.size() == 4);
    for (const WalkSource& s : walk[1].sources) {
        const bool own = made.writes[s.write].slot.va == b.leaf_va(r, 0);
        CHECK(made.graph.pool().under(scope, s.chosen).is_false() != own);
    }
}

TEST_CASE("of two conflicting entries each is live with the other") {
    ScheduleBuilder b;
    const auto r = b.region(4, true);
    Descriptor alone = b.leaf_value(r, 0);
    alone.contiguous = false;
    b.set(r, 0, alone);
    ScheduleQuestion question;
    question.property = PropertyKind::no_tlb_conflict;
    question.observer = ObserverKind::other_pe_any_time;
    question.conflict = true;
    const ScheduleGraph made = build_schedule_graph(judged(b, question.property, {0}), question);
    const EventId first = made.accesses.at(0).walk.back().event,
                  second = made.accesses.at(1).walk.back().event;
    CHECK_FALSE(edge(made.graph, "co-live", first, second).is_false());
    CHECK(edge(made.graph, "co-live", second, first) == edge(made.graph, "co-live", first, second));
}
