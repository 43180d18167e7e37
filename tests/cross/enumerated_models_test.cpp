// SPDX-License-Identifier: Apache-2.0
//
// The encoding seen from the other side: all models of a question's formulas, one after the other, are
// exactly the executions that the enumerator makes. A formula that allows too little, or too much, shows here
// whatever the verdict. TLBCHECK_CROSS_MODELS sets how many random schedules and litmus tests; see also
// Seeds.
#include <fmt/format.h>

#include <set>

#include "checker/engine/litmus_engine.hpp"
#include "checker/engine/observer_formulas.hpp"
#include "checker/engine/slice_solver.hpp"
#include "encoder/model_formulas.hpp"
#include "encoder/solver.hpp"
#include "litmus/herd/reader.hpp"
#include "model/graph/litmus/litmus_graph.hpp"
#include "model/slice/slicing.hpp"
#include "tests/enumerator/enumerator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_litmus.hpp"
#include "tests/support/random_schedule.hpp"
#include "tests/support/seeds.hpp"

namespace model = tlbcheck::model;
namespace checker = tlbcheck::checker;
namespace encoder = tlbcheck::encoder;
namespace tests = tlbcheck::tests;

namespace {

using Key = std::vector<std::uint64_t>;

/// All that makes an execution what it is.
Key key_of(const model::Execution& x) {
    Key key(x.executed.words().begin(), x.executed.words().end());
    for (std::size_t e = 0; e < x.executed.size(); ++e) {
        if (!x.executed.test(e)) continue;
        key.push_back(x.location[e] ? *x.location[e] + 1ULL : 0);
        key.push_back(x.value[e] ? *x.value[e] + 1ULL : 0);
        key.push_back(x.reads_from[e] ? *x.reads_from[e] + 1ULL : 0);
    }
    const auto add = [&](const model::BitMatrix& r) {
        for (std::size_t a = 0; a < r.size(); ++a) {
            if (x.executed.test(a)) key.insert(key.end(), r.row(a).begin(), r.row(a).end());
        }
    };
    add(x.co);
    for (const auto& [name, chosen] : x.chosen) add(chosen);
    return key;
}

/// nullopt: more than `most`.
using Executions = std::optional<std::set<Key>>;

Executions by_enumeration(const model::EventGraph& graph, const model::MemoryModel& axioms,
                          const std::vector<model::Formula>& required, std::size_t most) {
    tests::enumerator::Enumerator enumerator(graph, axioms, {20 * most, 200});
    for (const model::Formula f : required) enumerator.require(f);
    std::set<Key> found;
    const auto extent = enumerator.run([&](const model::Execution& x, const model::Judgement&) {
        found.insert(key_of(x));
        return found.size() <= most;
    });
    CHECK(enumerator.internal_error().empty());
    if (extent != tests::enumerator::Extent::complete) return std::nullopt;
    return found;
}

/// Each model is excluded, by all variables, before the next is asked for.
Executions by_solver(model::EventGraph& graph, const encoder::ModelFormulas& formulas,
                     const std::vector<model::Formula>& required, std::size_t most) {
    encoder::Solver solver(graph.pool());
    solver.require_graph(graph);
    for (const model::Formula f : formulas.checks()) solver.require(f);
    for (const model::Formula f : required) solver.require(f);
    const std::vector<model::Formula> variables = graph.pool().variables();
    std::set<Key> found;
    std::size_t models = 0;
    while (solver.check() == encoder::Outcome::satisfiable) {
        if (++models > 40 * most) return std::nullopt;
        const std::vector<bool> values = solver.assignment();
        model::logic::Assignment assignment(graph.pool(), values);
        found.insert(key_of(formulas.execution(assignment)));
        if (found.size() > most) return std::nullopt;
        std::vector<model::Formula> differs;
        for (std::size_t v = 0; v < variables.size(); ++v)
            differs.push_back(values[v] ? !variables[v] : variables[v]);
        solver.require(graph.pool().disjunction(differs));
    }
    return found;
}

struct ModelTally {
    std::size_t compared = 0, executions = 0, too_large = 0, without = 0;
};

void compare(const Executions& enumerated, const Executions& solved, ModelTally& tally) {
    if (!enumerated || !solved) {
        ++tally.too_large;
        return;
    }
    CHECK(enumerated->size() == solved->size());
    CHECK(*enumerated == *solved);
    ++tally.compared;
    tally.executions += enumerated->size();
    tally.without += enumerated->empty() ? 1 : 0;
}

constexpr std::size_t most = 300;

void compare_schedule(const model::ScheduleProgram& program, const model::Property& property,
                      ModelTally& tally) {
    const model::JudgedSchedule whole = model::whole(program, property);
    for (const model::ScheduleQuestion& question : checker::questions_for(property.kind, whole)) {
        // Once every execution, once those that violate.
        for (const bool violated : {false, true}) {
            const auto definitions = model::axioms::schedule_definitions(whole);
            const model::ScheduleGraph plain = model::build_schedule_graph(whole, question);
            checker::ObserverFormulas query(whole, question);
            INFO(tests::describe(program, property));
            INFO(fmt::format("{}, violated: {}", checker::observer_text(question, whole), violated));
            std::vector<model::Formula> wanted;
            if (violated) wanted.push_back(query.built.violated);
            std::vector<model::Formula> wanted_plain;
            if (violated) wanted_plain.push_back(plain.violated);
            const Executions enumerated = by_enumeration(plain.graph, definitions.model, wanted_plain, most);
            if (!enumerated) {
                ++tally.too_large;
                continue;
            }
            compare(enumerated, by_solver(query.built.graph, query.formulas, wanted, most), tally);
        }
    }
}

void compare_litmus(const model::LitmusProgram& program, const tlbcheck::checker::LitmusJob& job,
                    ModelTally& tally) {
    model::LitmusGraph plain = model::build_litmus_graph(program);
    model::LitmusGraph encoded = model::build_litmus_graph(program);
    const auto limits_of = [](const model::LitmusGraph& g) {
        std::vector<model::Formula> required{!g.cutoff, !g.any_error};
        if (g.filter) required.push_back(*g.filter);
        return required;
    };
    const Executions enumerated = by_enumeration(plain.graph, job.definitions->model, limits_of(plain), most);
    if (!enumerated) {
        ++tally.too_large;
        return;
    }
    encoder::ModelFormulas formulas(encoded.graph, job.definitions->model);
    compare(enumerated, by_solver(encoded.graph, formulas, limits_of(encoded), most), tally);
}

void report(const ModelTally& tally) {
    WARN(fmt::format("questions compared: {}, with {} executions; {} have none; too large: {}",
                     tally.compared, tally.executions, tally.without, tally.too_large));
    CHECK(tally.compared > tally.too_large / 20);
    CHECK(tally.executions > tally.compared);
}

}  // namespace

TEST_CASE("the formulas of random schedules have the enumerator's executions as their models", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_MODELS", 40, 300);
    ModelTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = tests::random_schedule(*seed);
        const model::Property property = tests::random_property(program, *seed);
        if (property.kind == model::PropertyKind::no_bbm_violation) continue;  // judged without formulas
        compare_schedule(program, property, tally);
    }
    report(tally);
}

TEST_CASE("the formulas of random litmus tests have the enumerator's executions as their models", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_MODELS", 40, 300);
    ModelTally tally;
    while (const auto seed = seeds.next()) {
        const auto text = tests::random_litmus(*seed);
        INFO(text);
        const auto job = checker::litmus_job(tlbcheck::litmus::make_source("random.litmus", text), {});
        REQUIRE(job.ok());
        compare_litmus(job.value().program, job.value(), tally);
    }
    report(tally);
}
