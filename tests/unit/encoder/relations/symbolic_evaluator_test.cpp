// SPDX-License-Identifier: Apache-2.0
//
// The evaluator between bounds against the one over bit matrices: under every assignment of random graphs,
// for each operator and mixtures of them.
#include "encoder/relations/symbolic_evaluator.hpp"

#include <stdexcept>

#include "tests/support/catch.hpp"
#include "tests/unit/encoder/random_graphs.hpp"

using namespace tlbcheck::model;
using tlbcheck::encoder::SymbolicEvaluator;
using tlbcheck::encoder::SymbolicRelation;
using tlbcheck::encoder::SymbolicSet;

namespace {

Rel random_rel(std::mt19937_64& random, int depth);

Set random_set(std::mt19937_64& random, int depth) {
    const std::size_t kind = depth == 0 ? random() % 3 : random() % 9;
    const auto inner = [&] { return random_set(random, depth - 1); };
    switch (kind) {
        case 0:
            return set("s");
        case 1:
            return set("t");
        case 2:
            return universe_set();
        case 3:
            return inner() | inner();
        case 4:
            return inner() & inner();
        case 5:
            return inner() - inner();
        case 6:
            return ~inner();
        case 7:
            return domain(random_rel(random, depth - 1));
        default:
            return range(random_rel(random, depth - 1));
    }
}

Rel random_rel(std::mt19937_64& random, int depth) {
    static const std::vector<const char*> names{
        "a", "b", "up", "po", "po-loc", "loc", "int", "ext", "same-instance", "same-low-order-bits"};
    const std::size_t kind = depth == 0 ? random() % 3 : random() % 15;
    const auto inner = [&] { return random_rel(random, depth - 1); };
    switch (kind) {
        case 0:
        case 1:
            return rel(names[random() % names.size()]);
        case 2:
            return random() % 2 == 0 ? id() : universe_rel();
        case 3:
            return inner() | inner();
        case 4:
        case 5:
            return inner() & inner();
        case 6:
            return inner() - inner();
        case 7:
            return ~inner();
        case 8:
        case 9:
            return inner() >> inner();
        case 10:
            return inverse(inner());
        case 11:
            return random() % 2 == 0 ? opt(inner()) : star(inner());
        case 12:
            return plus(inner());
        case 13:
            return random_set(random, depth - 1) * random_set(random, depth - 1);
        default:
            return random_set(random, depth - 1) >> inner() >> random_set(random, depth - 1);
    }
}

/// The first pair of executed events for which the two evaluators differ under some assignment; "" where none
/// is.
std::string difference(EventGraph& graph, SymbolicEvaluator& symbolic, const Rel& r) {
    const SymbolicRelation& between = symbolic.evaluate(r);
    std::string found;
    tlbcheck::tests::for_each_assignment(graph, [&](logic::Assignment& assignment) {
        const Execution x = concretise(graph, assignment);
        ConcreteEvaluator concrete(graph, x);
        const BitMatrix& expected = concrete.evaluate(r);
        for (EventId i = 0; i < graph.size(); ++i) {
            for (EventId j = 0; j < graph.size(); ++j) {
                if (!x.executed.test(i) || !x.executed.test(j)) continue;
                if (assignment.value(between.at(i, j)) != expected.test(i, j))
                    found = to_string(r) + " at " + std::to_string(i) + " " + std::to_string(j);
            }
        }
    });
    return found;
}

std::string difference(EventGraph& graph, SymbolicEvaluator& symbolic, const Set& s) {
    const SymbolicSet& between = symbolic.evaluate(s);
    std::string found;
    tlbcheck::tests::for_each_assignment(graph, [&](logic::Assignment& assignment) {
        const Execution x = concretise(graph, assignment);
        ConcreteEvaluator concrete(graph, x);
        const BitRow& expected = concrete.evaluate(s);
        for (EventId i = 0; i < graph.size(); ++i) {
            if (x.executed.test(i) && assignment.value(between[i]) != expected.test(i))
                found = to_string(s) + " at " + std::to_string(i);
        }
    });
    return found;
}

}  // namespace

TEST_CASE("each operator means the same between bounds as in every execution") {
    const Rel a = rel("a"), b = rel("b");
    const Set s = set("s"), t = set("t");
    const std::vector<Rel> relations{a | b,
                                     a & b,
                                     a - b,
                                     ~a,
                                     a >> b,
                                     s >> a,
                                     a >> t,
                                     s * t,
                                     id(s),
                                     id(),
                                     inverse(a),
                                     opt(a),
                                     plus(a),
                                     star(a),
                                     rel("po"),
                                     rel("loc"),
                                     rel("po-loc"),
                                     a & rel("ext"),
                                     rel("int") - a,
                                     (s * t) & (t * s),
                                     universe_rel() - a,
                                     rel("loc") & ~b,
                                     rel("same-low-order-bits"),
                                     rel("same-instance"),
                                     s >> a >> b,
                                     a & (s * t)};
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        std::mt19937_64 random(seed);
        const auto graph = tlbcheck::tests::random_graph(random);
        SymbolicEvaluator symbolic(*graph);
        CAPTURE(seed);
        for (const Rel& r : relations) CHECK(difference(*graph, symbolic, r).empty());
        for (const Set& u : {s | t, s & t, s - t, ~s, domain(a), range(a), universe_set()})
            CHECK(difference(*graph, symbolic, u).empty());
    }
}

TEST_CASE("so do random expressions") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        std::mt19937_64 random(seed);
        const auto graph = tlbcheck::tests::random_graph(random);
        SymbolicEvaluator symbolic(*graph);
        for (int n = 0; n < 5; ++n) {
            CAPTURE(seed, n);
            REQUIRE(difference(*graph, symbolic, random_rel(random, 3)).empty());
            REQUIRE(difference(*graph, symbolic, random_set(random, 3)).empty());
        }
    }
}

TEST_CASE("so do sequences with closures in them, of which only parts are made") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        std::mt19937_64 random(seed);
        const auto graph = tlbcheck::tests::random_graph(random);
        const Rel closed = plus(random_rel(random, 1));
        const std::vector<Rel> factors{rel("a"),     rel("b"),        id(set("s")),
                                       id(set("t")), id(set("TLBI")), closed,
                                       opt(closed),  star(rel("up")), plus(rel("a") & rel("b"))};
        SymbolicEvaluator symbolic(*graph);
        for (int n = 0; n < 6; ++n) {
            Rel sequence = factors[random() % factors.size()];
            for (std::size_t more = 1 + random() % 3; more > 0; --more) {
                const Rel& factor = factors[random() % factors.size()];
                sequence = random() % 2 == 0 ? sequence >> factor : factor >> sequence;
            }
            CAPTURE(seed, n, to_string(sequence));
            REQUIRE(difference(*graph, symbolic, sequence).empty());
        }
    }
}

TEST_CASE("a recursive definition settles at its least solution") {
    const Rel v = rel_variable("v"), w = rel_variable("w");
    const std::vector<Rel> solved =
        fixpoint({v, w}, {rel("a") | w >> rel("b"), v & (set("s") * universe_set())});
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        std::mt19937_64 random(seed);
        const auto graph = tlbcheck::tests::random_graph(random);
        SymbolicEvaluator symbolic(*graph);
        CAPTURE(seed);
        CHECK(difference(*graph, symbolic, solved[0]).empty());
        CHECK(difference(*graph, symbolic, solved[1]).empty());
    }
}

TEST_CASE("what is bound replaces what was known, in all that mentions it") {
    std::mt19937_64 random(3);
    const auto graph = tlbcheck::tests::random_graph(random);
    SymbolicEvaluator symbolic(*graph);
    const Rel uses = rel("chosen") | rel("up");
    const Set from = domain(rel("chosen"));
    CHECK(symbolic.evaluate(uses) == symbolic.evaluate(rel("up")));
    CHECK(symbolic.evaluate(from)[0].is_false());
    SymbolicRelation chosen(graph->size());
    chosen.must().set(0, 0);
    symbolic.bind("chosen", chosen);
    CHECK(symbolic.evaluate(rel("chosen")) == chosen);
    CHECK(symbolic.evaluate(uses).must().test(0, 0));
    CHECK(symbolic.evaluate(from)[0].is_true());
    symbolic.forget();
    CHECK(symbolic.evaluate(rel("chosen")) == chosen);
}

TEST_CASE("a set in a relation's place is an error of the program, between bounds too") {
    std::mt19937_64 random(4);
    const auto graph = tlbcheck::tests::random_graph(random);
    SymbolicEvaluator symbolic(*graph);
    CHECK_THROWS_AS(symbolic.evaluate(Rel(set("s").node())), std::logic_error);
    CHECK_THROWS_AS(symbolic.evaluate(Set(rel("a").node())), std::logic_error);
}
