// SPDX-License-Identifier: Apache-2.0
//
// The events of a schedule's own instructions.
#include "model/graph/schedule/events.hpp"

#include "tests/unit/model/graph/schedule/graphs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::tests;

namespace {

ScheduleGraph build(const ScheduleBuilder& b, ScheduleQuestion question = {}) {
    return build_schedule_graph(judged(b, question.property), question);
}

bool certain(const EventGraph& graph, const char* name, EventId e) {
    return graph.in(name, e).is_true();
}

}  // namespace

TEST_CASE("an instruction is an event with its sets; TLBIs by how far they reach") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0)
        .dsb("ishst")
        .tlbi("vaale1is", b.leaf_va(r, 0))
        .tlbi("vmalle1")
        .tlbi("vmalle1isnxs")
        .dsb()
        .isb();
    const EventGraph graph = std::move(build(b).graph);
    const EventId store = one(graph, "W invalid");
    CHECK(certain(graph, "W", store));
    CHECK(certain(graph, "PTE", store));
    CHECK(certain(graph, "DSB.ISHST", one(graph, "DSB ISHST")));
    CHECK(certain(graph, "ISB", one(graph, "ISB")));
    CHECK(certain(graph, "TLBIIS", one(graph, "TLBI VAALE1IS")));
    CHECK_FALSE(certain(graph, "TLBInXS", one(graph, "TLBI VAALE1IS")));
    CHECK_FALSE(certain(graph, "TLBIIS", one(graph, "TLBI VMALLE1")));
    CHECK(certain(graph, "TLBInXS", one(graph, "TLBI VMALLE1ISNXS")));
    CHECK(graph.program_order(store, one(graph, "TLBI VMALLE1")));
}

TEST_CASE("a DSB completes the TLBIs before it that are no wider") {
    ScheduleBuilder b;
    b.region(1, false);
    b.tlbi("vmalle1is").tlbi("vmalle1os").dsb("nsh").dsb("ish").dsb("osh").tlbi("aside1is");
    const EventGraph graph = std::move(build(b).graph);
    const EventId is = one(graph, "TLBI VMALLE1IS"), os = one(graph, "TLBI VMALLE1OS"),
                  late = one(graph, "TLBI ASIDE1IS");
    const auto completed = [&](EventId tlbi, const char* dsb) {
        return edge(graph, "completing-dsb", tlbi, one(graph, dsb)).is_true();
    };
    CHECK_FALSE(completed(is, "DSB NSH"));
    CHECK(completed(is, "DSB ISH"));
    CHECK(completed(is, "DSB OSH"));
    CHECK_FALSE(completed(os, "DSB ISH"));
    CHECK(completed(os, "DSB OSH"));
    CHECK_FALSE(completed(late, "DSB OSH"));
}

TEST_CASE("without TLBIs there are none") {
    ScheduleBuilder b;
    b.region(1, false);
    b.tlbi("vmalle1is").dsb();
    ScheduleQuestion question;
    question.without_tlbi = true;
    const EventGraph graph = std::move(build(b, question).graph);
    CHECK(graph.members("TLBI").empty());
    CHECK(labelled(graph, "DSB ISH").size() == 1);
}

TEST_CASE("a flag's store and wait meet: the wait reads the value it waits for") {
    ScheduleBuilder b;
    b.region(1, false);
    const auto flag = b.flag("ready");
    b.store_flag(flag, true, 1);
    b.thread().await(flag, 1);
    const EventGraph graph = std::move(build(b).graph);
    const EventId write = one(graph, "W ready"), read = one(graph, "R ready");
    CHECK(certain(graph, "L", write));
    CHECK(certain(graph, "await", read));
    std::vector<EventId> sources;
    for (const Edge& e : graph.edges("rf")) {
        if (e.to == read) sources.push_back(e.from);
    }
    CHECK(sources == std::vector<EventId>{write});  // not the initial 0
}

TEST_CASE("the new owner writes what walks can come to, and no other memory") {
    ScheduleBuilder b;
    const auto r = b.region(2, false);
    b.clear(r, 0).free_leaf(r, 0).free_leaf(r, 1);
    ScheduleQuestion question;
    question.property = PropertyKind::no_use_after_free;
    question.observer = ObserverKind::other_pe_any_time;
    const auto schedule = judged(b, question.property, {0});
    const ScheduleGraph made = build_schedule_graph(schedule, question);
    CHECK(labelled(made.graph, "new owner writes PA 0x80000000").size() == 1);
    CHECK(labelled(made.graph, "new owner writes PA 0x80001000").empty());
    const EventId write = one(made.graph, "new owner writes PA 0x80000000");
    CHECK(made.graph.same_location(write, made.accesses[0].access) ==
          made.graph.at_location(made.accesses[0].access, made.graph.event(write).location[0].what));
}

TEST_CASE("what accesses memory by its virtual address walks") {
    CHECK(translated(Access{AccessKind::load, std::nullopt, 0x1000, 0}));
    CHECK_FALSE(translated(Access{AccessKind::load, 0, 0, 0}));
    CHECK(translated(Await{std::nullopt, 0x1000, 1}));
    CHECK_FALSE(translated(Await{0, 0, 1}));
    CHECK_FALSE(translated(Barrier{}));
    CHECK(ordering_set(AccessKind::load_acquire) == std::string("A"));
    CHECK(ordering_set(AccessKind::store_release) == std::string("L"));
    CHECK(ordering_set(AccessKind::load) == nullptr);
    CHECK(ordering_set(AccessKind::store) == nullptr);
}

TEST_CASE("only the memory that is handed over has a new owner") {
    ScheduleBuilder b;
    const auto r = b.region(2, false);
    b.clear(r, 0).free_leaf(r, 0);
    ScheduleQuestion question;
    question.property = PropertyKind::no_use_after_free;
    question.observer = ObserverKind::other_pe_any_time;
    const ScheduleGraph made = build_schedule_graph(judged(b, question.property, {0, 1}), question);
    CHECK(labelled(made.graph, "new owner writes PA 0x80000000").size() == 1);
    CHECK(labelled(made.graph, "new owner writes PA 0x80001000").empty());
}

TEST_CASE("an atomic store reads what it replaces") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.add(StoreDescriptor{{b.leaf_va(r, 0), 3, 0}, {}, true});
    const EventGraph graph = std::move(build(b).graph);
    CHECK(edge(graph, "rmw", one(graph, "R r0[0]"), one(graph, "W invalid")).is_true());
}

TEST_CASE("an arm is gone into where the condition holds, and what follows is executed either way") {
    for (const bool equal : {true, false}) {
        ScheduleBuilder b;
        const auto r = b.region(1, false);
        const auto flag = b.flag("ready");
        b.add(Branch{flag, {}, 1, equal}).clear(r, 0).add(EndBranch{}).dsb("ishst");
        ScheduleGraph made = build(b);
        const Formula arm = made.graph.event(one(made.graph, "W invalid")).exec;
        const Formula after = made.graph.event(one(made.graph, "DSB ISHST")).exec;
        REQUIRE_FALSE(arm.is_constant());
        CHECK(after != arm);
        CHECK(made.graph.pool().implies(arm, after));
        // The flag is 0 throughout: where the arm wants 1, it is not gone into.
        const EventId read = one(made.graph, "R ready");
        FormulaPool& pool = made.graph.pool();
        for (const ReadsFrom& choice : made.graph.reads_from()) {
            if (choice.read != read) continue;
            REQUIRE(choice.writes.size() == 1);
            const Formula expected = pool.either(!choice.writes[0].second, equal ? !arm : arm);
            CHECK(std::ranges::count(made.graph.constraints(), expected) > 0);
        }
    }
}
