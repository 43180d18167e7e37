// SPDX-License-Identifier: Apache-2.0
//
// Litmus tests answered with and without static reduction (docs/litmus.md, "What is left out"): the
// catalogues and random tests. TLBCHECK_CROSS_REDUCTION sets how many random ones; see also Seeds.
#include <fmt/format.h>

#include "model/graph/litmus/reduction.hpp"
#include "tests/conformance/catalogue.hpp"
#include "tests/cross/litmus_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_litmus.hpp"
#include "tests/support/skip.hpp"

namespace tests = tlbcheck::tests;
namespace checker = tlbcheck::checker;
namespace model = tlbcheck::model;

namespace {

struct ReductionTally {
    int compared = 0, reduced = 0, undecided = 0;
    model::LitmusReduction events;

    std::string text() const {
        return fmt::format(
            "{} compared, {} of them reduced, {} undecided; events left out: {} walks of fixed descriptors, "
            "{} "
            "silent reads, {} of unobserved threads",
            compared, reduced, undecided, events.fixed_walks, events.silent_reads, events.unobserved);
    }
};

/// The same states, verdicts, flags, Loop and errors. Tests that nothing is left out of are not solved twice.
void compare(checker::LitmusJob job, const model::Limits& limits, ReductionTally& tally) {
    model::LitmusGraph built = model::build_litmus_graph(job.program);
    const model::LitmusReduction reduction = model::reduce(built);
    tally.events.fixed_walks += reduction.fixed_walks;
    tally.events.silent_reads += reduction.silent_reads;
    tally.events.unobserved += reduction.unobserved;
    ++tally.compared;
    if (reduction.total() == 0) return;
    ++tally.reduced;
    model::Budget budget(limits);
    job.reduction = true;
    const checker::LitmusStates reduced = checker::all_states(job, budget);
    model::Budget again(limits);
    job.reduction = false;
    const checker::LitmusStates whole = checker::all_states(job, again);
    if (reduced.undecided || whole.undecided) {
        ++tally.undecided;
        return;
    }
    CHECK(reduced.error == whole.error);
    CHECK(reduced.internal_error == whole.internal_error);
    if (!whole.error.empty() || !whole.internal_error.empty()) return;
    CHECK((reduced.states == whole.states));
    CHECK(reduced.summary.positive == whole.summary.positive);
    CHECK(reduced.summary.negative == whole.summary.negative);
    CHECK(reduced.summary.flags == whole.summary.flags);
    CHECK(reduced.summary.loop == whole.summary.loop);
}

void compare_catalogue(const std::string& name, ReductionTally& tally) {
    const int before = tally.compared;
    bool there = false;
    for (const tests::Catalogue& catalogue : tests::catalogues()) {
        if (catalogue.name != name) continue;
        there = true;
        for (const tests::CatalogueTest& test : catalogue.tests) {
            checker::LitmusOptions options;
            options.read.variants = catalogue.variants;
            options.limits.milliseconds = 60000;
            auto job = checker::load_litmus(test.file.string(), options);
            if (!job) continue;  // The conformance suite says what is wrong with it.
            INFO(test.name);
            compare(std::move(job).value(), options.limits, tally);
        }
    }
    if (!there) return tests::skip(name + ": " + tests::how_to_get_catalogues());
    INFO(name);
    CHECK(tally.compared > before);
}

}  // namespace

TEST_CASE("reduction leaves the answers of aarch64-VMSA as they are") {
    ReductionTally tally;
    compare_catalogue("vmsa", tally);
    WARN(tally.text());
}

TEST_CASE("reduction leaves the answers of aarch64-VMSA under ETS2, BBM and ETS2 as they are") {
    ReductionTally tally;
    for (const char* name : {"vmsa-ets2", "bbm", "ets2"}) compare_catalogue(name, tally);
    WARN(tally.text());
}

TEST_CASE("reduction leaves the answers of random litmus tests as they are", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_REDUCTION", 300, 5000);
    ReductionTally tally;
    while (const auto seed = seeds.next()) {
        const std::string text = tests::random_litmus(*seed);
        INFO(text);
        auto job = checker::litmus_job(tlbcheck::litmus::make_source("random.litmus", text), {});
        REQUIRE(job);
        compare(std::move(job).value(), {}, tally);
    }
    WARN(tally.text());
    CHECK(tally.reduced > 0);
}
