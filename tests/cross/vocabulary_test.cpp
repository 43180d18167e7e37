// SPDX-License-Identifier: Apache-2.0
//
// The axioms name sets and relations of the event graph by strings. Each name that they use is a name of the
// vocabulary, as each that the builders use is (EventGraph): a slip of the pen would be an empty set, in
// silence.
#include <fmt/format.h>

#include <set>
#include <string>

#include "litmus/herd/reader.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/graph/litmus/litmus_graph.hpp"
#include "model/graph/schedule/schedule_graph.hpp"
#include "model/graph/vocabulary.hpp"
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

std::string strangers(const std::set<std::string>& sets, const std::set<std::string>& relations) {
    std::string text;
    for (const std::string& name : sets) {
        if (!model::vocabulary::has_set(name)) text += "set " + name + "; ";
    }
    for (const std::string& name : relations) {
        if (!model::vocabulary::has_relation(name)) text += "relation " + name + "; ";
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
