// SPDX-License-Identifier: Apache-2.0
//
// model/axioms against the text it transcribes, herd/libdir/aarch64.cat, relation by relation. Needs a
// herdtools7 checkout at the commit named in model/axioms/arm_model.hpp:
// TLBCHECK_HERDTOOLS7=/path/to/herdtools7.
#include <fmt/format.h>

#include "encoder/model_formulas.hpp"
#include "encoder/solver.hpp"
#include "litmus/herd/reader.hpp"
#include "model/graph/litmus/litmus_graph.hpp"
#include "tests/conformance/catalogue.hpp"
#include "tests/cross/cat_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

namespace encoder = tlbcheck::encoder;
namespace litmus = tlbcheck::litmus;
namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;
using tests::CatComparison;

namespace {

const std::string nothing;

/// Names of the text that the transcription needs no name for.
const std::set<std::string> not_transcribed = {
    // what coherence starts from, and relations only shown in pictures
    "definition AFtoDB", "definition co0", "definition cobase", "definition invrf", "definition coe",
    "definition fre", "definition ctrlisb", "definition rf-mem",
    // other names for sets of the graph, and unions no rule uses
    "definition SPONTANEOUS", "definition Shareability", "definition InnerCacheability",
    "definition OuterCacheability", "definition I-MMU",
    // a property of the graph: its coherence extends co0
    "check generate_cos"};
/// Helpers of the transcription.
const std::set<std::string> not_in_the_text = {"definition tr-ib-fault", "definition M", "definition rfi"};

std::set<std::string> without(std::set<std::string> all, const std::set<std::string>& known) {
    std::erase_if(all, [&](const std::string& s) { return known.contains(s); });
    return all;
}

std::string joined(const std::set<std::string>& names) {
    return fmt::format("{}", fmt::join(names, "\n"));
}

/// The first disagreements on random executions, one line each; empty when there are none.
std::string differences(const CatComparison& comparison, std::uint64_t seed, std::size_t count) {
    tests::Dice dice(seed);
    std::set<std::string> found;
    for (std::size_t i = 0; i < count; ++i) {
        const auto run = i % 2 == 0 ? tests::random_unconstrained(comparison.primitives(), dice)
                                    : tests::random_program(dice);
        for (const std::string& label : comparison.disagreements(*run.graph, run.execution))
            found.insert(label);
    }
    return joined(found);
}

/// Some candidate executions of a test, before the axioms: variables are fixed at random as far as that
/// leaves any.
std::string differences_on(const CatComparison& comparison, const model::MemoryModel& model,
                           const std::string& path, std::uint64_t seed, std::size_t& compared) {
    std::string why;
    const litmus::Source source = litmus::read_source(path, why);
    const auto program = litmus::herd::read_litmus(source, {});
    if (!program.ok()) return "";  // the conformance suite's business
    model::LitmusGraph graph = build_litmus_graph(program.value());
    if (graph.graph.size() > 120) return "";
    encoder::ModelFormulas formulas(graph.graph, {model.name, model.choices, {}, {}});
    tests::Dice dice(seed);
    std::set<std::string> found;
    for (std::size_t sample = 0; sample < 3; ++sample) {
        encoder::Solver solver(graph.graph.pool());
        solver.require_graph(graph.graph);
        for (std::size_t i = 0; i < 12; ++i) {
            const auto v =
                static_cast<model::logic::Variable>(dice.below(graph.graph.pool().variable_count()));
            const auto f = graph.graph.pool().of_variable(v);
            const auto wanted = dice.chance(0.7) ? f : !f;
            if (solver.check(wanted) == encoder::Outcome::satisfiable) solver.require(wanted);
        }
        if (solver.check() != encoder::Outcome::satisfiable) return "";
        model::logic::Assignment assignment(graph.graph.pool(), solver.assignment());
        const model::Execution execution = formulas.execution(assignment);
        ++compared;
        for (const std::string& label : comparison.disagreements(graph.graph, execution)) found.insert(label);
    }
    return joined(found);
}

/// The tests of all catalogues there are, each once.
std::vector<std::string> conformance_tests() {
    std::set<std::string> paths;
    for (const tests::Catalogue& catalogue : tests::catalogues()) {
        for (const tests::CatalogueTest& test : catalogue.tests) paths.insert(test.file.string());
    }
    return {paths.begin(), paths.end()};
}

}  // namespace

TEST_CASE("the axioms agree with Arm's cat text, relation by relation, on random executions") {
    const std::string path = tests::aarch64_cat();
    if (path.empty()) {
        tests::skip(fmt::format("set TLBCHECK_HERDTOOLS7 to a herdtools7 checkout (commit {}) to run this",
                                model::axioms::cat_commit));
        return;
    }
    std::uint64_t seed = 1;
    for (const std::set<std::string>& variants : tests::model_variants()) {
        const auto cat = litmus::cat::read_cat_model(path, litmus::cat::files_beside(path), variants);
        INFO("variants " << fmt::format("{}", fmt::join(variants, ",")));
        INFO(litmus::render(cat.diagnostics()));
        REQUIRE(cat.ok());
        const auto ours = model::axioms::arm_definitions({variants.begin(), variants.end()});
        const CatComparison comparison(cat.value(), ours);
        CHECK(comparison.size() > 120);
        CHECK(joined(without(comparison.only_in_cat(), not_transcribed)) == nothing);
        CHECK(joined(without(comparison.only_in_ours(), not_in_the_text)) == nothing);
        CHECK(differences(comparison, seed++, 400) == nothing);
    }
}

TEST_CASE("the axioms agree with Arm's cat text on executions of the conformance tests") {
    const std::string cat_path = tests::aarch64_cat();
    if (cat_path.empty()) {
        tests::skip("set TLBCHECK_HERDTOOLS7 to a herdtools7 checkout to run this");
        return;
    }
    for (const std::set<std::string>& variants :
         {std::set<std::string>{"vmsa"}, std::set<std::string>{"vmsa", "ETS2"}}) {
        const auto cat = litmus::cat::read_cat_model(cat_path, litmus::cat::files_beside(cat_path), variants);
        REQUIRE(cat.ok());
        const auto ours = model::axioms::arm_definitions({variants.begin(), variants.end()});
        const CatComparison comparison(cat.value(), ours);
        const std::vector<std::string> paths = conformance_tests();
        std::size_t compared = 0;
        for (std::size_t i = 0; i < paths.size(); ++i) {
            INFO(paths[i]);
            CHECK(differences_on(comparison, ours.model, paths[i], i, compared) == nothing);
        }
        WARN(compared << " executions of " << paths.size() << " tests compared");
    }
}
