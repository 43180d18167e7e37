// SPDX-License-Identifier: Apache-2.0
//
// The entry that combines what a guest's walk of stage 2 gave with its stage 1.
#include "model/graph/schedule/walks.hpp"

#include "tests/unit/model/graph/schedule/graphs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::tests;

namespace {

constexpr SpaceId vm = 0;

/// One page of a VM, unmapped by a thread that has the VM in VTTBR.
ScheduleBuilder unmapped_page(Attr attributes) {
    ScheduleBuilder b;
    b.region(1, false);
    b.program().spaces = {{"V", 0, true, 1}};
    b.at(0).va = spaces::within(0x400000, vm);
    b.at(0).attributes = attributes;
    b.clear(0, 0);
    b.program().threads[0].starts_in.vm = vm;
    return b;
}

ScheduleGraph guest_access(const ScheduleBuilder& b, bool stage2_entry = false) {
    ScheduleQuestion question;
    question.space = vm;
    question.observer = ObserverKind::other_pe_any_time;
    question.stage2_entry = stage2_entry;
    return build_schedule_graph(judged(b, question.property, {0}), question);
}

}  // namespace

TEST_CASE("a guest's access hits an entry that exists where its walk of stage 2 translated") {
    const ScheduleBuilder b = unmapped_page(Attr::xs);
    const ScheduleGraph made = guest_access(b);
    const JudgedAccess& access = made.accesses.at(0);
    REQUIRE(access.combined);
    const WalkLevel& last = access.walk.back();
    REQUIRE(last.sources.size() == 2);
    const Formula mapped = last.sources[0].chosen;
    CHECK(made.graph.event(*access.combined).exec == mapped);
    CHECK(edge(made.graph, "walk", last.event, *access.combined) == mapped);
    CHECK(edge(made.graph, "iico_data", *access.combined, access.branch).is_true());
    CHECK(made.graph.in("Last-TTD", *access.combined).is_true());
    CHECK(made.graph.in("PTEXS", *access.combined) == mapped);
    CHECK(made.graph.in("Walk 0", *access.combined).is_true());
    // The leaf of stage 2 is used by the combined entry as a table is by the next level.
    CHECK(made.graph.in("Table-TTD", last.event) == mapped);
    const ScheduleBuilder plain = unmapped_page(Attr::none);
    const ScheduleGraph other = guest_access(plain);
    CHECK(other.graph.in("PTEXS", *other.accesses.at(0).combined).is_false());
}

TEST_CASE("an entry of stage 2 by itself combines nothing") {
    const ScheduleBuilder b = unmapped_page(Attr::none);
    const ScheduleGraph made = guest_access(b, true);
    CHECK_FALSE(made.accesses.at(0).combined);
    CHECK(made.graph.in("Table-TTD", made.accesses[0].walk.back().event).is_false());
}

TEST_CASE("only operations on all of the VM's stage 1 meet the combined entry") {
    ScheduleBuilder b = unmapped_page(Attr::none);
    b.tlbi("vmalle1is")
        .tlbi("vmalls12e1os")
        .tlbi("vaae1is", 0x400000)
        .tlbi("ipas2e1is", 0x400000)
        .tlbi("alle2is");
    const ScheduleGraph made = guest_access(b);
    const auto meets = [&](const char* name) {
        return edge(made.graph, "inv-domain", one(made.graph, name), *made.accesses.at(0).combined);
    };
    CHECK(meets("TLBI VMALLE1IS").is_true());
    CHECK(meets("TLBI VMALLS12E1OS").is_true());
    CHECK(meets("TLBI VAAE1IS").is_false());
    CHECK(meets("TLBI IPAS2E1IS").is_false());
    CHECK(meets("TLBI ALLE2IS").is_false());
}

TEST_CASE("what VTTBR holds says whose combined entry is met") {
    ScheduleBuilder b = unmapped_page(Attr::none);
    b.program().spaces.push_back({"other", 0, true, 2});
    b.program().threads[0].starts_in.vm = 1;
    b.tlbi("vmalle1is").tlbi("alle1is");
    const ScheduleGraph made = guest_access(b);
    const EventId combined = *made.accesses.at(0).combined;
    CHECK(edge(made.graph, "inv-domain", one(made.graph, "TLBI VMALLE1IS"), combined).is_false());
    CHECK(edge(made.graph, "inv-domain", one(made.graph, "TLBI ALLE1IS"), combined).is_true());
}
