// SPDX-License-Identifier: Apache-2.0
#include "encoder/clause_search.hpp"

#include <random>

#include "tests/support/catch.hpp"
#include "tests/support/seeds.hpp"

using tlbcheck::encoder::ClauseSearch;
using tlbcheck::encoder::Literal;

namespace {

using ClauseList = std::vector<Literal>;  ///< each clause ended by 0

bool holds(const ClauseList& clauses, std::uint64_t values) {
    bool satisfied = false;
    for (const Literal l : clauses) {
        if (l == 0) {
            if (!satisfied) return false;
            satisfied = false;
            continue;
        }
        const auto v = static_cast<unsigned>(std::abs(l) - 1);
        satisfied = satisfied || ((values >> v & 1U) != 0) == (l > 0);
    }
    return true;
}

/// By truth table.
bool satisfiable(ClauseList clauses, const ClauseList& assumptions, unsigned variables) {
    for (const Literal l : assumptions) clauses.insert(clauses.end(), {l, 0});
    for (std::uint64_t values = 0; values < std::uint64_t{1} << variables; ++values) {
        if (holds(clauses, values)) return true;
    }
    return false;
}

ClauseList random_clauses(std::mt19937_64& random, unsigned variables, std::size_t count) {
    ClauseList result;
    for (std::size_t c = 0; c < count; ++c) {
        for (std::size_t k = 1 + random() % 4; k > 0; --k) {
            const auto v = static_cast<Literal>(1 + random() % variables);
            result.push_back(random() % 2 == 0 ? v : -v);
        }
        result.push_back(0);
    }
    return result;
}

/// So many pigeons in one hole less: unsatisfiable, and hard to show by clauses.
ClauseList pigeons(int count) {
    const auto in = [count](int pigeon, int hole) { return pigeon * (count - 1) + hole + 1; };
    ClauseList result;
    for (int p = 0; p < count; ++p) {
        for (int h = 0; h + 1 < count; ++h) result.push_back(in(p, h));
        result.push_back(0);
    }
    for (int h = 0; h + 1 < count; ++h) {
        for (int p = 0; p < count; ++p) {
            for (int q = p + 1; q < count; ++q) result.insert(result.end(), {-in(p, h), -in(q, h), 0});
        }
    }
    return result;
}

}  // namespace

TEST_CASE("the small search answers as truth tables do, clauses added between checks", "[long]") {
    tlbcheck::tests::Seeds seeds("TLBCHECK_UNIT_CLAUSES", 1500, 40000);
    int yes = 0;
    int no = 0;
    while (const auto seed = seeds.next()) {
        std::mt19937_64 random(*seed);
        const auto variables = static_cast<unsigned>(3 + random() % 8);
        ClauseSearch search;
        ClauseList all;
        for (int round = 0; round < 4; ++round) {
            const ClauseList more = random_clauses(random, variables, 1 + random() % (2 * variables));
            all.insert(all.end(), more.begin(), more.end());
            search.add(more);
            ClauseList assumptions;
            while (random() % 3 != 0) {
                const auto v = static_cast<Literal>(1 + random() % variables);
                assumptions.push_back(random() % 2 == 0 ? v : -v);
            }
            INFO("seed " << *seed << " round " << round);
            const bool expected = satisfiable(all, assumptions, variables);
            const auto found = search.check(assumptions);
            REQUIRE(found);
            CHECK(*found == expected);
            (expected ? yes : no) += 1;
            if (found != true) continue;
            std::uint64_t values = 0;
            for (unsigned v = 0; v < variables; ++v) {
                if (search.value(static_cast<Literal>(v + 1))) values |= std::uint64_t{1} << v;
            }
            ClauseList with = all;
            for (const Literal l : assumptions) with.insert(with.end(), {l, 0});
            CHECK(holds(with, values));
        }
    }
    CHECK(yes > 0);
    CHECK(no > 0);
}

/// Many decisions stand behind a conflict here: a learnt clause that left one out would refuse too much.
TEST_CASE("clauses of three, about as many as can just be met, are answered as truth tables do") {
    int yes = 0, no = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        std::mt19937_64 random(seed);
        constexpr unsigned variables = 14;
        ClauseList all;
        for (int c = 0; c < 58; ++c) {
            for (int k = 0; k < 3; ++k) {
                const auto v = static_cast<Literal>(1 + random() % variables);
                all.push_back(random() % 2 == 0 ? v : -v);
            }
            all.push_back(0);
        }
        INFO("seed " << seed);
        ClauseSearch search;
        search.add(all);
        const bool expected = satisfiable(all, {}, variables);
        CHECK(search.check({}) == expected);
        (expected ? yes : no) += 1;
    }
    CHECK(yes > 20);
    CHECK(no > 20);
}

TEST_CASE("conflicts that need many learnt clauses are resolved") {
    ClauseSearch search;
    search.add(pigeons(6));
    CHECK(search.check({}) == false);
    CHECK(search.check({}) == false);
}

TEST_CASE("a hard question is given up, and an easy one answered after it") {
    ClauseSearch search(ClauseSearch::Effort{20, 1000000, 100000});
    const ClauseList hard = pigeons(9);
    ClauseList guarded;  // only where variable 100 holds
    for (const Literal l : hard) {
        if (l == 0) guarded.push_back(-100);
        guarded.push_back(l);
    }
    search.add(guarded);
    const Literal on = 100;
    const Literal off = -100;
    CHECK(search.check(std::span(&on, 1)) == std::nullopt);
    CHECK_FALSE(search.given_up());
    CHECK(search.check(std::span(&off, 1)) == true);
    CHECK(search.given().size() == guarded.size());
}

TEST_CASE("more than it may be given is kept, and not searched") {
    ClauseSearch search(ClauseSearch::Effort{20, 1000, 4});
    const ClauseList clauses{1, 2, 0, -1, 2, 0};
    search.add(clauses);
    CHECK(search.given_up());
    CHECK(search.check({}) == std::nullopt);
    CHECK(ClauseList(search.given().begin(), search.given().end()) == clauses);
}

TEST_CASE("the empty clause, and clauses that say nothing") {
    ClauseSearch search;
    search.add(ClauseList{1, -1, 0, 2, 2, 0});
    CHECK(search.check({}) == true);
    CHECK(search.value(2));
    CHECK_FALSE(search.value(3));
    const ClauseList assumptions{3, -3};
    CHECK(search.check(assumptions) == false);
    CHECK(search.check({}) == true);
    search.add(ClauseList{0});
    CHECK(search.check({}) == false);
}
