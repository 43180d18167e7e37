// SPDX-License-Identifier: Apache-2.0
//
// The table of rules against the axioms: what draws cycles is defined and told, and together it generates
// what the cycles are of.
#include "model/axioms/rules.hpp"

#include <set>
#include <string>

#include "model/axioms/schedule_model.hpp"
#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
namespace tests = tlbcheck::tests;

namespace {

std::vector<Definitions> all_models() {
    std::vector<Definitions> models;
    for (const std::set<std::string>& variants : tests::model_variants())
        models.push_back(arm_definitions({variants.begin(), variants.end()}));
    for (const int ets : {0, 2, 3}) {
        HardwareParameters hardware;
        hardware.ets = ets;
        models.push_back(schedule_definitions(hardware, true));
    }
    return models;
}

Rel together(const Definitions& d, Draws kind) {
    Rel all = empty_rel();
    for (const Rule& rule : all_rules()) {
        const bool chosen = rule.name == "walk" || rule.name == "TLBI-after";
        if (rule.draws == kind && (chosen || d.relations().contains(rule.name))) all = all | d.r(rule.name);
    }
    return all;
}

}  // namespace

TEST_CASE("every rule has a source and a sentence, and no name comes twice", "[rules]") {
    std::set<std::string_view> names;
    for (const Rule& rule : all_rules()) {
        INFO(rule.name);
        CHECK(names.insert(rule.name).second);
        CHECK_FALSE(rule.source.empty());
        REQUIRE_FALSE(rule.text.empty());
        CHECK(rule.text.back() == '.');
    }
}

TEST_CASE("a rule is found by its name", "[rules]") {
    REQUIRE(find_rule("TLBI-ca") != nullptr);
    CHECK(find_rule("TLBI-ca")->draws == Draws::order);
    CHECK(find_rule("no such rule") == nullptr);
    CHECK(RuleName("TLBI-ca").text() == "TLBI-ca");
}

TEST_CASE("what draws cycles is defined by some model", "[rules]") {
    const std::vector<Definitions> models = all_models();
    const std::set<std::string_view> primitive{"walk", "TLBI-after"};
    for (const Rule& rule : all_rules()) {
        if (rule.draws == Draws::nothing || primitive.contains(rule.name)) continue;
        INFO(rule.name);
        CHECK(std::any_of(models.begin(), models.end(),
                          [&rule](const Definitions& d) { return d.relations().contains(rule.name); }));
    }
}

TEST_CASE("the orderings that cycles are drawn with generate ob and the time line of a walk", "[rules]") {
    for (const Definitions& d : all_models()) {
        tests::Primitives primitives;
        primitives.add(d.model);
        tests::Dice dice(5);
        for (int i = 0; i < 40; ++i) {
            const auto run =
                i % 4 == 0 ? tests::random_program(dice) : tests::random_unconstrained(primitives, dice);
            ConcreteEvaluator evaluator(*run.graph, run.execution);
            CHECK(evaluator.evaluate(plus(together(d, Draws::order))) == evaluator.evaluate(d.r("ob")));
            if (!d.relations().contains("walk-time-line")) continue;
            CHECK(evaluator.evaluate(together(d, Draws::walk_line)) ==
                  evaluator.evaluate(d.r("walk-time-line")));
        }
    }
}
