// SPDX-License-Identifier: Apache-2.0
//
// Solver against enumerator on random small litmus tests, as text through the reader. TLBCHECK_CROSS_LITMUS
// sets how many, TLBCHECK_CROSS_WALKS how many with two levels and contiguous sets, TLBCHECK_ENUMERATOR_STEPS
// the enumerator's bound; see also Seeds.
#include <fmt/format.h>

#include "tests/cross/litmus_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_litmus.hpp"

namespace tests = tlbcheck::tests;
namespace checker = tlbcheck::checker;

namespace {

struct RandomTally {
    int agree = 0, too_large = 0, undecided = 0, flagged = 0, several_states = 0, errors = 0;

    void add(const tests::LitmusComparison& c) {
        const auto& e = c.enumerated;
        agree += static_cast<int>(c.ways == tests::Ways::agree);
        too_large += static_cast<int>(c.ways == tests::Ways::too_large);
        undecided += static_cast<int>(c.ways == tests::Ways::undecided);
        flagged += static_cast<int>(!e.flags.empty());
        several_states += static_cast<int>(e.satisfying.size() + e.others.size() > 1);
        errors += static_cast<int>(!e.errors.empty());
    }
};

}  // namespace

namespace {

void compare(tests::Seeds seeds, const tests::RandomLitmusOptions& options, std::uint64_t steps,
             RandomTally& tally) {
    tlbcheck::tests::enumerator::Limits limits;
    limits.steps = tests::limit_from_environment("TLBCHECK_ENUMERATOR_STEPS", steps);
    while (const auto seed = seeds.next()) {
        const std::string text = tests::random_litmus(*seed, options);
        INFO(text);
        const auto job = checker::litmus_job(tlbcheck::litmus::make_source("random.litmus", text), {});
        if (!job) {
            FAIL_CHECK(tlbcheck::litmus::render(job.diagnostics()));
            continue;
        }
        const tests::LitmusComparison found = tests::compare_ways(job.value(), {}, limits);
        INFO(found.why);
        CHECK(found.why.empty());
        tally.add(found);
    }
    WARN(fmt::format(
        "agree {}, undecided by the solver {}, too large for the enumerator {}; with several states {}, "
        "with a flag {}, with an error {}",
        tally.agree, tally.undecided, tally.too_large, tally.several_states, tally.flagged, tally.errors));
    CHECK(tally.agree > 0);
    CHECK(tally.several_states > 0);
    CHECK(tally.flagged > 0);
}

}  // namespace

TEST_CASE("solver and enumerator agree on random litmus tests", "[long]") {
    RandomTally tally;
    compare(tests::Seeds("TLBCHECK_CROSS_LITMUS", 600, 5000), {}, 3000, tally);
}

TEST_CASE("solver and enumerator agree on random litmus tests with two levels and contiguous sets",
          "[long]") {
    tests::RandomLitmusOptions options;
    options.items = 3;
    options.walks = true;
    RandomTally tally;
    compare(tests::Seeds("TLBCHECK_CROSS_WALKS", 400, 5000), options, 6000, tally);
}
