// SPDX-License-Identifier: Apache-2.0
//
// What hardware writes to descriptors, and when the schedule loses it.
#include "tests/unit/model/graph/schedule/graphs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::tests;

namespace {

HardwareParameters managed() {
    HardwareParameters hardware = ScheduleBuilder::small_hardware();
    hardware.ha = hardware.hd = true;
    return hardware;
}

/// One page with AF clear, which hardware sets.
ScheduleBuilder old_page() {
    ScheduleBuilder b(managed());
    b.region(1, false);
    b.at(0).accessed = false;
    return b;
}

StoreDescriptor store(const ScheduleBuilder& b, const Descriptor& value, bool atomic) {
    return {{b.leaf_va(0, 0), 3, 0}, value, atomic};
}

ScheduleGraph lost(const ScheduleBuilder& b, bool by_store = false) {
    ScheduleQuestion question;
    question.property = PropertyKind::no_lost_update;
    question.observer = ObserverKind::other_pe_any_time;
    question.any_time = true;
    question.store = by_store;
    return build_schedule_graph(judged(b, question.property, {0}), question);
}

/// The schedule's own stores, in program order.
std::vector<EventId> stores_of(const ScheduleGraph& made) {
    std::vector<EventId> result;
    for (const DescriptorWrite& w : made.writes) {
        if (w.thread >= 0) result.push_back(w.event);
    }
    return result;
}

}  // namespace

TEST_CASE("hardware sets the flag in the descriptor that was read, by one read-modify-write") {
    ScheduleBuilder b = old_page();
    b.clear(0, 0);
    const ScheduleGraph made = lost(b);
    const JudgedAccess& access = made.accesses.at(0);
    const WalkLevel& last = access.walk.back();
    REQUIRE(last.update);
    CHECK(made.graph.event(*last.update).exec == last.sources.at(0).chosen);
    CHECK(edge(made.graph, "rmw", last.event, *last.update).is_true());
    CHECK(edge(made.graph, "iico_ctrl", access.branch, *last.update).is_true());
    CHECK(made.graph.in("W", *last.update).is_true());
    CHECK(made.graph.in("NExp", *last.update).is_true());
    REQUIRE(made.graph.event(*last.update).value.size() == 1);
    const Descriptor& written = made.descriptors.at(made.graph.event(*last.update).value[0].what);
    CHECK_FALSE(written.unaccessed);
    CHECK(written.oa == ScheduleBuilder::pa_base);
    CHECK_FALSE(access.walk.front().update);
}

TEST_CASE("a flag that is set already is not set again; a store sets the dirty state where DBM says so") {
    ScheduleBuilder b(managed());
    b.region(1, false);
    b.at(0).dbm = true;
    b.at(0).writable = false;
    b.clear(0, 0);
    CHECK_FALSE(lost(b, false).accesses.at(0).walk.back().update);
    const ScheduleGraph stored = lost(b, true);
    REQUIRE(stored.accesses.at(0).walk.back().update);
    const Event& update = stored.graph.event(*stored.accesses[0].walk.back().update);
    CHECK(stored.descriptors.at(update.value.at(0).what).db);
}

TEST_CASE("a plain store over the flag loses it, an atomic one and one that sets it do not") {
    const auto loses = [](const Descriptor& value, bool atomic) {
        ScheduleBuilder b = old_page();
        b.add(store(b, value, atomic));
        return !lost(b).violated.is_false();
    };
    const ScheduleBuilder page = old_page();
    Descriptor read_only = page.leaf_value(0, 0);
    read_only.db = false;
    Descriptor accessed = read_only;
    accessed.unaccessed = false;
    CHECK(loses({}, false));
    CHECK(loses(read_only, false));
    CHECK_FALSE(loses(accessed, false));
    CHECK_FALSE(loses(read_only, true));
}

TEST_CASE("the store that loses a flag is the next one to the descriptor") {
    ScheduleBuilder b = old_page();
    const auto other = b.at(0).pa + 0x10000;
    Descriptor moved = b.leaf_value(0, 0);
    moved.oa = other;
    b.add(store(b, moved, true)).add(store(b, {}, false));
    ScheduleGraph made = lost(b);
    const EventId update = *made.accesses.at(0).walk.back().update;
    REQUIRE(made.losing.size() > 0);
    FormulaPool& pool = made.graph.pool();
    const auto stores = stores_of(made);
    REQUIRE(stores.size() == 2);
    const EventId atomic = stores[0], plain = stores[1];
    // Between hardware's write and the plain store there is the atomic one, or it came before both.
    const Formula after = edge(made.graph, "co", update, atomic);
    CHECK(pool.implies(made.losing[0].second, edge(made.graph, "co", update, plain)));
    CHECK(pool.under(made.losing[0].second, after).is_false());
    ScheduleBuilder two = old_page();
    two.clear(0, 0).add(store(two, moved, true));
    ScheduleGraph first = lost(two);
    const EventId own = *first.accesses.at(0).walk.back().update;
    // What comes after the store changes nothing.
    FormulaPool& formulas = first.graph.pool();
    const Formula before_it = edge(first.graph, "co", own, stores_of(first).at(0));
    const Formula before_later = edge(first.graph, "co", own, stores_of(first).at(1));
    REQUIRE(first.losing.size() > 0);
    const Formula both = formulas.both(before_it, before_later);
    CHECK_FALSE(formulas.under(first.losing[0].second, both).is_false());
}

TEST_CASE(
    "an entry of before leaves a flag clear that the final tables have clear; the final one's does not") {
    ScheduleBuilder b(managed());
    b.region(1, false);
    Descriptor old = b.leaf_value(0, 0);
    old.unaccessed = true;
    b.set(0, 0, old);
    ScheduleGraph made = build_schedule_graph(judged(b, PropertyKind::no_stale_entry, {0}), {});
    const auto& sources = made.accesses.at(0).walk.back().sources;
    REQUIRE(sources.size() == 2);
    FormulaPool& pool = made.graph.pool();
    CHECK(pool.under(made.violated, sources[0].chosen).is_true());
    CHECK(pool.under(made.violated, sources[1].chosen).is_false());
}
