// SPDX-License-Identifier: Apache-2.0
//
// Checks, choices and flags as formulas against the judge of single executions.
#include "encoder/model_formulas.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/encoder/random_graphs.hpp"

using namespace tlbcheck::model;
using tlbcheck::encoder::ModelFormulas;

namespace {

/// Every kind of check, plain, negated and of each walk, and a choice that some of them use.
MemoryModel model_with(std::uint64_t which) {
    MemoryModel model;
    model.choices.push_back({"after", set("s") * (set("t") - set("s")), rel("up")});
    const std::vector<Check> checks{
        {CheckKind::acyclic, "acyclic", rel("up") | rel("after"), false, false},
        {CheckKind::irreflexive, "closure", plus(rel("a") & rel("b")), false, false},
        {CheckKind::irreflexive, "irreflexive", rel("a") >> rel("after"), false, false},
        {CheckKind::empty, "empty", rel("a") & rel("loc") & rel("b"), false, false},
        {CheckKind::empty, "not empty", rel("a"), false, true},
        {CheckKind::acyclic, "cyclic", rel("a") | rel("b"), false, true},
        {CheckKind::acyclic, "each walk", rel("a"), true, false},
    };
    for (std::size_t i = 0; i < checks.size(); ++i) {
        if ((which >> i & 1U) != 0) model.checks.push_back(checks[i]);
    }
    model.flags.push_back({"raised", rel("b") & rel("after"), false, CheckKind::empty});
    model.flags.push_back({"missing", rel("b") & rel("int"), true, CheckKind::empty});
    return model;
}

bool pairs_without_partner(const Execution& x, const MemoryModel& model, const EventGraph& graph) {
    // A forced pair in both directions is refused by the model's checks, not by the choice.
    ConcreteEvaluator evaluator(graph, x);
    const BitMatrix &pairs = evaluator.evaluate(model.choices[0].pairs),
                    &forced = evaluator.evaluate(model.choices[0].forced);
    for (EventId i = 0; i < graph.size(); ++i) {
        for (EventId j = 0; j < graph.size(); ++j) {
            if (pairs.test(i, j) && forced.test(i, j) && forced.test(j, i)) return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE(
    "an execution is allowed exactly where all checks hold, and flagged where its flag's formula does") {
    int allowed = 0, refused = 0, flagged = 0;
    for (std::uint64_t seed = 1; seed <= 80; ++seed) {
        std::mt19937_64 random(seed);
        const auto graph = tlbcheck::tests::random_graph(random);
        const MemoryModel model = model_with(1 + random() % 127);
        ModelFormulas formulas(*graph, model);
        std::vector<Formula> flags;
        for (const Flag& flag : model.flags) flags.push_back(formulas.flag(flag));
        REQUIRE(formulas.checks().size() == model.checks.size());
        for (std::uint64_t n = 0; n < 64; ++n) {
            std::vector<bool> values(graph->pool().variable_count());
            for (auto&& value : values) value = random() % 2 == 0;
            logic::Assignment assignment(graph->pool(), values);
            const Execution x = formulas.execution(assignment);
            if (pairs_without_partner(x, model, *graph)) continue;
            const Judgement judged = judge(model, *graph, x, true);
            CAPTURE(seed, n);
            for (const std::string& error : judged.ill_formed)
                CHECK(error.find("after") == std::string::npos);
            for (std::size_t i = 0; i < model.checks.size(); ++i) {
                const bool broken = std::ranges::any_of(judged.violations, [&](const Violation& v) {
                    return v.check == formulas.check_names()[i];
                });
                INFO(formulas.check_names()[i]);
                REQUIRE(assignment.value(formulas.checks()[i]) == !broken);
            }
            ++(judged.violations.empty() ? allowed : refused);
            if (!judged.allowed()) continue;
            for (std::size_t i = 0; i < flags.size(); ++i) {
                const bool raised = std::ranges::count(judged.flags, model.flags[i].name) != 0;
                REQUIRE(assignment.value(flags[i]) == raised);
                flagged += raised ? 1 : 0;
            }
        }
    }
    CHECK(allowed > 300);
    CHECK(refused > 300);
    CHECK(flagged > 100);
}

TEST_CASE("a free pair has a variable that says which way it goes, a forced one has none") {
    EventGraph graph(EventGraph::Names::any);
    for (int i = 0; i < 3; ++i) graph.add({});
    graph.add_to("s", 0);
    graph.add_to("t", 1);
    graph.add_to("t", 2);
    graph.add_edge("forced", 2, 0);
    MemoryModel model;
    model.choices.push_back({"after", set("s") * set("t"), rel("forced")});
    ModelFormulas formulas(graph, model);
    REQUIRE(graph.pool().variable_count() == 1);
    const auto* pair = formulas.pair_of(0);
    REQUIRE(pair != nullptr);
    CHECK(pair->choice == "after");
    CHECK(pair->from == 0);
    CHECK(pair->to == 1);
    CHECK(formulas.pair_of(1) == nullptr);
    for (const bool forwards : {true, false}) {
        logic::Assignment assignment(graph.pool(), {forwards});
        const BitMatrix chosen = formulas.execution(assignment).chosen.at("after");
        CHECK(chosen.test(0, 1) == forwards);
        CHECK(chosen.test(1, 0) == !forwards);
        CHECK(chosen.test(2, 0));
        CHECK(chosen.count() == 2);
    }
}
