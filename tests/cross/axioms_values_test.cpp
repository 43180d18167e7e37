// SPDX-License-Identifier: Apache-2.0
//
// What cat_axioms_test.cpp found equal to Arm's text stays so where no herdtools7 checkout is at hand: the
// value of every definition, choice, check and flag on fixed random executions, as one number each, is kept
// in axioms_values.txt. A change of the axioms on purpose: run cat_axioms with a checkout first, then this
// test with TLBCHECK_UPDATE=1.
#include <cstdlib>
#include <fstream>
#include <map>

#include <fmt/format.h>

#include "litmus/cat/vocabulary.hpp"
#include "model/axioms/arm_model.hpp"
#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_execution.hpp"

namespace litmus = tlbcheck::litmus;
namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

constexpr std::size_t executions = 600;

std::map<std::string, model::Rel> items_of(const model::axioms::Definitions& d) {
    std::map<std::string, model::Rel> items;
    for (const auto& [name, r] : d.relations()) items.emplace("relation " + name, r);
    for (const auto& [name, s] : d.sets()) items.emplace("set " + name, model::id(s));
    for (const auto& c : d.model.choices) {
        items.emplace("pairs " + c.name, c.pairs);
        items.emplace("forced " + c.name, c.forced & (c.pairs | model::inverse(c.pairs)));
    }
    for (const auto& c : d.model.checks) {
        items.emplace(
            fmt::format("check {} kind {}{}", c.name, static_cast<int>(c.kind), c.negated ? " negated" : ""),
            c.relation);
    }
    for (const auto& f : d.model.flags) {
        items.emplace(
            fmt::format("flag {} kind {}{}", f.name, static_cast<int>(f.kind), f.negated ? " negated" : ""),
            f.relation);
    }
    return items;
}

/// The value of each item over all variants and executions, as a number.
std::map<std::string, std::string> values() {
    tests::Primitives primitives;
    for (std::string& name : litmus::cat::primitive_sets()) primitives.sets.insert(std::move(name));
    for (std::string& name : litmus::cat::primitive_relations()) primitives.relations.insert(std::move(name));
    for (const char* name : {"same-oa", "at-least-one-writable", "different-values"})
        primitives.relations.insert(name);
    std::map<std::string, std::uint64_t> hashes;
    for (const std::set<std::string>& variants : tests::model_variants()) {
        const auto definitions = model::axioms::arm_definitions({variants.begin(), variants.end()});
        const auto items = items_of(definitions);
        tests::Dice dice(11);
        for (std::size_t i = 0; i < executions; ++i) {
            const auto run =
                i % 4 == 0 ? tests::random_program(dice) : tests::random_unconstrained(primitives, dice);
            model::ConcreteEvaluator evaluator(*run.graph, run.execution);
            for (const auto& [label, relation] : items) {
                std::uint64_t& hash = hashes.try_emplace(label, tests::fingerprint("")).first->second;
                const model::BitMatrix& r = evaluator.evaluate(relation);
                for (std::size_t row = 0; row < r.size(); ++row) {
                    for (const model::Word w : r.row(row))
                        hash = tests::fingerprint(fmt::format("{:x} ", w), hash);
                }
            }
        }
    }
    std::map<std::string, std::string> result;
    for (const auto& [label, hash] : hashes) result.emplace(label, fmt::format("{:016x}", hash));
    return result;
}

std::map<std::string, std::string> kept_values(const std::string& path) {
    std::map<std::string, std::string> kept;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line[0] != '#') kept.emplace(line.substr(17), line.substr(0, 16));
    }
    return kept;
}

}  // namespace

TEST_CASE("the axioms have the values they had when they were compared with Arm's text") {
    const char* source = std::getenv("TLBCHECK_SOURCE_DIR");
    REQUIRE(source != nullptr);
    const std::string path = std::string(source) + "/tests/cross/axioms_values.txt";
    const auto now = values();
    if (std::getenv("TLBCHECK_UPDATE") != nullptr) {
        std::ofstream file(path);
        file << "# Written by axioms_values_test.cpp, which says how to update it.\n";
        for (const auto& [label, value] : now) file << value << ' ' << label << '\n';
    }
    const auto kept = kept_values(path);
    CHECK(kept.size() == now.size());
    for (const auto& [label, value] : now) {
        INFO(label << " (axioms_values_test.cpp says what to do after a change on purpose)");
        const auto old = kept.find(label);
        CHECK((old == kept.end() ? "not kept" : old->second) == value);
    }
}
