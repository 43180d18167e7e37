// SPDX-License-Identifier: Apache-2.0
//
// The parts of an event graph: events, sets, edges, choices of sources, and events taken out again.
#include "model/graph/event_graph.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;
using logic::Assignment;
using logic::false_formula;
using logic::true_formula;

namespace {

Event at(LocationId place, std::initializer_list<ValueId> values = {}, int thread = 0) {
    Event event;
    event.thread = thread;
    event.location = {{place, true_formula}};
    for (const ValueId v : values) event.value.push_back({v, true_formula});
    return event;
}

/// Assignments under which the graph's facts and exclusions hold, each as the names of its true variables.
std::vector<std::vector<std::string>> possible(const EventGraph& graph) {
    const std::size_t count = graph.pool().variable_count();
    REQUIRE(count < 16);
    std::vector<std::vector<std::string>> result;
    for (std::size_t n = 0; n < (std::size_t{1} << count); ++n) {
        std::vector<bool> values(count);
        std::vector<std::string> names;
        for (logic::Variable v = 0; v < count; ++v) {
            values[v] = (n >> v & 1U) != 0;
            if (values[v]) names.push_back(graph.pool().name(v));
        }
        Assignment a(graph.pool(), values);
        const bool facts = std::ranges::all_of(graph.constraints(), [&](Formula f) { return a.value(f); });
        const bool apart = std::ranges::none_of(
            graph.exclusions(), [&](const auto& e) { return a.value(e.first) && a.value(e.second); });
        if (facts && apart) result.push_back(names);
    }
    return result;
}
using Possible = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("places and values are compared by their alternatives") {
    EventGraph graph;
    const LocationId x = graph.add_location({"x", true, 1}), y = graph.add_location({"y", true, 1});
    const Formula there = graph.pool().variable("there");
    const EventId a = graph.add(at(x, {7})), b = graph.add(at(y, {8}));
    Event either = at(x);
    either.location = {{x, there}, {y, !there}};
    either.value = {{7, there}, {8, !there}};
    const EventId c = graph.add(either), none = graph.add({});
    CHECK(graph.same_location(a, b).is_false());
    CHECK(graph.same_location(a, c) == there);
    CHECK(graph.same_location(b, c) == !there);
    CHECK(graph.same_location(c, c).is_true());
    CHECK(graph.same_location(none, none).is_false());
    CHECK(graph.same_low_order(a, b).is_true());
    CHECK(graph.same_low_order(a, none).is_false());
    CHECK(graph.at_location(c, y) == !there);
    CHECK(graph.has_value(c, 7) == there);
    CHECK(graph.has_value(a, 8).is_false());
}

TEST_CASE("a name that is not of the vocabulary is a fault, not an empty set") {
    EventGraph graph;
    const EventId a = graph.add({});
    for (const char* set : {"Walk 0", "DSB.SYnXS", "TLBI", "M"}) graph.add_to(set, a);
    for (const char* relation : {"rf", "same-oa", "walk", "co0"}) graph.add_edge(relation, a, a);
    CHECK_THROWS_AS(graph.add_to("TLBI-IS", a), std::logic_error);
    CHECK_THROWS_AS(graph.members("walk"), std::logic_error);
    CHECK_THROWS_AS(graph.add_edge("Rf", a, a), std::logic_error);
    CHECK_THROWS_AS(graph.edges("M"), std::logic_error);
    EventGraph free(EventGraph::Names::any);
    free.add_to("TLBI-IS", free.add({}));
    CHECK(free.members("TLBI-IS").size() == 1);
    CHECK(free.edges("Rf").empty());
}

TEST_CASE("what is never there is not kept") {
    EventGraph graph;
    const EventId a = graph.add({}), b = graph.add({});
    const Formula v = graph.pool().variable("v");
    graph.add_to("W", a, false_formula);
    graph.add_edge("rmw", a, b, false_formula);
    CHECK_FALSE(graph.sets().contains("W"));
    CHECK_FALSE(graph.relations().contains("rmw"));
    CHECK(graph.members("W").empty());
    CHECK(graph.edges("rmw").empty());
    graph.add_to("W", b, v);
    graph.add_to("W", b, !v);
    CHECK(graph.in("W", b).is_true());
    CHECK(graph.in("W", a).is_false());
}

TEST_CASE("a read has one source if it executes, of those that execute, at its place, with its value") {
    EventGraph graph;
    const LocationId x = graph.add_location({"x"}), y = graph.add_location({"y"});
    const Formula reads = graph.pool().variable("reads"), writes = graph.pool().variable("writes");
    const EventId zero = graph.add(at(x, {0})), elsewhere = graph.add(at(y, {0}));
    Event guarded = at(x, {1});
    guarded.exec = writes;
    const EventId one = graph.add(guarded);
    Event reading = at(x);
    reading.exec = reads;
    const EventId read = graph.add(reading);
    graph.add_reads_from(read, {zero, elsewhere, one});
    CHECK(graph.edges("rf").size() == 2);  // never from another place
    CHECK(possible(graph) == Possible{{},
                                      {"writes"},
                                      {"reads", "rf 0 3"},
                                      {"reads", "writes", "rf 0 3"},
                                      {"reads", "writes", "rf 2 3"}});
    REQUIRE(graph.event(read).value.size() == 2);  // taken from its candidates
    CHECK(graph.event(read).value[0].what == 0);
    CHECK(graph.event(read).value[1].what == 1);
}

TEST_CASE("a read with a value of its own reads that value") {
    EventGraph graph;
    const LocationId x = graph.add_location({"x"});
    const EventId zero = graph.add(at(x, {0})), one = graph.add(at(x, {1}));
    Event both = at(x);
    const Formula which = graph.pool().variable("which");
    both.value = {{1, which}, {2, !which}};
    const EventId other = graph.add(both);
    const EventId read = graph.add(at(x, {1}));
    graph.add_reads_from(read, {zero, one, other});
    CHECK(possible(graph) == Possible{{"rf 1 3"}, {"which", "rf 1 3"}, {"which", "rf 2 3"}});
}

TEST_CASE("one of some alternatives holds exactly when its guard does") {
    EventGraph graph;
    const Formula guard = graph.pool().variable("guard");
    CHECK(graph.choose_one(guard, {"a", "b"}).size() == 2);
    CHECK(possible(graph) == Possible{{}, {"guard", "a"}, {"guard", "b"}});
}

TEST_CASE("program order is of later instructions of one thread; initial events have none") {
    EventGraph graph;
    const auto event = [&](int thread, int instruction) {
        Event e;
        e.thread = thread;
        e.instruction = instruction;
        return graph.add(e);
    };
    const EventId a = event(0, 0), same = event(0, 0), b = event(0, 1), other = event(1, 5);
    const EventId first = event(initial_thread, 0), second = event(initial_thread, 1);
    CHECK(graph.program_order(a, b));
    CHECK_FALSE(graph.program_order(b, a));
    CHECK_FALSE(graph.program_order(a, same));
    CHECK_FALSE(graph.program_order(a, other));
    CHECK_FALSE(graph.program_order(first, second));
    CHECK(graph.same_thread(a, b));
    CHECK_FALSE(graph.same_thread(a, other));
}

TEST_CASE("an event is contracted and taken out; the rest is numbered anew") {
    EventGraph graph;
    const LocationId x = graph.add_location({"x"});
    const EventId first = graph.add(at(x, {0})), gone = graph.add(at(x, {1})), last = graph.add(at(x));
    const Formula guard = graph.pool().variable("guard"), edge = graph.pool().variable("edge");
    graph.event(gone).exec = guard;
    graph.event(last).label = "last";
    for (const EventId e : {first, gone, last}) graph.add_to("M", e);
    graph.add_edge("rmw", first, gone, edge);
    graph.add_edge("rmw", gone, last);
    graph.add_reads_from(last, {first, gone});
    graph.contract("rmw", gone);
    graph.remove({false, true, false});
    REQUIRE(graph.size() == 2);
    CHECK(graph.event(1).label == "last");
    CHECK(graph.members("M").size() == 2);
    REQUIRE(graph.edges("rmw").size() == 1);
    CHECK(graph.edges("rmw")[0].from == 0);
    CHECK(graph.edges("rmw")[0].to == 1);
    CHECK(graph.edges("rmw")[0].when == graph.pool().both(guard, edge));
    REQUIRE(graph.reads_from().size() == 1);
    CHECK(graph.reads_from()[0].read == 1);
    REQUIRE(graph.reads_from()[0].writes.size() == 1);
    CHECK(graph.reads_from()[0].writes[0].first == 0);
}
