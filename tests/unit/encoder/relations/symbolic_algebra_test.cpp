// SPDX-License-Identifier: Apache-2.0
//
// What the algebra keeps certain, open or out, on graphs of a few guarded events.
#include "encoder/relations/symbolic_algebra.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::encoder;
using tlbcheck::model::Event;
using tlbcheck::model::logic::false_formula;
using tlbcheck::model::logic::true_formula;

namespace {

/// Events 0 and 1 always execute, 2 under g, 3 where g does not hold, 4 under g and h.
struct Guarded {
    EventGraph graph;
    Formula g = graph.pool().variable("g"), h = graph.pool().variable("h"), v = graph.pool().variable("v");
    Guarded() {
        for (const Formula exec : {true_formula, true_formula, g, !g, graph.pool().both(g, h)}) {
            Event event;
            event.exec = exec;
            graph.add(event);
        }
    }
};

}  // namespace

TEST_CASE("events that never execute together have no edges") {
    Guarded e;
    SymbolicAlgebra algebra(e.graph);
    CHECK(algebra.compatible(0, 2));
    CHECK_FALSE(algebra.compatible(2, 3));
    CHECK_FALSE(algebra.compatible(3, 4));
    CHECK(algebra.compatible(2, 4));
    const SymbolicRelation all = algebra.tabulate([](std::size_t, std::size_t) { return true_formula; });
    CHECK(all.at(0, 3).is_true());
    CHECK(all.at(2, 3).is_false());
    const SymbolicRelation r = algebra.from_edges({{2, 3, true_formula}, {2, 4, true_formula}});
    CHECK(r.at(2, 3).is_false());
    CHECK(r.at(2, 4).is_true());
}

TEST_CASE("an edge's formula is one under the guards of its ends") {
    Guarded e;
    SymbolicAlgebra algebra(e.graph);
    CHECK(algebra.normalise(e.g, 2, 0).is_true());
    CHECK(algebra.normalise(e.g, 0, 3).is_false());
    CHECK(algebra.normalise(e.g, 0, 1) == e.g);
    const SymbolicRelation r = algebra.from_edges({{0, 2, e.g}, {0, 1, e.g}, {0, 1, !e.g}, {1, 0, e.v}});
    CHECK(r.must().test(0, 2));
    CHECK(r.must().test(0, 1));  // one of two formulas always holds
    CHECK(r.at(1, 0) == e.v);
    CHECK(r.open_count() == 1);
    CHECK(r.may().test(1, 0));
    CHECK_FALSE(r.must().test(1, 0));
}

TEST_CASE("a path through an event asks that it executes, unless its ends say so") {
    Guarded e;
    SymbolicAlgebra algebra(e.graph);
    const SymbolicRelation r =
        algebra.from_edges({{0, 2, true_formula}, {2, 1, true_formula}, {2, 4, true_formula}});
    const SymbolicRelation two = algebra.compose(r, r);
    CHECK(two.at(0, 1) == e.g);
    CHECK(two.at(0, 4).is_true());  // 4 executes only where 2 does
    const SymbolicRelation closed = algebra.closure(r);
    CHECK(closed.at(0, 1) == e.g);
    CHECK(closed.at(0, 4).is_true());
    CHECK(closed.at(0, 2).is_true());
    CHECK(closed.at(1, 0).is_false());
    CHECK(algebra.certain_paths(r).test(0, 4));
    CHECK_FALSE(algebra.certain_paths(r).test(0, 1));
}

TEST_CASE("a closure between given ends has their pairs and no others") {
    Guarded e;
    SymbolicAlgebra algebra(e.graph);
    const SymbolicRelation r = algebra.from_edges({{0, 2, true_formula},
                                                   {2, 1, true_formula},
                                                   {1, 4, e.v},
                                                   {4, 0, true_formula},
                                                   {0, 3, true_formula}});
    const SymbolicRelation whole = algebra.closure(r);
    for (std::size_t source = 0; source < r.size(); ++source) {
        for (std::size_t target = 0; target < r.size(); ++target) {
            PathEnds ends{BitRow(r.size()), BitRow(r.size())};
            ends.sources.set(source);
            ends.targets.set(target);
            const SymbolicRelation part = algebra.closure(r, ends);
            CHECK(part.at(source, target) == whole.at(source, target));
            CHECK(part.may().count() == (whole.may().test(source, target) ? 1 : 0));
        }
    }
    CHECK(whole.at(0, 0) == e.graph.pool().conjunction({e.g, e.h, e.v}));
}

TEST_CASE("domain and range ask that the other end executes") {
    Guarded e;
    SymbolicAlgebra algebra(e.graph);
    const SymbolicRelation r = algebra.from_edges({{0, 2, true_formula}, {4, 2, true_formula}, {0, 1, e.v}});
    CHECK(algebra.domain(r)[0] == e.graph.pool().either(e.g, e.v));
    CHECK(algebra.domain(r)[4].is_true());
    CHECK(algebra.domain(r)[1].is_false());
    CHECK(algebra.range(r)[2].is_true());
    CHECK(algebra.range(r)[1] == e.v);
}

TEST_CASE("union, intersection and difference cell by cell") {
    Guarded e;
    SymbolicAlgebra algebra(e.graph);
    const SymbolicRelation a = algebra.from_edges({{0, 1, true_formula}, {1, 0, e.v}, {0, 0, e.v}});
    const SymbolicRelation b = algebra.from_edges({{0, 1, e.h}, {1, 0, e.h}, {1, 1, true_formula}});
    FormulaPool& pool = e.graph.pool();
    const SymbolicRelation both = algebra.intersect(a, b);
    CHECK(both.at(0, 1) == e.h);
    CHECK(both.at(1, 0) == pool.both(e.v, e.h));
    CHECK(both.at(0, 0).is_false());
    const SymbolicRelation either = algebra.unite(a, b);
    CHECK(either.at(0, 1).is_true());
    CHECK(either.at(1, 0) == pool.either(e.v, e.h));
    CHECK(either.at(1, 1).is_true());
    const SymbolicRelation rest = algebra.subtract(a, b);
    CHECK(rest.at(0, 1) == !e.h);
    CHECK(rest.at(1, 0) == pool.both(e.v, !e.h));
    CHECK(rest.at(0, 0) == e.v);
    CHECK(algebra.transpose(a).at(0, 1) == e.v);
    CHECK(algebra.transpose(a).at(1, 0).is_true());
    CHECK(algebra.with_identity(a).at(0, 0).is_true());
    CHECK(algebra.with_identity(a).open(0).empty());
}

TEST_CASE("restrictions take the set's formula in") {
    Guarded e;
    SymbolicAlgebra algebra(e.graph);
    const SymbolicRelation r = algebra.from_edges({{0, 1, true_formula}, {1, 0, e.v}, {0, 0, true_formula}});
    const SymbolicSet s{true_formula, e.h, false_formula, false_formula, false_formula};
    const SymbolicRelation from = algebra.restrict_domain(s, r);
    CHECK(from.at(0, 1).is_true());
    CHECK(from.at(1, 0) == e.graph.pool().both(e.v, e.h));
    const SymbolicRelation to = algebra.restrict_range(r, s);
    CHECK(to.at(0, 1) == e.h);
    CHECK(to.at(1, 0) == e.v);
    CHECK(to.at(0, 0).is_true());
    CHECK(algebra.restrict_domain(SymbolicSet(5, false_formula), r).may().count() == 0);
}

TEST_CASE("columns that are taken out are not asked for") {
    Guarded e;
    SymbolicAlgebra algebra(e.graph);
    int asked = 0;
    const SymbolicRelation r = algebra.tabulate(
        [&](std::size_t, std::size_t) {
            ++asked;
            return true_formula;
        },
        [](std::size_t row, BitRow& columns) {
            columns = BitRow(columns.size());
            columns.set(row);
        });
    CHECK(asked == 5);
    CHECK(r.may().count() == 5);
}
