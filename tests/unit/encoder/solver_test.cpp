// SPDX-License-Identifier: Apache-2.0
#include "encoder/solver.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "model/limits/budget.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/encoder/random_formulas.hpp"

using tlbcheck::encoder::Outcome;
using tlbcheck::encoder::Solver;
using tlbcheck::model::logic::Formula;
using tlbcheck::model::logic::FormulaPool;

namespace {

/// `first` and `second` with so many variables of its own that the pool leaves it a node.
Formula wide_conjunction(FormulaPool& pool, Formula first, Formula second) {
    std::vector<Formula> parts{first, second};
    for (int i = 0; i < 40; ++i) parts.push_back(pool.variable("own " + std::to_string(i)));
    return pool.conjunction(parts);
}

}  // namespace

TEST_CASE("a conjunction that is shared by its parts is required in time linear in its nodes") {
    FormulaPool pool;
    const Formula bottom = pool.variable("bottom");
    std::pair<Formula, Formula> level{bottom, pool.variable("other")};
    for (int depth = 0; depth < 60; ++depth) {  // 2^60 ways from the top to the bottom
        level = {wide_conjunction(pool, level.first, level.second),
                 wide_conjunction(pool, level.first, level.second)};
    }
    Solver solver(pool);
    solver.require(level.first);
    CHECK(solver.check() == Outcome::satisfiable);
    CHECK(solver.check(!bottom) == Outcome::unsatisfiable);
}

namespace {

/// The variables' values in the answer, as digits.
std::string digits(const std::vector<bool>& values) {
    std::string text;
    for (const bool v : values) text += v ? '1' : '0';
    return text;
}

}  // namespace

TEST_CASE("answers agree with truth tables, with and without assumptions") {
    int possible = 0, impossible = 0;
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        std::mt19937_64 random(seed);
        FormulaPool pool;
        for (int v = 0; v < 5; ++v) pool.variable("v" + std::to_string(v));
        const Formula required = tlbcheck::tests::random_formula(pool, random, 8);
        const Formula a = tlbcheck::tests::random_formula(pool, random, 2);
        const Formula b = tlbcheck::tests::random_formula(pool, random, 2);
        Solver solver(pool);
        solver.require(required);
        solver.exclude(a, b);
        for (const Formula assumed : {tlbcheck::model::logic::true_formula, a, !b, pool.both(a, !b)}) {
            bool expected = false;
            std::string least;
            for (std::uint64_t n = 0; n < 32; ++n) {
                // The first variable counts most.
                std::vector<bool> values(5);
                for (std::size_t v = 0; v < 5; ++v) values[v] = (n >> (4 - v) & 1U) != 0;
                tlbcheck::model::logic::Assignment t(pool, values);
                const bool holds = t.value(required) && !(t.value(a) && t.value(b)) && t.value(assumed);
                if (holds && !expected) least = digits(values);
                expected |= holds;
            }
            CAPTURE(seed);
            REQUIRE(solver.check(assumed) == (expected ? Outcome::satisfiable : Outcome::unsatisfiable));
            ++(expected ? possible : impossible);
            if (!expected) continue;
            tlbcheck::model::logic::Assignment found(pool, solver.assignment());
            CHECK((found.value(required) && found.value(assumed) && !(found.value(a) && found.value(b))));
            const auto best = solver.least_assignment(std::span(&assumed, 1), pool.variables());
            REQUIRE(best);
            CHECK(digits(*best) == least);
        }
    }
    CHECK(possible > 100);
    CHECK(impossible > 30);
}

TEST_CASE("constants need no solver, and a graph's facts are all taken") {
    tlbcheck::model::EventGraph graph;
    const Formula a = graph.pool().variable("a"), b = graph.pool().variable("b");
    graph.require(graph.pool().either(a, b));
    graph.exclude(a, b);
    Solver solver(graph.pool());
    solver.require_graph(graph);
    CHECK(solver.check(tlbcheck::model::logic::false_formula) == Outcome::unsatisfiable);
    CHECK(solver.check(graph.pool().both(a, b)) == Outcome::unsatisfiable);
    CHECK(solver.check(graph.pool().both(!a, !b)) == Outcome::unsatisfiable);
    CHECK(solver.check(a) == Outcome::satisfiable);
    CHECK(solver.check() == Outcome::satisfiable);
    solver.require(tlbcheck::model::logic::false_formula);
    CHECK(solver.check() == Outcome::unsatisfiable);
}

TEST_CASE("out of time is an exception, never an answer") {
    tlbcheck::model::Limits limits;
    limits.milliseconds = 0;
    tlbcheck::model::Budget budget(limits);
    const tlbcheck::model::BudgetScope scope(budget);
    FormulaPool pool;
    const Formula a = pool.variable("a");
    CHECK_THROWS_AS(Solver(pool).check(a), tlbcheck::model::LimitReached);
}

TEST_CASE("the solver's version has three numbers") {
    const std::string version = tlbcheck::encoder::solver_version();
    CHECK(std::count(version.begin(), version.end(), '.') == 2);
    CHECK(version.front() == '4');
}
