// SPDX-License-Identifier: Apache-2.0
//
// Reading an execution off an assignment, and each reason why one is no execution.
#include "model/execution/execution.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;
using logic::Assignment;
using logic::true_formula;

namespace {

/// Two writes to x and a read of it, which a guard may take away.
struct Small {
    EventGraph graph;
    Formula guard = graph.pool().variable("guard");
    LocationId x = graph.add_location({"x"}), y = graph.add_location({"y"});
    EventId initial = write(initial_thread, 0, 0), store = write(0, 1, 1), read = 0;

    Small() {
        Event event;
        event.thread = 1;
        event.exec = guard;
        event.location = {{x, true_formula}};
        read = graph.add(event);
        graph.add_to("R", read);
        graph.add_edge("iico_data", store, read);
        graph.add_edge("iico_ctrl", initial, store, graph.pool().variable("edge"));
        graph.add_reads_from(read, {initial, store});
        graph.add_coherence(true);
    }
    EventId write(int thread, int instruction, ValueId value) {
        Event event;
        event.thread = thread;
        event.instruction = instruction;
        event.location = {{x, true_formula}};
        event.value = {{value, true_formula}};
        const EventId id = graph.add(event);
        graph.add_to("W", id);
        return id;
    }
    /// The variables of these names are true.
    Execution of(std::initializer_list<std::string> names) {
        std::vector<bool> values(graph.pool().variable_count());
        for (const std::string& name : names) {
            bool found = false;
            for (logic::Variable v = 0; v < values.size(); ++v) {
                if (graph.pool().name(v) == name) values[v] = found = true;
            }
            REQUIRE(found);
        }
        Assignment assignment(graph.pool(), values);
        return concretise(graph, assignment);
    }
};

bool tells(const std::vector<std::string>& errors, const std::string& text) {
    return std::ranges::any_of(errors,
                               [&](const std::string& e) { return e.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("an assignment says what executes, what is read and in which order") {
    Small s;
    const Execution x = s.of({"guard", "rf 1 2"});
    CHECK(x.executed.count() == 3);
    CHECK(x.reads_from[s.read] == s.store);
    CHECK(x.value[s.read] == x.value[s.store]);
    CHECK(x.location[s.read] == s.x);
    CHECK(x.co.test(s.initial, s.store));
    CHECK_FALSE(x.co.test(s.store, s.initial));
    CHECK(x.sets.at("W").count() == 2);
    CHECK(x.edges.at("iico_data").test(s.store, s.read));
    CHECK_FALSE(x.edges.at("iico_ctrl").any());
    CHECK(s.of({"edge"}).edges.at("iico_ctrl").test(s.initial, s.store));
    CHECK(well_formedness_errors(s.graph, x).empty());
}

TEST_CASE("what does not execute has nothing") {
    Small s;
    const Execution x = s.of({"rf 1 2"});
    CHECK_FALSE(x.executed.test(s.read));
    CHECK_FALSE(x.reads_from[s.read].has_value());
    CHECK_FALSE(x.location[s.read].has_value());
    CHECK_FALSE(x.value[s.read].has_value());
    CHECK_FALSE(x.edges.at("iico_data").any());
    CHECK_FALSE(x.sets.at("R").any());
    CHECK(well_formedness_errors(s.graph, x).empty());
}

TEST_CASE("a read without a source, or with another place or value than it, is no read") {
    Small s;
    CHECK(tells(well_formedness_errors(s.graph, s.of({"guard"})), "reads from nothing"));
    Execution x = s.of({"guard", "rf 1 2"});
    x.value[s.read] = 17;
    CHECK(tells(well_formedness_errors(s.graph, x), "differ in place or value"));
    x = s.of({"guard", "rf 1 2"});
    x.location[s.read] = s.y;
    CHECK(tells(well_formedness_errors(s.graph, x), "differ in place or value"));
    x = s.of({"guard", "rf 1 2"});
    x.executed.reset(s.store);
    CHECK(tells(well_formedness_errors(s.graph, x), "differ in place or value"));
}

TEST_CASE("coherence is a total order of the writes to one place") {
    Small s;
    Execution x = s.of({});
    x.co.reset(s.initial, s.store);
    CHECK(tells(well_formedness_errors(s.graph, x), "co does not order 0 1"));
    x.co.set(s.initial, s.store);
    x.co.set(s.store, s.initial);
    CHECK(tells(well_formedness_errors(s.graph, x), "co does not order 0 1"));
    x = s.of({});
    x.location[s.store] = s.y;
    CHECK(tells(well_formedness_errors(s.graph, x), "across locations"));
}

TEST_CASE("coherence is transitive") {
    EventGraph graph;
    const LocationId place = graph.add_location({"x"});
    for (int i = 0; i < 3; ++i) {
        Event event;
        event.thread = i;
        event.location = {{place, true_formula}};
        graph.add_to("W", graph.add(event));
    }
    Assignment nothing(graph.pool(), {});
    Execution x = concretise(graph, nothing);
    x.co.set(0, 1);
    x.co.set(1, 2);
    x.co.set(0, 2);
    CHECK(well_formedness_errors(graph, x).empty());
    x.co.reset(0, 2);
    x.co.set(2, 0);
    CHECK(tells(well_formedness_errors(graph, x), "co not transitive at 0 1 2"));
}
