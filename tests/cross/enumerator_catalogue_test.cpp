// SPDX-License-Identifier: Apache-2.0
//
// Solver against enumerator on every test of the catalogues that is small enough. TLBCHECK_ENUMERATOR_STEPS
// sets the bound (candidates looked at, complete or not).
#include <fmt/format.h>
#include <algorithm>

#include "tests/conformance/catalogue.hpp"
#include "tests/cross/litmus_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

namespace tests = tlbcheck::tests;
namespace checker = tlbcheck::checker;

namespace {

constexpr tlbcheck::tests::enumerator::Limits usual{4000, 150};

struct CatalogueTally {
    int agree = 0, too_large = 0, undecided = 0;
    std::uint64_t steps = 0;
    std::string too_large_names;
};

void compare_test(const tests::CatalogueTest& test, const tests::Catalogue& catalogue,
                  CatalogueTally& tally) {
    checker::LitmusOptions options;
    options.read.variants = catalogue.variants;
    options.limits.milliseconds = 60000;
    const auto job = checker::load_litmus(test.file.string(), options);
    if (!job) return;  // The conformance suite says what is wrong with it.
    tlbcheck::tests::enumerator::Limits limits = usual;
    if (const auto more = tests::limit_from_environment("TLBCHECK_ENUMERATOR_STEPS", 0); more != 0) {
        limits = {more, tlbcheck::tests::enumerator::Limits{}.events};
    }
    const tests::LitmusComparison found = tests::compare_ways(job.value(), options, limits);
    tally.steps += found.enumerated.steps;
    switch (found.ways) {
        case tests::Ways::agree:
            ++tally.agree;
            break;
        case tests::Ways::differ:
            FAIL_CHECK(test.name << ":\n" << found.why);
            break;
        case tests::Ways::undecided:
            ++tally.undecided;
            break;
        case tests::Ways::too_large:
            ++tally.too_large;
            tally.too_large_names += " " + test.name;
            break;
    }
}

void compare_catalogue(const std::string& name) {
    const auto all = tests::catalogues();
    if (std::ranges::find(all, name, &tests::Catalogue::name) == all.end())
        tests::skip(name + ": " + tests::how_to_get_catalogues());
    for (const tests::Catalogue& catalogue : all) {
        if (catalogue.name != name) continue;
        CatalogueTally tally;
        for (const tests::CatalogueTest& test : catalogue.tests) compare_test(test, catalogue, tally);
        const std::string names = tally.too_large == 0 ? "" : ":" + tally.too_large_names;
        WARN(fmt::format(
            "{}: solver and enumerator agree on {} tests ({} steps); undecided by the solver {}; too "
            "large for the enumerator {}{}",
            name, tally.agree, tally.steps, tally.undecided, tally.too_large, names));
        CHECK(tally.agree > 0);
    }
}

}  // namespace

TEST_CASE("solver and enumerator agree on aarch64-VMSA") {
    compare_catalogue("vmsa");
}

TEST_CASE("solver and enumerator agree on aarch64-VMSA under ETS2") {
    compare_catalogue("vmsa-ets2");
}

TEST_CASE("solver and enumerator agree on aarch64-BBM and aarch64-ETS2") {
    compare_catalogue("bbm");
    compare_catalogue("ets2");
}
