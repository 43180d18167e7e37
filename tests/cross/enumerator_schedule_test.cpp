// SPDX-License-Identifier: Apache-2.0
//
// Solver against enumerator on random small schedules, observer by observer: is there an allowed execution
// for which the question holds? TLBCHECK_CROSS_SCHEDULES sets how many, TLBCHECK_ENUMERATOR_STEPS the
// enumerator's bound; see also Seeds.
#include <fmt/format.h>

#include "checker/engine/slice_solver.hpp"
#include "encoder/model_formulas.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/slice/slicing.hpp"
#include "tests/cross/litmus_comparison.hpp"
#include "tests/enumerator/outcomes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"

namespace model = tlbcheck::model;
namespace checker = tlbcheck::checker;
namespace encoder = tlbcheck::encoder;
namespace tests = tlbcheck::tests;

namespace {

using Answer = tests::enumerator::ScheduleSearch::Answer;

struct ScheduleTally {
    int violated = 0, not_violated = 0, too_large = 0;
};

tests::enumerator::ScheduleSearch by_enumeration(const model::JudgedSchedule& schedule,
                                                 const model::ScheduleQuestion& question) {
    tests::enumerator::Limits limits;
    limits.steps = tests::limit_from_environment("TLBCHECK_ENUMERATOR_STEPS", 3000);
    const auto definitions = model::axioms::schedule_definitions(schedule);
    const model::ScheduleGraph built = model::build_schedule_graph(schedule, question);
    return tests::enumerator::find_violation(built, definitions.model, limits);
}

bool by_solver(const model::JudgedSchedule& schedule, const model::ScheduleQuestion& question) {
    const auto definitions = model::axioms::schedule_definitions(schedule);
    model::ScheduleGraph built = model::build_schedule_graph(schedule, question);
    encoder::ModelFormulas formulas(built.graph, definitions.model);
    encoder::Solver solver(built.graph.pool());
    solver.require_graph(built.graph);
    for (const model::Formula f : formulas.checks()) solver.require(f);
    const encoder::Outcome outcome = solver.check(built.violated);
    REQUIRE(outcome != encoder::Outcome::undecided);
    return outcome == encoder::Outcome::satisfiable;
}

void compare(const model::ScheduleProgram& program, const model::Property& property, ScheduleTally& tally) {
    const model::JudgedSchedule whole = model::whole(program, property);
    for (const model::ScheduleQuestion& question : checker::questions_for(property.kind, whole)) {
        const auto enumerated = by_enumeration(whole, question);
        INFO(tests::describe(program, property));
        INFO(fmt::format("observer {} on thread {}, store {}, conflict {}",
                         static_cast<int>(question.observer), question.thread, question.store,
                         question.conflict));
        INFO(enumerated.internal_error);
        CHECK(enumerated.internal_error.empty());
        if (enumerated.answer == Answer::too_large) {
            ++tally.too_large;
            continue;
        }
        const bool violated = enumerated.answer == Answer::violated;
        CHECK(violated == by_solver(whole, question));
        ++(violated ? tally.violated : tally.not_violated);
    }
}

}  // namespace

TEST_CASE("solver and enumerator agree on random schedules", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_SCHEDULES", 300, 2000);
    ScheduleTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = tests::random_schedule(*seed);
        const model::Property property = tests::random_property(program, *seed);
        // Judged by a timeline of its own, not by executions.
        if (property.kind == model::PropertyKind::no_bbm_violation) continue;
        compare(program, property, tally);
    }
    WARN(fmt::format("questions: violated {}, not violated {}, too large for the enumerator {}",
                     tally.violated, tally.not_violated, tally.too_large));
    CHECK(tally.violated > 0);
    CHECK(tally.not_violated > 0);
}
