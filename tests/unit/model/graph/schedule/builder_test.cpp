// SPDX-License-Identifier: Apache-2.0
//
// The graph as a whole: its candidates, its writes, what its values mean.
#include "tests/unit/model/graph/schedule/graphs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::tests;

TEST_CASE("one of the candidates is judged") {
    ScheduleBuilder b;
    const auto r = b.region(3, false);
    b.clear(r, 0);
    const ScheduleGraph made = build_schedule_graph(judged(b, PropertyKind::no_stale_entry), {});
    REQUIRE(made.judged.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(made.judged[i].first == b.leaf_va(r, static_cast<int>(i)));
        CHECK(made.graph.pool().kind(made.judged[i].second) == logic::NodeKind::variable);
    }
    CHECK(made.graph.pool().excludes(made.judged[0].second, made.judged[2].second));
    const ScheduleGraph single = build_schedule_graph(judged(b, PropertyKind::no_stale_entry, {1}), {});
    REQUIRE(single.judged.size() == 1);
    CHECK(single.judged[0].second.is_true());
}

TEST_CASE("every write has its event, its place and a value that says which descriptor") {
    ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear_table(r).clear(r, 0).free_table(r);
    const ScheduleGraph made = build_schedule_graph(judged(b, PropertyKind::no_stale_entry), {});
    REQUIRE(made.writes.size() == 5);
    for (const DescriptorWrite& w : made.writes) {
        const Event& event = made.graph.event(w.event);
        CHECK(event.thread == w.thread);
        REQUIRE(event.value.size() == 1);
        CHECK(made.descriptors.at(event.value[0].what) == w.value);
        REQUIRE(event.location.size() == 1);
    }
    CHECK_FALSE(made.graph.edges("co").empty());
}

TEST_CASE("an address inside of a page is walked for as the page") {
    ScheduleBuilder b;
    const auto r = b.region(2, false);
    b.add(Access{AccessKind::load, std::nullopt, b.leaf_va(r, 0) + 8, 0});
    const ScheduleGraph made = build_schedule_graph(judged(b, PropertyKind::no_stale_entry, {1}), {});
    bool at_offset = false, at_page = false;
    for (LocationId l = 0; l < made.graph.location_count(); ++l) {
        at_offset |= made.graph.location(l).name == "PA 0x80000008";
        at_page |= made.graph.location(l).name == "PA 0x80000000";
    }
    CHECK(at_offset);
    CHECK(at_page);
    CHECK(made.graph.walks.size() == 2);
}
