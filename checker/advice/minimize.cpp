// SPDX-License-Identifier: Apache-2.0
//
// Steps tried one by one, then combinations of what can be left out or weakened, the cheapest kept.
#include "checker/advice/minimize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "checker/advice/program_minimize.hpp"
#include "checker/advice/question_verdict.hpp"
#include "checker/advice/source/judge.hpp"
#include "checker/advice/source/moves.hpp"
#include "checker/advice/source/steps.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

constexpr int most_passes = 4;  ///< each of them makes the schedule cheaper

using Edits = std::vector<PartEdit>;

Edits joined(Edits a, const Edits& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

std::vector<std::string> region_names(const litmus::sched::SyntaxTree& tree) {
    std::vector<std::string> names;
    for (const auto& region : tree.regions) names.push_back(region.name);
    return names;
}

/// The weakest that a step can be while `others` are made, tried on the engine.
class StepTrial {
  public:
    StepTrial(TextJudge& judge, const Draft& draft)
        : judge_(judge), draft_(draft), regions_(region_names(draft.tree())) {}

    struct Weakest {
        bool gone = false;
        std::string what;  ///< what stands there; empty: as it was, or nothing
        Edits edits;
        TextAnswer without;  ///< the answer with the step left out
    };
    Weakest weakest(const SourceStep& step, const Edits& others, bool count_tlbis) {
        Weakest result;
        const Edits removed{draft_.removal(draft_.statements()[step.statement])};
        result.without = ask(joined(others, removed));
        if (result.without.safe()) {
            result.gone = true;
            result.edits = removed;
            return result;
        }
        if (step.kind == SourceStepKind::tlbi)
            return weaker_tlbi(step, others, count_tlbis, std::move(result));
        for (const Weakening& weakening : weaker_barriers(draft_, step)) {
            if (!ask(joined(others, weakening.edits)).safe()) continue;
            result.what = weakening.what;
            result.edits = weakening.edits;
            break;
        }
        return result;
    }

  private:
    const TextAnswer& ask(const Edits& edits) { return judge_.ask(draft_.text(edits)); }

    Weakest weaker_tlbi(const SourceStep& step, const Edits& others, bool count_tlbis, Weakest result) {
        const TlbiForm written{operation_of(draft_, step), {}};
        TlbiForm form = written;
        for (bool weaker = true; weaker;) {
            weaker = false;
            for (const TlbiForm& next : weaker_forms(form, regions_, step.in_asid)) {
                const Edits edits = edits_for(draft_, step, next);
                if (!ask(joined(others, edits)).safe()) continue;
                if (count_tlbis && next.region != form.region && more_tlbis(others, edits)) continue;
                form = next;
                result.edits = edits;
                weaker = true;
                break;
            }
        }
        if (form != written) result.what = to_string(form);
        return result;
    }

    bool more_tlbis(const Edits& others, const Edits& edits) const {
        return judge_.cost(draft_.text(joined(others, edits))).tlbis.count >
               judge_.cost(draft_.text(others)).tlbis.count;
    }

    TextJudge& judge_;
    const Draft& draft_;
    std::vector<std::string> regions_;
};

class Minimizer {
  public:
    Minimizer(const ScheduleJob& job, const ScheduleOptions& options, MinimizeDepth depth)
        : job_(job),
          depth_(depth),
          judge_(job, options, WhichQuestions::assertions),
          text_(job.parsed.sources().front()->text) {}

    void run(MinimizeReport& report) {
        if (!judge_.asked().empty()) report.cost = judge_.cost(text_);
        for (const std::size_t k : judge_.asked())
            report.questions.push_back(question_text(job_.questions[k]));
        if (!holds(report)) return;
        if (judge_.vacuous(text_)) {
            vacuous_ = true;
            report.warnings.emplace_back(vacuous_warning);
        }
        add_steps(report);
        report.outcome = AdviceOutcome::done;
        if (depth_ != MinimizeDepth::steps) combine(report);
    }

  private:
    /// False with the outcome set where there is nothing to start from.
    bool holds(MinimizeReport& report) {
        if (judge_.asked().empty()) {
            report.outcome = AdviceOutcome::no_questions;
            report.reason = "the file has no `assert`: there is nothing that must stay safe";
            return false;
        }
        const TextAnswer answer = judge_.ask(text_);
        if (answer.safe()) return true;
        report.outcome =
            answer.kind == TextAnswer::Kind::unsafe ? AdviceOutcome::not_safe : AdviceOutcome::undecided;
        report.reason = answer.why;
        if (answer.kind != TextAnswer::Kind::unsafe || depth_ == MinimizeDepth::steps) return false;
        const Counterexample found = judge_.counterexample(text_, answer.question);
        report.reason = fmt::format("{} is violated: {}", found.question, found.sentence);
        return false;
    }

    void add_steps(MinimizeReport& report) {
        const Draft draft(job_.parsed);
        const Draft::Laid laid = draft.laid_out();
        const std::vector<SourceStep> steps = steps_of(draft, laid, judge_.programs(laid.text));
        StepTrial trial(judge_, draft);
        for (const SourceStep& step : steps) {
            const DraftStatement& statement = draft.statements()[step.statement];
            StepReport row = named(draft, statement);
            row.executed = step.executed;
            const StepTrial::Weakest found = trial.weakest(step, {}, false);
            row.need = found.gone            ? Need::not_needed
                       : !found.what.empty() ? Need::could_be_weaker
                                             : Need::needed;
            if (found.without.kind == TextAnswer::Kind::undecided) row.need = Need::undecided;
            if (!found.what.empty()) row.weaker.push_back(found.what);
            if (found.without.kind == TextAnswer::Kind::unsafe && depth_ != MinimizeDepth::steps) {
                const std::string text = draft.text_without(statement);
                if (depth_ == MinimizeDepth::explained)
                    add_explained(report, row,
                                  judge_.explained(text, found.without.question, report.internal_error));
                else
                    row.without = judge_.counterexample(text, found.without.question);
            } else if (!found.gone && found.without.kind != TextAnswer::Kind::unsafe) {
                row.note = found.without.why;
            }
            if (found.gone && vacuous_) row.note = vacuous_note;
            report.steps.push_back(std::move(row));
        }
        add_moves(report, draft, steps);
    }

    /// TLBIs that could stand elsewhere.
    void add_moves(MinimizeReport& report, const Draft& draft, const std::vector<SourceStep>& steps) {
        for (const Move& move : flushes_behind_loops(draft)) {
            if (!judge_.ask(draft.text(move.edits)).safe()) continue;
            for (std::size_t k = 0; k < steps.size(); ++k) {
                if (steps[k].kind != SourceStepKind::tlbi || report.steps[k].need == Need::not_needed ||
                    std::ranges::find(move.steps, steps[k].statement) == move.steps.end())
                    continue;
                report.steps[k].need = Need::could_be_weaker;
                report.steps[k].weaker.push_back(move.what);
            }
        }
    }

    StepReport named(const Draft& draft, const DraftStatement& statement) const {
        const auto& sources = draft.tree().sources;
        const auto place = [&](const litmus::sched::Spot& spot) {
            return Place{sources[spot.file]->name, spot.place.line, spot.place.column};
        };
        StepReport row;
        row.place = place(statement.statement->spot);
        const auto calls = draft.calls(statement);
        row.called_from = calls.empty() ? row.place : place(calls.front()->spot);
        row.statement = draft.shown(statement);
        return row;
    }

    /// Structure first: each move makes a new text, which is safe and cheaper.
    std::string moved(const std::string& start, std::vector<std::string>& changes, bool together) {
        std::string text = start;
        std::set<std::string> seen{start};  // moves that make nothing cheaper could go round in circles
        for (int round = 0; round < 16; ++round) {
            const auto parsed = judge_.parsed(text);
            if (!parsed) break;
            const Draft draft(parsed.value(), text_);
            const ScheduleCost before = judge_.cost(text);
            bool found = false;
            std::vector<Move> moves = together ? flushes_together(draft) : flushes_behind_loops(draft);
            for (const Move& move : moves) {
                std::string next = draft.text(move.edits);
                if (!seen.insert(next).second || !judge_.ask(next).safe()) continue;
                if (!together && !cheaper(judge_.cost(next), before)) continue;
                text = std::move(next);
                changes.push_back(move.what);
                found = true;
                break;
            }
            if (!found) break;
        }
        return text;
    }

    /// One pass over the steps: TLBIs, DSBs, DMBs, ISBs, each in the order of the text.
    std::string weakened(const std::string& start, std::vector<std::string>& changes) {
        const auto parsed = judge_.parsed(start);
        if (!parsed) return start;
        const Draft draft(parsed.value(), text_);
        const Draft::Laid laid = draft.laid_out();
        std::vector<SourceStep> steps = steps_of(draft, laid, judge_.programs(laid.text));
        std::ranges::stable_sort(steps, {}, &SourceStep::kind);
        StepTrial trial(judge_, draft);
        Edits made;
        for (const SourceStep& step : steps) {
            StepTrial::Weakest found = trial.weakest(step, made, true);
            if (found.edits.empty()) continue;
            const DraftStatement& statement = draft.statements()[step.statement];
            const StepReport row = named(draft, statement);
            std::string where = fmt::format("{} ({}", row.statement, draft.called_line(statement));
            if (row.place != row.called_from)
                where += fmt::format(", by {}:{}", row.place.file, row.place.line);
            changes.push_back(found.gone ? fmt::format("leave out {})", where)
                                         : fmt::format("{} in place of {})", found.what, where));
            made = joined(std::move(made), found.edits);
        }
        return draft.text(made);
    }

    /// Moves, then weakenings, of the text of `from`.
    AdvisedSchedule pass(const AdvisedSchedule& from) {
        AdvisedSchedule best = from;
        const std::string behind = moved(from.text, best.changes, false);
        AdvisedSchedule merged = best;
        best.text = weakened(behind, best.changes);
        best.cost = judge_.cost(best.text);
        const std::string near = moved(behind, merged.changes, true);
        if (near != behind) {
            merged.text = weakened(near, merged.changes);
            merged.cost = judge_.cost(merged.text);
            if (cheaper(merged.cost, best.cost)) best = std::move(merged);
        }
        return best;
    }

    void combine(MinimizeReport& report) {
        AdvisedSchedule best;
        best.text = text_;
        // What a weakening makes possible, such as a flush that names the whole region behind its loop, a
        // further pass finds.
        for (int round = 0; round < most_passes; ++round) {
            AdvisedSchedule next = pass(best);
            if (next.text == best.text) break;
            best = std::move(next);
        }
        report.outcome = AdviceOutcome::nothing_to_do;
        if (best.text == text_ || !judge_.ask(best.text).safe()) return;
        report.outcome = AdviceOutcome::done;
        best.diff = unified_diff(job_.file, job_.file + " (minimized)", text_, best.text);
        const auto whole = judge_.ask_whole(best.text);
        if (whole && whole->kind == TextAnswer::Kind::unsafe)
            report.internal_error = "the minimized schedule is unsafe as a whole, and safe in slices";
        best.whole_judged = whole && whole->safe();
        report.cheapest = std::move(best);
    }

    const ScheduleJob& job_;
    MinimizeDepth depth_;
    TextJudge judge_;
    std::string text_;
    bool vacuous_ = false;
};

}  // namespace

bool cheaper(const ScheduleCost& a, const ScheduleCost& b) {
    for (CostFigure ScheduleCost::*figure :
         {&ScheduleCost::broadcasts, &ScheduleCost::tlbis, &ScheduleCost::dsbs, &ScheduleCost::isbs,
          &ScheduleCost::instructions}) {
        if ((a.*figure).count != (b.*figure).count) return (a.*figure).count < (b.*figure).count;
    }
    return false;
}

void add_explained(MinimizeReport& report, StepReport& row, QuestionExplanation explained) {
    row.without = {full_text(explained.question), explained.question.reason};
    row.explained = report.explained.size();
    QuestionReport& question = explained.question;
    question.text += fmt::format(" without {} ({}:{})", row.statement, row.place.file, row.place.line);
    // It is the file that is expected to be safe, not this.
    question.expected.reset();
    question.source = ExpectationSource::none;
    report.explained.push_back(std::move(explained));
}

MinimizeReport minimize(const ScheduleJob& job, const ScheduleOptions& options, MinimizeDepth depth) {
    const model::BudgetScope scope(*job.budget);
    MinimizeReport report;
    report.file = job.file;
    report.title = job.program.title;
    try {
        if (runs_kernel_code(job.questions))
            minimize_programs(job, options, depth, report);
        else
            Minimizer(job, options, depth).run(report);
    } catch (...) {
        report.outcome = AdviceOutcome::undecided;
        report.reason = model::limit_that_was_reached();
        report.cheapest.reset();
    }
    return report;
}

}  // namespace tlbcheck::checker
