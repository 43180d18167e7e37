// SPDX-License-Identifier: Apache-2.0
//
// The search of minimize.cpp over lines of kernel code, in expanded programs.
#include "checker/advice/program_minimize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "checker/advice/minimize.hpp"
#include "checker/advice/program_moves.hpp"
#include "checker/advice/program_steps.hpp"
#include "checker/advice/question_verdict.hpp"
#include "checker/engine/cost.hpp"
#include "checker/engine/question_engine.hpp"
#include "checker/report/kernel_place.hpp"
#include "model/arch/tlbi_forms.hpp"

namespace tlbcheck::checker {

namespace {

using litmus::sched::Question;
using ProgramEdits = std::vector<ProgramEdit>;

std::string step_text(const model::Operation& operation) {
    if (const auto* barrier = std::get_if<model::Barrier>(&operation)) return model::to_string(*barrier);
    return "TLBI " + model::to_string(std::get<model::TlbiInstruction>(operation).op);
}

/// Barriers that could stand in place of this one, the weakest first; the domain stays where stores may come
/// before it.
std::vector<model::Barrier> weaker_than(const model::Barrier& barrier) {
    using model::BarrierAccess;
    using model::BarrierKind;
    std::vector<model::Barrier> result;
    if (barrier.kind == BarrierKind::isb || barrier.nxs) return {};
    const bool full = barrier.access == BarrierAccess::full;
    model::Barrier weaker = barrier;
    if (barrier.kind == BarrierKind::dsb) {
        weaker.kind = BarrierKind::dmb;
        weaker.access = BarrierAccess::st;
        if (full) result.push_back(weaker);
        weaker.access = barrier.access;
        result.push_back(weaker);
        weaker.kind = BarrierKind::dsb;
    }
    weaker.access = BarrierAccess::st;
    if (full) result.push_back(weaker);
    return result;
}

std::vector<model::TlbiOp> weaker_than(const model::TlbiOp& op) {
    std::vector<model::TlbiOp> result;
    model::TlbiOp weaker = op;
    if (op.domain != model::TlbiDomain::local) {
        weaker.domain =
            op.domain == model::TlbiDomain::outer ? model::TlbiDomain::inner : model::TlbiDomain::local;
        result.push_back(weaker);
        weaker.domain = op.domain;
    }
    weaker.base = last_level_form(op.base);
    if (weaker.base != op.base) result.push_back(weaker);
    return result;
}

class ProgramMinimizer {
  public:
    ProgramMinimizer(const ScheduleJob& job, const ScheduleOptions& options, MinimizeDepth depth)
        : job_(job), options_(options), depth_(depth), narrow_(narrow_count(job.questions)) {
        for (const Question& question : job.questions)
            if (!property_of(question).expect_violation) asked_.push_back(question);
        machine_ = {0, std::make_shared<const model::ScheduleProgram>(job.program)};
    }

    void run(MinimizeReport& report) {
        report.cost = cost_of(job_.program);
        for (const Question& question : asked_) report.questions.push_back(question_text(question));
        if (!holds(report)) return;
        vacuous_ = vacuous(asked_);
        if (vacuous_) report.warnings.emplace_back(vacuous_warning);
        steps_ = program_steps(asked_);
        for (const ProgramStep& step : steps_) report.steps.push_back(row(step, report));
        report.outcome = AdviceOutcome::done;
        if (depth_ != MinimizeDepth::steps) combine(report);
    }

  private:
    struct Answer {
        Verdict verdict = Verdict::safe;
        std::size_t question = 0;
        std::string why;
        bool safe() const { return verdict == Verdict::safe; }
    };

    Answer ask(const ProgramEdits& edits) {
        const std::vector<Question> questions = edited(asked_, edits);
        Answer answer;
        for (std::size_t n = 0; n < questions.size(); ++n) {
            const std::size_t k = (likely_ + n) % questions.size();
            const QuestionVerdict found = question_verdict(questions[k], options_.slicing, &known_slices_);
            if (found.verdict == Verdict::safe) continue;
            answer = {found.verdict, k, found.why};
            if (found.verdict != Verdict::unsafe) continue;
            likely_ = k;
            return answer;
        }
        if (answer.safe() && narrow_count(questions) > narrow_)
            answer = {Verdict::undecided, 0,
                      "the domain of a DSB would be narrower than that of a broadcast TLBI"};
        return answer;
    }

    Counterexample counterexample(const ProgramEdits& edits, std::size_t question) const {
        const std::vector<Question> questions = edited(asked_, edits);
        ScheduleOptions plain = options_;
        plain.causes = Causes::all;
        plain.vacuity = false;
        plain.certificate = nullptr;
        const QuestionAnswer answer =
            answer_question(*questions[question].program, property_of(questions[question]), plain);
        return {full_text(answer.report), answer.report.reason};
    }

    bool holds(MinimizeReport& report) {
        if (asked_.empty()) {
            report.outcome = AdviceOutcome::no_questions;
            report.reason = "the file has no `assert`: there is nothing that must stay safe";
            return false;
        }
        const Answer answer = ask({});
        if (answer.safe()) return true;
        report.outcome =
            answer.verdict == Verdict::unsafe ? AdviceOutcome::not_safe : AdviceOutcome::undecided;
        report.reason = answer.why;
        if (answer.verdict != Verdict::unsafe || depth_ == MinimizeDepth::steps) return false;
        const Counterexample found = counterexample({}, answer.question);
        report.reason = fmt::format("{} is violated: {}", found.question, found.sentence);
        return false;
    }

    struct Weakest {
        std::optional<ProgramEdit> edit;
        std::string what;  ///< empty: left out
        Answer without;
    };

    Weakest weakest(const ProgramStep& step, const ProgramEdits& others) {
        const auto with = [&](const ProgramEdit& edit) {
            ProgramEdits all = others;
            all.push_back(edit);
            return ask(all);
        };
        Weakest result;
        ProgramEdit edit{step.origin, step.first, std::nullopt, std::nullopt};
        result.without = with(edit);
        if (result.without.safe()) {
            result.edit = edit;
            return result;
        }
        if (const auto* barrier = std::get_if<model::Barrier>(&step.first)) {
            for (const model::Barrier& weaker : weaker_than(*barrier)) {
                edit.barrier = weaker;
                if (!with(edit).safe()) continue;
                result.edit = edit;
                result.what = model::to_string(weaker);
                break;
            }
            return result;
        }
        model::TlbiOp op = std::get<model::TlbiInstruction>(step.first).op;
        for (bool more = true; more;) {
            more = false;
            for (const model::TlbiOp& weaker : weaker_than(op)) {
                edit.tlbi = weaker;
                if (!with(edit).safe()) continue;
                op = weaker;
                result.edit = edit;
                result.what = "TLBI " + model::to_string(weaker);
                more = true;
                break;
            }
        }
        return result;
    }

    Place place_in(const model::SourcePlace& place) const { return place_of(job_.program, place); }

    /// The innermost place, and the one that is shown first.
    std::pair<Place, Place> places_of(const ProgramStep& step) const {
        const Origin& origin = step.origin;
        if (!origin.inner.function.empty()) return {place_of(origin.inner), place_of(origin.shown)};
        return {place_in(origin.helper_place), place_in(origin.place)};
    }

    StepReport row(const ProgramStep& step, MinimizeReport& report) {
        const Weakest found = weakest(step, {});
        StepReport row;
        std::tie(row.place, row.called_from) = places_of(step);
        row.statement = step_text(step.first);
        row.executed = step.executed;
        row.need = !found.edit ? Need::needed : found.what.empty() ? Need::not_needed : Need::could_be_weaker;
        if (!found.what.empty()) row.weaker.push_back(found.what);
        if (row.need == Need::not_needed && vacuous_) row.note = vacuous_note;
        const ProgramEdits removal{{step.origin, step.first, std::nullopt, std::nullopt}};
        if (found.without.verdict == Verdict::unsafe && depth_ == MinimizeDepth::explained)
            add_explained(report, row,
                          explained_without(edited(asked_, removal)[found.without.question], options_,
                                            report.internal_error));
        else if (found.without.verdict == Verdict::unsafe && depth_ == MinimizeDepth::all)
            row.without = counterexample(removal, found.without.question);
        else if (found.without.verdict == Verdict::undecided)
            row.note = found.without.why;
        return row;
    }

    /// The questions with the flush of one call behind its loop, in every program that has it.
    static std::optional<std::vector<Question>> moved(const std::vector<Question>& questions,
                                                      const FlushCall& call) {
        std::vector<Question> result;
        bool any = false;
        for (const Question& question : questions) {
            auto program = flush_moved(*question.program, call, FlushPlace::behind_loop);
            any = any || program.has_value();
            result.push_back({question.property,
                              program ? std::make_shared<const model::ScheduleProgram>(std::move(*program))
                                      : question.program});
        }
        if (!any) return std::nullopt;
        return result;
    }

    /// Flushes go behind their loops where that is safe and cheaper.
    void move_flushes(std::vector<std::string>& changes) {
        for (const FlushCall& call : repeated_flushes(*machine_.program)) {
            const auto there = moved(asked_, call), machine = moved({machine_}, call);
            if (!there || !machine ||
                !cheaper(cost_of(*machine->front().program), cost_of(*machine_.program)))
                continue;
            const std::vector<Question> before = std::exchange(asked_, *there);
            if (!ask({}).safe()) {
                asked_ = before;
                continue;
            }
            machine_ = machine->front();
            changes.push_back(
                fmt::format("flush once behind the loop, not in each iteration: {}", text_of(call.back())));
        }
    }

    void combine(MinimizeReport& report) {
        AdvisedSchedule best;
        move_flushes(best.changes);
        const bool is_moved = !best.changes.empty();
        if (is_moved) steps_ = program_steps(asked_);
        std::vector<std::size_t> order;
        for (std::size_t k = 0; k < steps_.size(); ++k) order.push_back(k);
        std::ranges::stable_sort(order, {}, [&](std::size_t k) {
            return std::holds_alternative<model::Barrier>(steps_[k].first) ? 1 : 0;
        });
        ProgramEdits made;
        for (const std::size_t k : order) {
            // What every trial found to be needed stays needed when more is taken away.
            if (!is_moved && report.steps[k].need == Need::needed) continue;
            const Weakest found = weakest(steps_[k], made);
            if (!found.edit) continue;
            made.push_back(*found.edit);
            const std::string where =
                fmt::format("{} ({})", step_text(steps_[k].first), to_string(places_of(steps_[k]).second));
            best.changes.push_back(found.what.empty() ? "leave out " + where
                                                      : fmt::format("{} in place of {}", found.what, where));
        }
        report.outcome = AdviceOutcome::nothing_to_do;
        if (best.changes.empty() || !ask(made).safe()) return;
        report.outcome = AdviceOutcome::done;
        best.cost = cost_of(*edited({machine_}, made).front().program);
        report.cheapest = std::move(best);
    }

    const ScheduleJob& job_;
    const ScheduleOptions& options_;
    MinimizeDepth depth_;
    bool vacuous_ = false;
    std::vector<Question> asked_;  ///< with what was moved
    Question machine_;             ///< the machine block's program, for the cost
    std::size_t likely_ = 0;
    KnownSlices known_slices_;
    std::size_t narrow_ = 0;
    std::vector<ProgramStep> steps_;
};

}  // namespace

void minimize_programs(const ScheduleJob& job, const ScheduleOptions& options, MinimizeDepth depth,
                       MinimizeReport& report) {
    ProgramMinimizer(job, options, depth).run(report);
}

}  // namespace tlbcheck::checker
