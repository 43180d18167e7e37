// SPDX-License-Identifier: Apache-2.0
#include "tests/enumerator/partial_assignment.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;
namespace enumerator = tlbcheck::tests::enumerator;
using enumerator::PartialAssignment;
using enumerator::Truth;

TEST_CASE("what follows from the constraints is derived in both directions") {
    EventGraph graph;
    FormulaPool& pool = graph.pool();
    const Formula a = pool.variable("a");
    const Formula b = pool.variable("b");
    const Formula c = pool.variable("c");
    graph.require(pool.implication(a, b));
    graph.require(pool.either(b, c));
    PartialAssignment x(graph);
    CHECK(x.open(a));
    REQUIRE(x.assume(!b));
    CHECK(x.truth(a) == Truth::no);
    CHECK(x.truth(c) == Truth::yes);
}

TEST_CASE("steps are taken back to a mark, contradictions too") {
    EventGraph graph;
    FormulaPool& pool = graph.pool();
    const Formula a = pool.variable("a");
    const Formula b = pool.variable("b");
    const Formula both = pool.both(a, b);
    graph.require(!both);
    PartialAssignment x(graph);
    const std::size_t start = x.mark();
    REQUIRE(x.assume(a));
    CHECK(x.truth(b) == Truth::no);
    const std::size_t middle = x.mark();
    CHECK_FALSE(x.assume(b));
    x.undo(middle);
    CHECK(x.consistent());
    CHECK(x.is(a));
    x.undo(start);
    CHECK(x.open(a));
    CHECK(x.open(b));
    REQUIRE(x.assume(b));
    CHECK(x.truth(a) == Truth::no);
}

TEST_CASE("one source of a read excludes the others") {
    EventGraph graph;
    const auto choices = graph.choose_one(tlbcheck::model::logic::true_formula, {"first", "second", "third"});
    PartialAssignment x(graph);
    REQUIRE(x.assume(choices[1]));
    CHECK(x.truth(choices[0]) == Truth::no);
    CHECK(x.truth(choices[2]) == Truth::no);
}

TEST_CASE("constraints that contradict each other leave nothing") {
    EventGraph graph;
    const Formula a = graph.pool().variable("a");
    graph.require(a);
    graph.require(!a);
    CHECK_FALSE(PartialAssignment(graph).consistent());
}

TEST_CASE("a disjunction that none of its open variables makes true yet is still to be decided") {
    EventGraph graph;
    FormulaPool& pool = graph.pool();
    const Formula a = pool.variable("a");
    const Formula b = pool.variable("b");
    graph.require(pool.either(a, b));
    PartialAssignment x(graph);
    CHECK(x.open(x.open_variable(x.open_reason())));
    REQUIRE(x.assume(a));
    CHECK(x.open_reason().is_true());
    CHECK(x.values() == std::vector<bool>{true, false});
}
