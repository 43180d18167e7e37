// SPDX-License-Identifier: Apache-2.0
//
// Formulas against truth tables: each is built a second time as the set of assignments under which it holds.
#include "model/logic/formula.hpp"

#include <algorithm>
#include <bitset>
#include <random>

#include "tests/support/catch.hpp"
#include "tests/unit/encoder/random_formulas.hpp"

using namespace tlbcheck::model::logic;

namespace {

constexpr std::size_t variables = 7;
using Table = std::bitset<1U << variables>;

/// Two groups of exclusive variables and two free ones; tables have the assignments that respect the groups.
struct Tables {
    FormulaPool pool;
    Table possible;
    std::vector<std::pair<Formula, Table>> made;

    Tables() {
        const Group first = pool.new_group();
        const Group second = pool.new_group();
        for (const Group g : {first, first, first, second, second, no_group, no_group})
            pool.variable("v" + std::to_string(pool.variable_count()), g);
        for (std::size_t n = 0; n < possible.size(); ++n) {
            const auto count = [&](std::size_t from, std::size_t to) {
                std::size_t ones = 0;
                for (std::size_t v = from; v < to; ++v) ones += n >> v & 1U;
                return ones;
            };
            possible[n] = count(0, 3) <= 1 && count(3, 5) <= 1;
        }
        for (Variable v = 0; v < variables; ++v) {
            Table table;
            for (std::size_t n = 0; n < table.size(); ++n) table[n] = (n >> v & 1U) != 0;
            made.emplace_back(pool.of_variable(v), table & possible);
        }
        made.emplace_back(true_formula, possible);
    }

    std::pair<Formula, Table> any(std::mt19937_64& random) const {
        const auto& [f, table] = made[random() % made.size()];
        return random() % 2 == 0 ? std::pair(f, table) : std::pair(!f, ~table & possible);
    }

    Table table_of(Formula f) const {
        Table table;
        for (std::size_t n = 0; n < table.size(); ++n) {
            if (!possible[n]) continue;
            Assignment assignment(pool, tlbcheck::tests::assignment_number(variables, n));
            table[n] = assignment.value(f);
        }
        return table;
    }
};

}  // namespace

TEST_CASE("every operator means what its truth table says") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        std::mt19937_64 random(seed);
        Tables t;
        for (int step = 0; step < 40; ++step) {
            std::vector<Formula> operands;
            Table all = t.possible, some;
            for (std::size_t k = 2 + random() % 3; k > 0; --k) {
                const auto [f, table] = t.any(random);
                operands.push_back(f);
                all &= table;
                some |= table;
            }
            const auto [f, of_f] = t.any(random);
            const auto [g, of_g] = t.any(random);
            const std::size_t before = t.made.size();
            t.made.emplace_back(t.pool.conjunction(operands), all);
            t.made.emplace_back(t.pool.disjunction(operands), some);
            t.made.emplace_back(t.pool.both(f, g), of_f & of_g);
            t.made.emplace_back(t.pool.either(f, g), of_f | of_g);
            t.made.emplace_back(t.pool.implication(f, g), (~of_f | of_g) & t.possible);
            for (std::size_t i = before; i < t.made.size(); ++i) {
                CAPTURE(seed, step, i - before);
                REQUIRE(t.table_of(t.made[i].first) == t.made[i].second);
            }
        }
    }
}

TEST_CASE("what is said to be implied or excluded is") {
    int implied = 0, excluded = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        std::mt19937_64 random(seed);
        Tables t;
        for (int step = 0; step < 30; ++step) {
            const auto [f, of_f] = t.any(random);
            const auto [g, of_g] = t.any(random);
            t.made.emplace_back(t.pool.both(f, g), of_f & of_g);
        }
        for (int step = 0; step < 200; ++step) {
            const auto [f, of_f] = t.any(random);
            const auto [g, of_g] = t.any(random);
            CAPTURE(seed, step);
            if (t.pool.implies(f, g)) {
                ++implied;
                REQUIRE((of_f & ~of_g).none());
            }
            if (t.pool.excludes(f, g)) {
                ++excluded;
                REQUIRE((of_f & of_g).none());
            }
        }
    }
    CHECK(implied > 1000);
    CHECK(excluded > 1000);
}

TEST_CASE("under a context a formula keeps its value where the context holds, and settles what it can") {
    int settled = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        std::mt19937_64 random(seed);
        Tables t;
        for (int step = 0; step < 60; ++step) {
            const auto [f, of_f] = t.any(random);
            const auto [g, of_g] = t.any(random);
            t.made.emplace_back(t.pool.either(f, g), of_f | of_g);
            const Formula under = t.pool.under(f, g);
            CAPTURE(seed, step);
            REQUIRE((t.table_of(under) & of_g) == (of_f & of_g));
            // What a look at the operands says is settled.
            if (!g.is_constant() && t.pool.implies(g, f)) REQUIRE(under.is_true());
            if (!g.is_constant() && t.pool.excludes(g, f) && !t.pool.implies(g, f)) REQUIRE(under.is_false());
            settled += under != f ? 1 : 0;
        }
    }
    CHECK(settled > 100);
}

TEST_CASE("equal conjunctions are one node, whatever the order and nesting") {
    FormulaPool pool;
    const Formula a = pool.variable("a"), b = pool.variable("b"), c = pool.variable("c");
    const Formula f = pool.conjunction({a, b, c});
    const std::size_t nodes = pool.node_count();
    CHECK(pool.conjunction({c, b, a, b}) == f);
    CHECK(pool.both(c, pool.both(a, b)) == f);
    CHECK(pool.disjunction({!a, !b, !c}) == !f);
    CHECK(pool.node_count() == nodes + 1);  // a & b alone is the only new one
    const auto operands = pool.operands(f);
    CHECK(std::vector<Formula>(operands.begin(), operands.end()) == std::vector<Formula>{a, b, c});
}

TEST_CASE("variables of a group exclude each other, others do not") {
    FormulaPool pool;
    const Group group = pool.new_group();
    const Group other = pool.new_group();
    const Formula a = pool.variable("a", group), b = pool.variable("b", group), c = pool.variable("c", other);
    CHECK(pool.both(a, b).is_false());
    CHECK(pool.both(a, !b) == a);
    CHECK_FALSE(pool.both(a, c).is_constant());
    CHECK_FALSE(pool.both(!a, !b).is_constant());
    CHECK(pool.excludes(a, b));
    CHECK_FALSE(pool.excludes(a, c));
    CHECK(pool.implies(a, !b));
    CHECK(pool.group(pool.variable_of(a)) != other);
    CHECK(pool.name(pool.variable_of(b)) == "b");
    CHECK(pool.group(pool.variable_of(c)) == other);
}

TEST_CASE("a small disjunction is resolved with what stands beside it") {
    FormulaPool pool;
    const Formula a = pool.variable("a"), b = pool.variable("b"), c = pool.variable("c");
    CHECK(pool.conjunction({a, b, !a}).is_false());
    CHECK(pool.disjunction({a, b, !a}).is_true());
    CHECK(pool.both(a, pool.either(!a, b)) == pool.both(a, b));
    CHECK(pool.both(a, pool.either(a, c)) == a);
    CHECK(pool.conjunction({!a, !b, pool.either(a, b)}).is_false());
}

TEST_CASE("a variable without a value is false, and the pool may grow after an assignment was made") {
    FormulaPool pool;
    const Formula a = pool.variable("a");
    Assignment assignment(pool, {true});
    const Formula b = pool.variable("b");
    const Formula both = pool.both(a, b), either = pool.either(a, b);
    CHECK(assignment.value(a));
    CHECK_FALSE(assignment.value(b));
    CHECK_FALSE(assignment.value(both));
    CHECK(assignment.value(either));
    CHECK(assignment.value(true_formula));
    CHECK_FALSE(assignment.value(false_formula));
}
