// SPDX-License-Identifier: Apache-2.0
#include "checker/advice/source/hitting_sets.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
using Set = std::vector<std::size_t>;

TEST_CASE("the lightest set that meets every clause", "[hitting_sets]") {
    HittingProblem problem{{1, 5, 2, 2}, {{}, {}, {}, {}}, {}, {}, 100};
    CHECK(lightest_hitting_set(problem) == Set{});
    problem.must_meet = {{1, 2}, {1, 3}};
    CHECK(lightest_hitting_set(problem) == Set{2, 3});
    problem.weights[1] = 3;
    CHECK(lightest_hitting_set(problem) == Set{1});
    problem.not_within = {{1}};
    CHECK(lightest_hitting_set(problem) == Set{2, 3});
    problem.most_weight = 3;
    CHECK_FALSE(lightest_hitting_set(problem).has_value());
}

TEST_CASE("elements exclude each other", "[hitting_sets]") {
    HittingProblem problem{{1, 1, 9}, {{1}, {0}, {}}, {{0}, {1, 2}}, {}, 100};
    CHECK(lightest_hitting_set(problem) == Set{0, 2});
    problem.must_meet = {{0}, {1}};
    CHECK_FALSE(lightest_hitting_set(problem).has_value());
    problem.must_meet = {{}};
    CHECK_FALSE(lightest_hitting_set(problem).has_value());
}

TEST_CASE("what is stronger than a set that is known is not found", "[hitting_sets]") {
    HittingProblem problem{{1, 2, 2}, {{}, {}, {}}, {{0, 1, 2}}, {{0}}, 100};
    problem.exceeds = {{}, {0}, {}};
    CHECK(lightest_hitting_set(problem) == Set{2});
}

TEST_CASE("a clause that holds for some sets only", "[hitting_sets]") {
    HittingProblem problem{{1, 3, 1}, {{}, {}, {}}, {{0, 1}, {2}}, {}, 100};
    problem.only_with = {{}, {0}};
    CHECK(lightest_hitting_set(problem) == Set{0, 2});
    problem.weights[2] = 5;
    CHECK(lightest_hitting_set(problem) == Set{1});
}

TEST_CASE("no other set is lighter: compared with all subsets", "[hitting_sets]") {
    std::uint64_t state = 1;
    const auto random = [&](std::uint64_t below) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 33U) % below;
    };
    for (int round = 0; round < 300; ++round) {
        HittingProblem problem;
        std::vector<std::uint64_t> groups;
        constexpr std::size_t size = 7;
        for (std::size_t k = 0; k < size; ++k) {
            problem.weights.push_back(static_cast<int>(1 + random(5)));
            groups.push_back(random(5));
        }
        for (std::size_t k = 0; k < size; ++k) {
            Set& excluded = problem.excluded.emplace_back();
            for (std::size_t other = 0; other < size; ++other)
                if (other != k && groups[other] == groups[k]) excluded.push_back(other);
        }
        problem.most_weight = 12;
        for (std::size_t clause = 0; clause < 1 + random(5); ++clause) {
            Set set;
            for (std::size_t k = 0; k < size; ++k)
                if (random(3) == 0) set.push_back(k);
            problem.must_meet.push_back(set);
            problem.only_with.push_back(random(3) == 0 ? Set{random(size)} : Set{});
        }
        int best = problem.most_weight + 1;
        for (std::size_t mask = 0; mask < (1U << size); ++mask) {
            const auto in = [&](std::size_t k) { return (mask >> k & 1U) != 0; };
            bool ok = true;
            int weight = 0;
            for (std::size_t k = 0; k < size; ++k) {
                if (!in(k)) continue;
                weight += problem.weights[k];
                for (std::size_t other = 0; other < k; ++other)
                    ok = ok && !(in(other) && groups[other] == groups[k]);
            }
            for (std::size_t clause = 0; clause < problem.must_meet.size(); ++clause) {
                bool met = false;
                for (const std::size_t k : problem.must_meet[clause]) met = met || in(k);
                for (const std::size_t k : problem.only_with[clause]) met = met || !in(k);
                ok = ok && met;
            }
            if (ok && weight < best) best = weight;
        }
        const auto found = lightest_hitting_set(problem);
        CAPTURE(round);
        REQUIRE(found.has_value() == (best <= problem.most_weight));
        if (!found) continue;
        int weight = 0;
        for (const std::size_t k : *found) weight += problem.weights[k];
        CHECK(weight == best);
    }
}

TEST_CASE("one of a kind stands for another in what is forbidden, and for no two", "[hitting_sets]") {
    // 0, 1 and 2 are of one kind.
    HittingProblem problem{{1, 1, 1, 5}, {{}, {}, {}, {}}, {{0, 1, 2, 3}}, {}, 100};
    problem.kinds = {0, 0, 0, 3};
    CHECK(lightest_hitting_set(problem) == Set{0});
    problem.not_within = {{1}};
    CHECK(lightest_hitting_set(problem) == Set{3});
    problem.not_within = {{0, 1}};
    CHECK(lightest_hitting_set(problem) == Set{0});
    problem.must_meet = {{0}, {2}};
    CHECK(lightest_hitting_set(problem) == std::nullopt);
}
