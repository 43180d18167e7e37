// SPDX-License-Identifier: Apache-2.0
//
// Solver against enumerator on random litmus tests whose values feed back. The enumerator's graph has every
// value that as many rounds as there are events can make, whatever it comes from: what the solver's graph
// leaves out is compared, too. TLBCHECK_CROSS_FEEDBACK sets how many; see also Seeds.
#include <fmt/format.h>

#include "tests/cross/litmus_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_feedback.hpp"

namespace tests = tlbcheck::tests;
namespace checker = tlbcheck::checker;

namespace {

tests::LitmusComparison compare(std::uint64_t seed, const tests::RandomFeedbackOptions& options,
                                std::size_t values) {
    const std::string text = tests::random_feedback(seed, options);
    INFO(text);
    const auto job = checker::litmus_job(tlbcheck::litmus::make_source("feedback.litmus", text), {});
    REQUIRE(job);
    tests::enumerator::Limits limits;
    limits.steps = tests::limit_from_environment("TLBCHECK_ENUMERATOR_STEPS", 6000);
    tlbcheck::model::LitmusGraphLimits graph;
    graph.any_origin = true;
    graph.values = values;
    checker::LitmusOptions solver;
    solver.limits.milliseconds = 20000;
    tests::LitmusComparison result = tests::compare_ways(job.value(), solver, limits, graph);
    INFO(result.why);
    CHECK((result.ways == tests::Ways::undecided || result.why.empty()));
    return result;
}

}  // namespace

TEST_CASE("solver and enumerator agree where values feed back", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_FEEDBACK", 150, 3000);
    int agree = 0;
    int too_large = 0;
    int undecided = 0;
    int several = 0;
    while (const auto seed = seeds.next()) {
        // Smaller ones than are solved, or the enumerator would see few.
        const auto found = compare(*seed, {2, 3, false}, 40);
        agree += static_cast<int>(found.ways == tests::Ways::agree);
        too_large += static_cast<int>(found.ways == tests::Ways::too_large);
        undecided += static_cast<int>(found.ways == tests::Ways::undecided);
        several += static_cast<int>(found.enumerated.satisfying.size() + found.enumerated.others.size() > 2);
    }
    WARN(fmt::format(
        "agree {}, undecided by the solver {}, too large for the enumerator {}; more than two states {}",
        agree, undecided, too_large, several));
    CHECK(agree > 0);
    CHECK(several > 0);
    CHECK(undecided == 0);
}
