// SPDX-License-Identifier: Apache-2.0
//
// The coherence orders that a graph allows, counted and compared with all permutations.
#include <algorithm>
#include <set>

#include "model/execution/execution.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::model;
using logic::Assignment;
using logic::true_formula;

namespace {

struct Writes {
    EventGraph graph;
    LocationId x = graph.add_location({"x"}), y = graph.add_location({"y"});
    LocationId r = graph.add_location({"X0", false});

    EventId add(int thread, int instruction, std::vector<Alternative<LocationId>> places) {
        Event event;
        event.thread = thread;
        event.instruction = instruction;
        event.location = std::move(places);
        const EventId id = graph.add(event);
        graph.add_to("W", id);
        return id;
    }
    EventId to(LocationId place, int thread, int instruction = 0) {
        return add(thread, instruction, {{place, true_formula}});
    }

    /// The orders of all assignments that meet the facts, each as its pairs.
    std::set<std::set<std::pair<EventId, EventId>>> orders() {
        const std::size_t count = graph.pool().variable_count();
        std::set<std::set<std::pair<EventId, EventId>>> result;
        for (std::size_t n = 0; n < (std::size_t{1} << count); ++n) {
            std::vector<bool> values(count);
            for (std::size_t v = 0; v < count; ++v) values[v] = (n >> v & 1U) != 0;
            Assignment a(graph.pool(), values);
            if (!std::ranges::all_of(graph.constraints(), [&](Formula f) { return a.value(f); })) continue;
            const Execution made = concretise(graph, a);
            CHECK(well_formedness_errors(graph, made).empty());
            std::set<std::pair<EventId, EventId>> pairs;
            for (EventId i = 0; i < graph.size(); ++i) {
                for_each_bit(made.co.row(i), [&](std::size_t j) {
                    pairs.insert({i, static_cast<EventId>(j)});
                });
            }
            result.insert(pairs);
        }
        return result;
    }
};

}  // namespace

TEST_CASE("writes of four PEs to one place can be in any order, each transitive") {
    Writes w;
    for (int thread = 0; thread < 4; ++thread) w.to(w.x, thread);
    w.graph.add_coherence(true);
    CHECK(w.orders().size() == 24);
}

TEST_CASE("the initial write is first; no variable says so") {
    Writes w;
    const EventId initial = w.to(w.x, initial_thread, -1), a = w.to(w.x, 0), b = w.to(w.x, 1);
    w.graph.add_coherence(true);
    const auto orders = w.orders();
    CHECK(orders.size() == 2);
    CHECK(w.graph.pool().variable_count() == 1);
    for (const auto& order : orders) {
        CHECK(order.contains({initial, a}));
        CHECK(order.contains({initial, b}));
    }
}

TEST_CASE("one thread's writes are in program order only where that is asked for") {
    for (const bool first : {true, false}) {
        Writes w;
        w.to(w.x, 0, 1);
        w.to(w.x, 0, 0);  // the earlier instruction has the larger number
        w.graph.add_coherence(first);
        const auto orders = w.orders();
        CHECK(orders.size() == (first ? 1 : 2));
        if (first) CHECK(orders.begin()->contains({1, 0}));
    }
}

TEST_CASE("what hardware writes is in no program order with its thread's writes where that is asked for") {
    for (const bool explicit_only : {false, true}) {
        Writes w;
        w.to(w.x, 0, 0);
        w.graph.add_to("NExp", w.to(w.x, 0, 1));
        w.graph.add_coherence(true, explicit_only);
        CHECK(w.orders().size() == (explicit_only ? 2 : 1));
    }
}

TEST_CASE("writes to different places, or to registers, are not ordered") {
    Writes w;
    w.to(w.x, 0);
    w.to(w.y, 1);
    w.graph.add_coherence(true);
    CHECK(w.orders() == std::set<std::set<std::pair<EventId, EventId>>>{{}});
    Writes registers;
    registers.to(registers.r, 0, 1);
    registers.to(registers.r, 1, 1);
    registers.graph.add_coherence(true);
    CHECK(registers.graph.edges("co").empty());
}

TEST_CASE("writes that may or may not meet are ordered where they do") {
    Writes w;
    const Formula meet = w.graph.pool().variable("meet");
    w.to(w.x, 0);
    w.add(1, 0, {{w.x, meet}, {w.y, !meet}});
    w.graph.add_coherence(true);
    CHECK(w.orders().size() == 3);  // apart, or one of two orders
}

TEST_CASE("what the graph knows as co0 is kept, certain or under a condition") {
    Writes w;
    const EventId a = w.to(w.x, 0), b = w.to(w.x, 1);
    w.graph.add_edge("co0", b, a);
    w.graph.add_coherence(false);
    CHECK(w.orders() == std::set<std::set<std::pair<EventId, EventId>>>{{{b, a}}});
    Writes open;
    const EventId c = open.to(open.x, 0), d = open.to(open.x, 1);
    const Formula when = open.graph.pool().variable("when");
    open.graph.add_edge("co0", d, c, when);
    open.graph.add_coherence(false);
    const auto orders = open.orders();
    CHECK(orders.size() == 2);
    open.graph.require(when);
    CHECK(open.orders() == std::set<std::set<std::pair<EventId, EventId>>>{{{d, c}}});
}

TEST_CASE("the initial write is first wherever it stands among the events") {
    Writes w;
    const EventId a = w.to(w.x, 0), initial = w.to(w.x, initial_thread, -1);
    w.graph.add_coherence(true);
    CHECK(w.orders() == std::set<std::set<std::pair<EventId, EventId>>>{{{initial, a}}});
    CHECK(w.graph.pool().variable_count() == 0);
}
