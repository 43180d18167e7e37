// SPDX-License-Identifier: Apache-2.0
//
// no_bbm_violation is not answered by a solver, but what it asks has formulas all the same
// (model/break_before_make/bbm_formulas.hpp).
#include "checker/engine/asked_formulas.hpp"

#include <fmt/format.h>

#include "checker/engine/instruction_text.hpp"
#include "checker/engine/observer_formulas.hpp"
#include "checker/engine/slice_solver.hpp"
#include "encoder/smtlib.hpp"
#include "model/break_before_make/bbm_formulas.hpp"

namespace tlbcheck::checker {

namespace {

using encoder::Clauses;
using encoder::NamedFormula;

std::vector<std::string> legend_of(const model::EventGraph& graph) {
    std::vector<std::string> lines{
        "rf W R: the read R reads from the write W. TLBI-after T E, and other names with two numbers:",
        "the pair is in that relation (docs/formal-model.md). Variables without a name are definitions."};
    for (std::size_t e = 0; e < graph.size(); ++e)
        lines.push_back(fmt::format("event {}: {}", e, graph.event(static_cast<model::EventId>(e)).label));
    return lines;
}

/// The solver is not asked where no two leaves conflict; what it would be asked is stated all the same. From
/// bbm_level 3 on nothing conflicts, whatever is held.
std::vector<model::ScheduleQuestion> all_questions(model::PropertyKind kind,
                                                   const model::JudgedSchedule& schedule) {
    std::vector<model::ScheduleQuestion> questions = questions_for(kind, schedule);
    if (questions.empty() && kind == model::PropertyKind::no_tlb_conflict &&
        schedule.hardware.bbm_level < 3) {
        model::ScheduleQuestion conflict;
        conflict.property = kind;
        conflict.conflict = true;
        conflict.observer = model::ObserverKind::other_pe_any_time;
        questions.push_back(conflict);
    }
    return questions;
}

void ask_observers(model::PropertyKind kind, const model::JudgedSchedule& schedule,
                   const std::function<void(const AskedFormulas&)>& take) {
    for (const model::ScheduleQuestion& question : all_questions(kind, schedule)) {
        ObserverFormulas query(schedule, question);
        const model::EventGraph& graph = query.built.graph;
        const auto clauses = [&] {
            Clauses all(graph.pool());
            all.require_graph(graph);
            for (const model::Formula f : query.formulas.checks()) all.require(f);
            all.require(query.built.violated);
            return all;
        };
        const auto smtlib = [&](const std::string& text) {
            std::vector<NamedFormula> asserted;
            for (std::size_t i = 0; i < query.formulas.checks().size(); ++i)
                asserted.push_back({"check " + query.formulas.check_names()[i], query.formulas.checks()[i]});
            asserted.push_back({"the question: " + text, query.built.violated});
            return encoder::smtlib_script(graph, asserted);
        };
        take({observer_text(question, schedule), legend_of(graph), clauses, smtlib});
    }
}

std::vector<std::string> legend_of(const model::BbmFormulas& formulas,
                                   const model::JudgedSchedule& schedule) {
    std::vector<std::string> lines{
        "now: the moment of the store that needs break-before-make. held: the entry that is in its way;",
        "way: one that leads walks to the table page stored to. read: when a level's descriptor was read.",
        "P0#3: instruction 3 of thread 0, as below. Variables without a name are definitions."};
    for (const model::BbmEvent& event : formulas.events)
        lines.push_back(
            fmt::format("{}: {}", event.name,
                        placed_instruction(*schedule.program, schedule.hardware, *event.instruction)));
    return lines;
}

void ask_timeline(const model::JudgedSchedule& schedule,
                  const std::function<void(const AskedFormulas&)>& take) {
    const model::BbmFormulas formulas = model::bbm_formulas(schedule);
    const auto clauses = [&] {
        Clauses all(formulas.pool);
        for (const model::Formula f : formulas.required) all.require(f);
        all.require(formulas.violated);
        return all;
    };
    const auto smtlib = [&](const std::string& text) {
        return encoder::smtlib_script(formulas.pool, formulas.required,
                                      {{"the question: " + text, formulas.violated}});
    };
    take({"any PE, at any store", legend_of(formulas, schedule), clauses, smtlib});
}

}  // namespace

void for_each_asked(model::PropertyKind kind, const model::JudgedSchedule& schedule,
                    const std::function<void(const AskedFormulas&)>& take) {
    if (kind == model::PropertyKind::no_bbm_violation) {
        ask_timeline(schedule, take);
    } else {
        ask_observers(kind, schedule, take);
    }
}

}  // namespace tlbcheck::checker
