// SPDX-License-Identifier: Apache-2.0
//
// The clauses say what the formulas say: under each assignment of the pool's variables they can be met iff
// the formulas hold.
#include "encoder/clauses.hpp"

#include <algorithm>
#include <cstdlib>

#include "tests/support/catch.hpp"
#include "tests/unit/encoder/random_formulas.hpp"

using tlbcheck::encoder::Clauses;
using tlbcheck::encoder::Literal;
using tlbcheck::model::logic::Assignment;
using tlbcheck::model::logic::false_formula;
using tlbcheck::model::logic::Formula;
using tlbcheck::model::logic::FormulaPool;
using tlbcheck::model::logic::true_formula;

namespace {

std::vector<std::vector<Literal>> split(std::span<const Literal> literals) {
    std::vector<std::vector<Literal>> clauses(1);
    for (const Literal l : literals) {
        if (l == 0) {
            clauses.emplace_back();
        } else {
            clauses.back().push_back(l);
        }
    }
    clauses.pop_back();
    return clauses;
}

/// Whether the open variables can be chosen so that every clause holds: by trying, with unit propagation.
bool can_be_met(std::vector<std::vector<Literal>> clauses, std::vector<int>& values) {
    bool changed = true;
    const auto value = [&](Literal l) { return l > 0 ? values[l] : -values[-l]; };
    while (changed) {
        changed = false;
        for (const auto& clause : clauses) {
            if (std::ranges::any_of(clause, [&](Literal l) { return value(l) > 0; })) continue;
            std::vector<Literal> open;
            std::ranges::copy_if(clause, std::back_inserter(open), [&](Literal l) { return value(l) == 0; });
            if (open.empty()) return false;
            if (open.size() > 1) continue;
            values[std::abs(open[0])] = open[0] > 0 ? 1 : -1;
            changed = true;
        }
    }
    const auto open = std::find(values.begin() + 1, values.end(), 0);
    if (open == values.end()) return true;
    const auto at = open - values.begin();
    for (const int choice : {1, -1}) {
        std::vector<int> tried = values;
        tried[at] = choice;
        if (can_be_met(clauses, tried)) return true;
    }
    return false;
}

bool met_under(const Clauses& clauses, const std::vector<bool>& assignment) {
    std::vector<int> values(clauses.variable_count() + 1, 0);
    for (std::size_t v = 1; v < values.size(); ++v) {
        const auto named = clauses.named(static_cast<Literal>(v));
        if (named) values[v] = assignment[*named] ? 1 : -1;
    }
    return can_be_met(split(clauses.literals()), values);
}

}  // namespace

TEST_CASE("clauses can be met exactly where the formulas hold") {
    int satisfied = 0, refused = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        std::mt19937_64 random(seed);
        FormulaPool pool;
        for (int v = 0; v < 5; ++v) pool.variable("v" + std::to_string(v));
        const Formula f = tlbcheck::tests::random_formula(pool, random, 12);
        const Formula g = tlbcheck::tests::random_formula(pool, random, 6);
        const Formula a = tlbcheck::tests::random_formula(pool, random, 2);
        const Formula b = tlbcheck::tests::random_formula(pool, random, 2);
        Clauses clauses(pool);
        clauses.require(f);
        clauses.require(g);
        clauses.exclude(a, b);
        for (std::uint64_t n = 0; n < 32; ++n) {
            const auto values = tlbcheck::tests::assignment_number(5, n);
            Assignment assignment(pool, values);
            const bool holds =
                assignment.value(f) && assignment.value(g) && !(assignment.value(a) && assignment.value(b));
            CAPTURE(seed, n);
            CHECK(met_under(clauses, values) == holds);
            ++(holds ? satisfied : refused);
        }
    }
    CHECK(satisfied > 500);
    CHECK(refused > 500);
}

TEST_CASE("a formula that is already stated adds no clause") {
    FormulaPool pool;
    std::vector<Formula> variables;
    for (int v = 0; v < 6; ++v) variables.push_back(pool.variable("v"));
    const Formula f = pool.disjunction(variables);
    Clauses clauses(pool);
    const Literal once = clauses.literal(f);
    const std::size_t count = clauses.clause_count();
    CHECK(clauses.literal(f) == once);
    CHECK(clauses.clause_count() == count);
    CHECK(clauses.literal(!f) == -once);
    CHECK(clauses.clause_count() > count);
}

TEST_CASE("constants are clauses too") {
    FormulaPool pool;
    const Formula v = pool.variable("v");
    Clauses clauses(pool);
    clauses.require(true_formula);
    clauses.exclude(v, false_formula);
    CHECK(clauses.clause_count() == 0);
    clauses.exclude(v, true_formula);
    CHECK(split(clauses.literals()) == std::vector<std::vector<Literal>>{{-1}});
    clauses.require(false_formula);
    CHECK(split(clauses.literals()).back().empty());
    CHECK(clauses.clause_count() == 2);
    CHECK(clauses.drain().size() == 3);
    CHECK(clauses.clause_count() == 0);
}
