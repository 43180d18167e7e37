// SPDX-License-Identifier: Apache-2.0
//
// The graph builders, the axioms and cat files name sets and relations of the event graph by strings. Each
// name that one of them uses is a name of the vocabulary: a slip of the pen would be an empty set, in
// silence.
#include <fmt/format.h>

#include <set>
#include <string>

#include "litmus/cat/vocabulary.hpp"
#include "litmus/herd/reader.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/graph/litmus/litmus_graph.hpp"
#include "model/graph/schedule/schedule_graph.hpp"
#include "model/slice/slicing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_execution.hpp"
#include "tests/support/random_litmus.hpp"
#include "tests/support/random_schedule.hpp"

namespace axioms = tlbcheck::model::axioms;
namespace litmus = tlbcheck::litmus;
namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

/// What schedules add to the names of cat (model/axioms/schedule_model.hpp), and what choices of a model
/// give.
const std::set<std::string> schedule_sets{"Last-TTD",   "Table-TTD",  "await",    "DSB.ISHnXS",
                                          "DSB.NSHnXS", "DSB.OSHnXS", "DSB.SYnXS"};
const std::set<std::string> other_relations{
    "walk", "completing-dsb", "same-va-page-and-context", "co-live", "TLBI-after", "DC-after", "IC-after"};

bool known_set(const std::string& name) {
    // M is R | W in cat; litmus graphs keep it beside them (model/graph/litmus/reduction.cpp).
    return litmus::cat::is_primitive_set(name) || schedule_sets.contains(name) || name == "M" ||
           name.starts_with("Walk ");
}
bool known_relation(const std::string& name) {
    return litmus::cat::is_primitive_relation(name) || litmus::cat::is_filter(name) ||
           other_relations.contains(name);
}

std::string strangers(const std::set<std::string>& sets, const std::set<std::string>& relations) {
    std::string text;
    for (const std::string& name : sets) {
        if (!known_set(name)) text += "set " + name + "; ";
    }
    for (const std::string& name : relations) {
        if (!known_relation(name)) text += "relation " + name + "; ";
    }
    return text;
}

std::string strangers(const model::EventGraph& graph) {
    std::set<std::string> sets, relations;
    for (const auto& [name, members] : graph.sets()) sets.insert(name);
    for (const auto& [name, edges] : graph.relations()) relations.insert(name);
    return strangers(sets, relations);
}

}  // namespace

TEST_CASE("the axioms name nothing that the vocabulary does not have") {
    tests::Primitives primitives;
    for (const std::set<std::string>& variants : tests::model_variants())
        primitives.add(axioms::arm_definitions({variants.begin(), variants.end()}).model);
    for (const int ets : {0, 2, 3}) {
        model::HardwareParameters hardware;
        hardware.ets = ets;
        primitives.add(axioms::schedule_definitions(hardware, true).model);
    }
    REQUIRE(primitives.sets.contains("TLBI"));
    REQUIRE(primitives.relations.contains("co"));
    CHECK(strangers(primitives.sets, primitives.relations) == "");
}

TEST_CASE("the graphs of litmus tests and schedules name nothing that the vocabulary does not have") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const auto test =
            litmus::herd::read_litmus(litmus::make_source("random.litmus", tests::random_litmus(seed)));
        REQUIRE(test);
        CHECK(strangers(model::build_litmus_graph(test.value()).graph) == "");
        const auto program = tests::random_schedule(seed);
        const auto property = tests::random_property(program, seed);
        model::ScheduleQuestion question;
        question.property = property.kind;
        CHECK(strangers(model::build_schedule_graph(model::whole(program, property), question).graph) == "");
    }
}
