// SPDX-License-Identifier: Apache-2.0
//
// Each operator on random executions against sets of pairs, and the relations that follow from events alone.
#include "model/execution/concrete_evaluator.hpp"

#include <stdexcept>

#include "tests/support/catch.hpp"
#include "tests/support/random_execution.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using tlbcheck::tests::Events;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::SmallExecution;

namespace {

Pairs pairs_of(const BitMatrix& m) {
    Pairs result;
    for (EventId i = 0; i < m.size(); ++i) {
        for (EventId j = 0; j < m.size(); ++j) {
            if (m.test(i, j)) result.insert({i, j});
        }
    }
    return result;
}

/// Which pairs of executed events a condition holds for.
template <class Condition>
Pairs pairs_where(const BitRow& executed, const Condition& holds) {
    Pairs result;
    for (EventId i = 0; i < executed.size(); ++i) {
        for (EventId j = 0; j < executed.size(); ++j) {
            if (executed.test(i) && executed.test(j) && holds(i, j)) result.insert({i, j});
        }
    }
    return result;
}

bool path(const BitMatrix& r, EventId from, EventId to) {
    std::vector<bool> seen(r.size());
    std::vector<EventId> open{from};
    while (!open.empty()) {
        const EventId at = open.back();
        open.pop_back();
        if (r.test(at, to)) return true;
        for (EventId next = 0; next < r.size(); ++next) {
            if (r.test(at, next) && !seen[next]) open.push_back(next);
            seen[next] = seen[next] || r.test(at, next);
        }
    }
    return false;
}

}  // namespace

TEST_CASE("operators are those on sets of pairs") {
    tlbcheck::tests::Primitives names;
    const Rel a = rel("a"), b = rel("b");
    const Set s = set("s"), t = set("t");
    names.add((s >> a >> t | b).node());
    tlbcheck::tests::Dice dice(7);
    for (int round = 0; round < 60; ++round) {
        CAPTURE(round);
        const auto made = tlbcheck::tests::random_unconstrained(names, dice);
        const Execution& x = made.execution;
        ConcreteEvaluator evaluator(*made.graph, x);
        const BitMatrix &ra = x.edges.at("a"), &rb = x.edges.at("b");
        const BitRow &rs = x.sets.at("s"), &rt = x.sets.at("t");
        const auto expect = [&](const Rel& r, const auto& holds) {
            INFO(to_string(r));
            CHECK(pairs_of(evaluator.evaluate(r)) == pairs_where(x.executed, holds));
        };
        const auto through = [&](EventId i, EventId j) {
            for (EventId k = 0; k < ra.size(); ++k) {
                if (ra.test(i, k) && rb.test(k, j)) return true;
            }
            return false;
        };
        expect(a | b, [&](EventId i, EventId j) { return ra.test(i, j) || rb.test(i, j); });
        expect(a & b, [&](EventId i, EventId j) { return ra.test(i, j) && rb.test(i, j); });
        expect(a - b, [&](EventId i, EventId j) { return ra.test(i, j) && !rb.test(i, j); });
        expect(~a, [&](EventId i, EventId j) { return !ra.test(i, j); });
        expect(inverse(a), [&](EventId i, EventId j) { return ra.test(j, i); });
        expect(opt(a), [&](EventId i, EventId j) { return i == j || ra.test(i, j); });
        expect(plus(a), [&](EventId i, EventId j) { return path(ra, i, j); });
        expect(star(a), [&](EventId i, EventId j) { return i == j || path(ra, i, j); });
        expect(a >> b, through);
        expect(s >> a, [&](EventId i, EventId j) { return rs.test(i) && ra.test(i, j); });
        expect(a >> s, [&](EventId i, EventId j) { return ra.test(i, j) && rs.test(j); });
        expect(s * t, [&](EventId i, EventId j) { return rs.test(i) && rt.test(j); });
        expect(id(s), [&](EventId i, EventId j) { return i == j && rs.test(i); });
        expect(id(), [&](EventId i, EventId j) { return i == j; });
        expect(universe_rel(), [&](EventId, EventId) { return true; });
        expect(id(s | t), [&](EventId i, EventId j) { return i == j && (rs.test(i) || rt.test(i)); });
        expect(id(s & t), [&](EventId i, EventId j) { return i == j && rs.test(i) && rt.test(i); });
        expect(id(s - t), [&](EventId i, EventId j) { return i == j && rs.test(i) && !rt.test(i); });
        expect(id(~s), [&](EventId i, EventId j) { return i == j && !rs.test(i); });
        expect(id(universe_set()), [&](EventId i, EventId j) { return i == j; });
        expect(id(domain(a)), [&](EventId i, EventId j) {
            for (EventId k = 0; k < ra.size(); ++k) {
                if (i == j && ra.test(i, k)) return true;
            }
            return false;
        });
        expect(id(range(a)), [&](EventId i, EventId j) {
            for (EventId k = 0; k < ra.size(); ++k) {
                if (i == j && ra.test(k, j)) return true;
            }
            return false;
        });
        const Rel v = rel_variable("v"), w = rel_variable("w");
        expect(fixpoint({v, w}, {a | w >> a, v})[0], [&](EventId i, EventId j) { return path(ra, i, j); });
    }
}

TEST_CASE("what follows from the events alone") {
    SmallExecution x;
    const EventId initial = x.also(initial_thread, {"W"}, 0);
    const EventId first = x.add(0, {"W"}, 0);
    const EventId beside = x.also(0, {"R"}, 1);
    const EventId later = x.add(0, {"R"}, 0);
    const EventId elsewhere = x.add(1, {"R"}, 0);
    const EventId nowhere = x.add(1, {"F"});
    CHECK(x.pairs(rel("po")) == Pairs{{first, later}, {beside, later}, {elsewhere, nowhere}});
    CHECK(x.pairs(rel("po-loc")) == Pairs{{first, later}});
    CHECK(x.pairs(rel("loc") & (set("W") * set("R"))) ==
          Pairs{{initial, later}, {initial, elsewhere}, {first, later}, {first, elsewhere}});
    CHECK(x.pairs(rel("int") & (set("W") * set("R"))) == Pairs{{first, beside}, {first, later}});
    CHECK(x.pairs(rel("ext") & (set("W") * set("W"))) == Pairs{{initial, first}, {first, initial}});
    CHECK(x.pairs(rel("same-instance") - id()) == Pairs{{first, beside}, {beside, first}});
    CHECK(x.pairs(rel("same-low-order-bits") & (set("F") * universe_set())).empty());
    CHECK(x.pairs(rel("same-low-order-bits") & (set("W") * set("R"))) ==
          x.pairs(rel("loc") & (set("W") * set("R"))));
    x.reads(later, first);
    x.co(initial, first);
    CHECK(x.pairs(rel("rf")) == Pairs{{first, later}});
    CHECK(x.pairs(rel("co")) == Pairs{{initial, first}});
    CHECK(x.pairs(rel("of no graph")).empty());
    CHECK(x.events(set("of no graph")).empty());
}

TEST_CASE("a relation that is bound again makes what uses it anew") {
    SmallExecution x;
    x.add(0, {"R"});
    x.add(0, {"R"});
    const Execution made = x.execution();
    ConcreteEvaluator evaluator(x.graph, made);
    const Rel r = set("R") >> rel("chosen") >> set("R");
    CHECK_FALSE(evaluator.evaluate(r).any());
    BitMatrix chosen(2);
    chosen.set(1, 0);
    evaluator.bind("chosen", chosen);
    CHECK(evaluator.evaluate(r) == chosen);
    x.choose("chosen", 0, 1);
    CHECK(x.pairs(r) == Pairs{{0, 1}});
}

TEST_CASE("a set in a relation's place is an error of the program") {
    SmallExecution x;
    x.add(0, {"R"});
    const Execution made = x.execution();
    ConcreteEvaluator evaluator(x.graph, made);
    CHECK_THROWS_AS(evaluator.evaluate(Rel(set("R").node())), std::logic_error);
    CHECK_THROWS_AS(evaluator.evaluate(Set(rel("po").node())), std::logic_error);
}

TEST_CASE("initial events are of no thread: none is beside another") {
    SmallExecution x;
    const EventId one = x.add(initial_thread, {"W"}, 0), other = x.add(initial_thread, {"W"}, 1);
    CHECK(x.pairs(rel("int") & (id() | set("W") * set("W"))).empty());
    CHECK(x.pairs(rel("same-instance")).empty());
    CHECK_FALSE(x.pairs(rel("ext")).contains({one, other}));
}

TEST_CASE("of recursive relations each has its own body, and sets in them grow with them") {
    SmallExecution x;
    const EventId first = x.add(0, {"R"}), second = x.add(0, {"R"}), third = x.add(0, {"R"});
    x.edge("start", first, second);
    x.edge("step", second, third);
    x.edge("step", first, third);
    const Rel v = rel_variable("v"), w = rel_variable("w");
    const std::vector<Rel> both = fixpoint({v, w}, {rel("start"), rel("step")});
    CHECK(x.pairs(both[0]) == Pairs{{first, second}});
    CHECK(x.pairs(both[1]) == Pairs{{second, third}, {first, third}});
    // What is in range of v makes one more step each time.
    const Rel grown = fixpoint({v}, {rel("start") | id(range(v)) >> rel("step")})[0];
    CHECK(x.pairs(grown) == Pairs{{first, second}, {second, third}});
}
