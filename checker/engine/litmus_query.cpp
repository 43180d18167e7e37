// SPDX-License-Identifier: Apache-2.0
//
// Graph, formulas and solver of one litmus test.
#include "checker/engine/litmus_query.hpp"

#include <fmt/format.h>

#include "model/graph/litmus/reduction.hpp"

namespace tlbcheck::checker {

namespace {

model::LitmusGraph graph_of(const LitmusJob& job, bool reduction) {
    model::LitmusGraph built = model::build_litmus_graph(job.program);
    if (reduction) model::reduce(built);
    return built;
}

}  // namespace

LitmusQuery::LitmusQuery(const LitmusJob& job, bool reduction)
    : job_(job),
      built_(graph_of(job, reduction)),
      formulas_(built_.graph, job.definitions->model),
      solver_(built_.graph.pool()) {
    solver_.require_graph(built_.graph);
    for (const model::Formula f : formulas_.checks()) solver_.require(f);
    solver_.require(!built_.cutoff);
    solver_.require(!built_.any_error);
    if (built_.filter) solver_.require(*built_.filter);
}

std::string LitmusQuery::refused(model::logic::Assignment& assignment) const {
    const model::Execution execution = formulas_.execution(assignment);
    const model::Judgement judgement = model::judge(job_.definitions->model, built_.graph, execution, true);
    if (judgement.allowed()) return {};
    std::string text = "the solver's execution is refused by the evaluator:";
    for (const auto& e : judgement.ill_formed) text += " " + e + ";";
    for (const auto& v : judgement.violations) text += " " + v.check + ";";
    return text;
}

std::string LitmusQuery::test_error() {
    if (built_.any_error.is_false()) return {};
    encoder::Solver candidates(built_.graph.pool());
    candidates.require_graph(built_.graph);
    for (const model::LitmusError& e : built_.errors) {
        const encoder::Outcome outcome = candidates.check(e.when);
        if (outcome == encoder::Outcome::undecided) {
            built_.graph.incomplete = true;
            built_.graph.incomplete_reason = candidates.reason();
        }
        if (outcome == encoder::Outcome::satisfiable) return described(e);
    }
    if (candidates.check() != encoder::Outcome::unsatisfiable) return {};
    // Not even a candidate: what has no value may be what leaves none.
    encoder::Solver unconstrained(built_.graph.pool());
    for (const model::LitmusError& e : built_.errors) {
        if (unconstrained.check(e.when) == encoder::Outcome::satisfiable) return described(e);
    }
    return {};
}

std::string LitmusQuery::described(const model::LitmusError& e) const {
    litmus::Diagnostic d;
    d.message = e.message;
    d.source = job_.source;
    d.place = {e.place.line, e.place.column, e.place.length};
    std::string text = litmus::render(d);
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace tlbcheck::checker
