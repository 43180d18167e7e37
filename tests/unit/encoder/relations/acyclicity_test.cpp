// SPDX-License-Identifier: Apache-2.0
//
// "No cycle" by elimination against Warshall's algorithm on every execution of random graphs.
#include "encoder/relations/acyclicity.hpp"

#include "encoder/relations/symbolic_evaluator.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/encoder/random_graphs.hpp"

using namespace tlbcheck::model;
using tlbcheck::encoder::SymbolicEvaluator;

TEST_CASE("the formula holds exactly where the relation has no cycle") {
    int cyclic = 0, free = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        std::mt19937_64 random(seed);
        const auto graph = tlbcheck::tests::random_graph(random);
        SymbolicEvaluator symbolic(*graph);
        for (const Rel& r : {rel("a"), rel("up") | (rel("a") & rel("b")), rel("up") >> rel("a")}) {
            const Formula none = acyclic(symbolic.algebra(), symbolic.evaluate(r));
            tlbcheck::tests::for_each_assignment(*graph, [&](logic::Assignment& assignment) {
                const Execution x = concretise(*graph, assignment);
                ConcreteEvaluator concrete(*graph, x);
                BitMatrix closed = concrete.evaluate(r);
                closed.close();
                bool cycle = false;
                for (std::size_t i = 0; i < closed.size(); ++i) cycle |= closed.test(i, i);
                CAPTURE(seed, to_string(r));
                REQUIRE(assignment.value(none) == !cycle);
                ++(cycle ? cyclic : free);
            });
        }
    }
    CHECK(cyclic > 1000);
    CHECK(free > 1000);
}

TEST_CASE("a chain of certain edges is settled without a formula") {
    EventGraph graph(EventGraph::Names::any);
    for (int i = 0; i < 200; ++i) graph.add({});
    const Formula ahead = graph.pool().variable("ahead");
    for (EventId i = 0; i + 1 < 200; ++i) graph.add_edge("r", i, i + 1);
    graph.add_edge("r", 3, 150, ahead);
    SymbolicEvaluator symbolic(graph);
    CHECK(acyclic(symbolic.algebra(), symbolic.evaluate(rel("r"))).is_true());
    EventGraph looped(EventGraph::Names::any);
    for (int i = 0; i < 200; ++i) looped.add({});
    const Formula closing = looped.pool().variable("closing");
    for (EventId i = 0; i + 1 < 200; ++i) looped.add_edge("r", i, i + 1);
    looped.add_edge("r", 150, 3, closing);
    SymbolicEvaluator again(looped);
    CHECK(acyclic(again.algebra(), again.evaluate(rel("r"))) == !closing);
}
