// SPDX-License-Identifier: Apache-2.0
//
// Answers about a litmus test: its condition, all its final states, explanations.
#include "checker/engine/litmus_engine.hpp"

#include <fmt/format.h>

#include "checker/engine/cycle_finder.hpp"
#include "checker/engine/litmus_graph_drawing.hpp"
#include "checker/engine/litmus_query.hpp"
#include "litmus/cat/cat_reader.hpp"
#include "litmus/isla/reader.hpp"
#include "model/axioms/arm_model.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

using SolverOutcome = encoder::Outcome;
using litmus::herd::FinalState;
using model::Formula;

model::axioms::Variants model_variants(const model::LitmusVariants& v) {
    model::axioms::Variants result;
    if (v.vmsa) result.insert("vmsa");
    if (v.ets2) result.insert("ETS2");
    if (v.ets3) result.insert("ETS3");
    if (v.exs) result.insert("ExS");
    if (v.eis) result.insert("EIS");
    if (v.eos) result.insert("EOS");
    if (v.contig) result.insert("contig");
    return result;
}

/// The final state of an assignment, and the formulas that pin it down.
FinalState state_of(const model::LitmusGraph& built, model::logic::Assignment& assignment,
                    std::vector<Formula>& pins) {
    FinalState state;
    for (const model::FinalValue& final : built.finals) {
        std::vector<model::LitmusValue> values;
        for (const model::Symbolic& element : final.elements) {
            for (const auto& alternative : element.alternatives) {
                if (!assignment.value(alternative.when)) continue;
                values.push_back(built.values.value(alternative.what));
                pins.push_back(alternative.when);
                break;
            }
        }
        state.values.push_back(std::move(values));
    }
    for (const model::PossibleFault& fault : built.faults) {
        const bool raised = assignment.value(fault.when);
        if (raised) state.faults.push_back(fault.fault);
        pins.push_back(raised ? fault.when : !fault.when);
    }
    return state;
}

void find_flags(LitmusQuery& query, LitmusStates& result) {
    for (const model::Flag& flag : query.job().definitions->model.flags) {
        const Formula raised = query.formulas().flag(flag);
        if (raised.is_false()) continue;
        const SolverOutcome outcome = query.solver().check(raised);
        if (outcome == SolverOutcome::satisfiable) result.summary.flags.push_back(flag.name);
        if (outcome != SolverOutcome::undecided) continue;
        result.undecided = true;
        result.reason = query.solver().reason();
    }
}

void find_loop(LitmusQuery& query, LitmusStates& result) {
    if (query.built().cutoff.is_false()) return;
    encoder::Solver candidates(query.built().graph.pool());
    candidates.require_graph(query.built().graph);
    const SolverOutcome outcome = candidates.check(query.built().cutoff);
    result.summary.loop = outcome == SolverOutcome::satisfiable;
    if (outcome != SolverOutcome::undecided) return;
    result.undecided = true;
    result.reason = candidates.reason();
}

QuestionReport condition_report(const LitmusJob& job) {
    QuestionReport report;
    report.text = litmus::herd::print_condition(job.program);
    report.rule = "condition";
    report.place.file = job.file;
    return report;
}

/// The formula whose possibility decides the verdict, and the verdicts it decides between.
Verdict verdict_of_condition(LitmusQuery& query, std::string& reason, bool& satisfied) {
    const Formula condition = query.built().condition;
    const SolverOutcome some = query.solver().check(condition);
    satisfied = some == SolverOutcome::satisfiable;
    if (some == SolverOutcome::undecided) {
        reason = query.solver().reason();
        return Verdict::undecided;
    }
    if (some == SolverOutcome::unsatisfiable) return Verdict::forbidden;
    if (query.job().program.quantifier != model::Quantifier::forall) return Verdict::allowed;
    const SolverOutcome other = query.solver().check(!condition);
    if (other == SolverOutcome::undecided) {
        reason = query.solver().reason();
        return Verdict::undecided;
    }
    return other == SolverOutcome::unsatisfiable ? Verdict::required : Verdict::allowed;
}

FileReport empty_report(const LitmusJob& job) {
    FileReport report;
    report.file = job.file;
    report.front_end = FrontEnd::litmus;
    report.title = job.program.name;
    report.variant = variant_text(job.program);
    return report;
}

/// A condition that nothing satisfies is forbidden, and says nothing where no execution is allowed either.
void note_no_execution(LitmusQuery& query, QuestionReport& question) {
    if (query.solver().check() != SolverOutcome::unsatisfiable) return;
    question.no_execution = true;
    question.warnings.emplace_back(
        "vacuous: no execution of the test is allowed at all, so its condition says nothing");
}

/// Executions that the test says nothing of are no executions: the answer holds without them.
void note_left_out(LitmusQuery& query, QuestionReport& question) {
    const Formula left_out = query.built().left_out;
    if (left_out.is_false()) return;
    question.warnings.emplace_back(
        "an exception may be taken to a vector where the test has no code; such executions are left out");
}

/// Verdict with its witness judged again; the least witness stays in `witness` when there is one.
QuestionReport answer_condition(LitmusQuery& query, FileReport& report,
                                std::optional<std::vector<bool>>* witness) {
    QuestionReport question = condition_report(query.job());
    report.error = query.test_error();
    if (!report.error.empty()) {
        question.verdict = Verdict::undecided;
        question.reason = "the test has an error";
        return question;
    }
    note_left_out(query, question);
    bool satisfied = false;
    question.verdict = verdict_of_condition(query, question.reason, satisfied);
    if (!query.incomplete().empty() && !satisfied) {
        question.verdict = Verdict::undecided;
        question.reason = query.incomplete();
    }
    if (question.verdict == Verdict::forbidden) note_no_execution(query, question);
    if (!satisfied) return question;
    const Formula condition = query.built().condition;
    if (query.solver().check(condition) != SolverOutcome::satisfiable) return question;
    std::vector<bool> values = query.solver().assignment();
    if (witness != nullptr) {
        const auto& variables = query.built().graph.pool().variables();
        const auto least = query.solver().least_assignment(std::span(&condition, 1), variables);
        if (least) values = *least;
        *witness = values;
    }
    model::logic::Assignment assignment(query.built().graph.pool(), values);
    const std::string refusal = query.refused(assignment);
    if (!refusal.empty()) report.internal_error = refusal;
    return question;
}

}  // namespace

std::string variant_text(const model::LitmusProgram& program) {
    const model::LitmusVariants& v = program.variants;
    std::string text = v.vmsa ? "vmsa" : "";
    const auto add = [&](bool on, const char* name) {
        if (on) text += std::string(text.empty() ? "" : ",") + name;
    };
    add(v.faults == model::FaultHandling::fatal, "fatal");
    add(v.faults == model::FaultHandling::handled, "handled");
    add(v.faults == model::FaultHandling::skip, "skip");
    add(v.ets2, "ets2");
    add(v.ets3, "ets3");
    add(v.exs, "exs");
    add(v.eis, "eis");
    add(v.eos, "eos");
    return text;
}

litmus::Result<LitmusJob> load_litmus(const std::string& file, const LitmusOptions& options) {
    std::string why;
    const litmus::Source source = litmus::read_source(file, why);
    if (!source) {
        litmus::Diagnostic d;
        d.message = fmt::format("cannot read '{}': {}", litmus::printable(file, 400), why);
        return litmus::Result<LitmusJob>::failure({d});
    }
    return litmus_job(source, options);
}

namespace {

using SharedDefinitions = std::shared_ptr<const model::axioms::Definitions>;

/// The built-in model, or that of a cat file.
litmus::Result<SharedDefinitions> definitions_of(const LitmusOptions& options,
                                                 const model::axioms::Variants& variants) {
    if (!options.model_file) return model::axioms::shared_arm_definitions(variants);
    const auto includes = litmus::cat::files_beside(
        *options.model_file, litmus::IncludeRoot(*options.model_file, options.include_root));
    const std::set<std::string> tags(variants.begin(), variants.end());
    auto read = litmus::cat::read_cat_model(*options.model_file, includes, tags);
    if (!read) return litmus::Result<SharedDefinitions>::failure(read.diagnostics());
    auto definitions = std::make_shared<model::axioms::Definitions>(variants);
    for (const auto& definition : read.value().definitions) {
        if (!model::is_set(definition.node->op))
            definitions->define(definition.name, model::Rel(definition.node));
    }
    definitions->model = std::move(read).value().model;
    return SharedDefinitions(std::move(definitions));
}

}  // namespace

litmus::Result<LitmusJob> litmus_job(const litmus::Source& source, const LitmusOptions& options) {
    auto budget = std::make_shared<model::Budget>(options.limits);
    const model::BudgetScope scope(*budget);
    auto program = litmus::isla::is_litmus_toml(source->name)
                       ? litmus::isla::read_litmus_toml(source, options.read)
                       : litmus::herd::read_litmus(source, options.read);
    if (!program) return litmus::Result<LitmusJob>::failure(program.diagnostics());
    model::axioms::Variants variants = model_variants(program.value().variants);
    const bool several_levels =
        program.value().translation || program.value().variants.mlpt || program.value().variants.contig;
    if (several_levels) variants.insert("walks");
    const auto definitions = definitions_of(options, variants);
    if (!definitions) return litmus::Result<LitmusJob>::failure(definitions.diagnostics());
    // The reduction is argued for walks of one level.
    const bool reduction = options.reduction && !options.model_file && !several_levels;
    return LitmusJob{source->name,      source,   std::move(program).value(), definitions.value(),
                     std::move(budget), reduction};
}

namespace {

void find_states(const LitmusJob& job, LitmusStates& result) {
    LitmusQuery query(job);
    result.error = query.test_error();
    find_flags(query, result);  // before states are excluded
    find_loop(query, result);
    const Formula condition = query.built().condition;
    std::vector<Formula> blocked;
    while (true) {
        const SolverOutcome outcome = query.solver().check();
        if (outcome == SolverOutcome::undecided) {
            result.undecided = true;
            result.reason = query.solver().reason();
        }
        if (outcome != SolverOutcome::satisfiable) break;
        model::logic::Assignment assignment(query.built().graph.pool(), query.solver().assignment());
        std::vector<Formula> pins;
        const FinalState state = state_of(query.built(), assignment, pins);
        const std::string refusal = query.refused(assignment);
        if (!refusal.empty()) result.internal_error = refusal;
        const bool satisfies = assignment.value(condition);
        if (result.states.insert(state).second)
            ++(satisfies ? result.summary.positive : result.summary.negative);
        (satisfies ? result.summary.some_satisfies : result.summary.some_violates) = true;
        blocked.push_back(!query.built().graph.pool().conjunction(pins));
        if (blocked.back().is_false()) break;
        query.solver().require(blocked.back());
    }
    if (!query.incomplete().empty()) {
        result.undecided = true;
        result.reason = query.incomplete();
    }
}

/// In a handler (model::limit_that_was_reached).
QuestionReport undecided_report(const LitmusJob& job) {
    QuestionReport question = condition_report(job);
    question.reason = model::limit_that_was_reached();
    return question;
}

/// `unlisted`: why no cycles are to be listed; then the test is reduced as for `check` (docs/litmus.md).
QuestionExplanation explain_condition(const LitmusJob& job, FileReport& report, const std::string& unlisted) {
    LitmusQuery query(job, job.reduction && !unlisted.empty());
    std::optional<std::vector<bool>> witness;
    QuestionExplanation entry;
    entry.question = answer_condition(query, report, &witness);
    if (witness) {
        model::logic::Assignment assignment(query.built().graph.pool(), *witness);
        entry.graph = draw_execution(query, assignment);
    } else if (entry.question.verdict == Verdict::forbidden) {
        entry.proof =
            unlisted.empty()
                ? prove_forbidden(query)
                : Proof{"It is forbidden, but the cycles that forbid it are not listed: " + unlisted + ".",
                        {}};
    }
    return entry;
}

/// What is explained is shown whole; where that cannot be afforded, the answer at least.
QuestionExplanation explain_condition(const LitmusJob& job, FileReport& report) {
    std::string reason;
    try {
        return explain_condition(job, report, "");
    } catch (...) {
        reason = model::limit_that_was_reached();
    }
    return explain_condition(job, report, reason);
}

}  // namespace

LitmusStates all_states(const LitmusJob& job) {
    return all_states(job, *job.budget);
}

LitmusStates all_states(const LitmusJob& job, model::Budget& budget) {
    const model::BudgetScope scope(budget);
    LitmusStates result;
    try {
        find_states(job, result);
    } catch (...) {
        result = {};
        result.undecided = true;
        result.reason = model::limit_that_was_reached();
    }
    return result;
}

FileReport check_litmus(const LitmusJob& job) {
    const model::BudgetScope scope(*job.budget);
    FileReport report = empty_report(job);
    try {
        LitmusQuery query(job);
        report.questions.push_back(answer_condition(query, report, nullptr));
    } catch (...) {
        report.questions.assign(1, undecided_report(job));
    }
    return report;
}

Explanation explain_litmus(const LitmusJob& job, FileReport& report) {
    const model::BudgetScope scope(*job.budget);
    report = empty_report(job);
    QuestionExplanation entry;
    try {
        entry = explain_condition(job, report);
    } catch (...) {
        entry = {};
        entry.question = undecided_report(job);
    }
    report.questions.push_back(entry.question);
    Explanation explanation;
    explanation.file = job.file;
    explanation.front_end = FrontEnd::litmus;
    explanation.title = job.program.name;
    explanation.variant = report.variant;
    explanation.questions.push_back(std::move(entry));
    return explanation;
}

}  // namespace tlbcheck::checker
