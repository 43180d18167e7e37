// SPDX-License-Identifier: Apache-2.0
//
// The search of repair.cpp over changes at lines of kernel code.
#include "checker/advice/program_repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "checker/advice/cause.hpp"
#include "checker/advice/minimize.hpp"
#include "checker/advice/program_moves.hpp"
#include "checker/advice/question_verdict.hpp"
#include "checker/engine/cost.hpp"
#include "checker/engine/question_engine.hpp"
#include "checker/engine/whole_witness.hpp"
#include "checker/report/kernel_place.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

using litmus::sched::Question;
using Programs = std::vector<Question>;

constexpr int most_counterexamples = 4;  ///< counterexamples that are taken away one after another
constexpr std::size_t most_shown = 3;

class ProgramRepairer {
  public:
    ProgramRepairer(const ScheduleJob& job, const ScheduleOptions& options) : job_(job), options_(options) {}

    void run(RepairReport& report) {
        report.cost = cost_of(job_.program);
        report.bound = fmt::format(
            "of kernel code: the flush of each line behind its loop or once for each contiguous set, and at "
            "most {} counterexamples taken away by barriers, TLBIs and frees, one after another",
            most_counterexamples);
        for (const Question& question : job_.questions) report.questions.push_back(question_text(question));
        if (!violated(report)) return;
        try {
            changed(report, job_.questions, {});
            for (const auto& [what, programs] : moved_programs()) changed(report, programs, {what});
        } catch (...) {
            report.unfinished = model::limit_that_was_reached();
        }
        std::ranges::stable_sort(report.repairs, [](const AdvisedSchedule& a, const AdvisedSchedule& b) {
            if (a.changes.size() != b.changes.size()) return a.changes.size() < b.changes.size();
            return cheaper(a.cost, b.cost);
        });
        if (report.repairs.size() > most_shown) report.repairs.resize(most_shown);
        report.outcome = outcome_of(report);
        if (report.repairs.empty()) report.reason = report.unfinished;
    }

  private:
    bool violated(RepairReport& report) const {
        std::string undecided;
        for (const Question& question : job_.questions) {
            const QuestionVerdict found = question_verdict(question, options_.slicing, &known_slices_);
            if (found.verdict == Verdict::undecided) undecided = found.why;
            if (found.verdict != Verdict::unsafe) continue;
            const QuestionAnswer answer = told(question);
            report.violated.push_back({full_text(answer.report), answer.report.reason});
        }
        if (!report.violated.empty()) return true;
        report.outcome = undecided.empty() ? AdviceOutcome::nothing_to_do : AdviceOutcome::undecided;
        report.reason = undecided;
        return false;
    }

    QuestionAnswer told(const Question& question) const {
        ScheduleOptions plain = options_;
        plain.causes = Causes::none;
        plain.vacuity = false;
        plain.certificate = nullptr;
        return answer_question(*question.program, property_of(question), plain);
    }

    /// Each line's flush moved in every program: what is said of it, and the questions.
    std::vector<std::pair<std::string, Programs>> moved_programs() const {
        std::vector<std::pair<std::string, Programs>> result;
        std::vector<FlushCall> calls;
        for (const Question& question : job_.questions)
            for (const FlushCall& call : repeated_flushes(*question.program))
                if (std::ranges::find(calls, call) == calls.end()) calls.push_back(call);
        for (const FlushCall& call : calls) {
            for (const FlushPlace place : {FlushPlace::behind_loop, FlushPlace::behind_set}) {
                std::map<const model::ScheduleProgram*, std::shared_ptr<const model::ScheduleProgram>> made;
                Programs programs;
                for (const Question& question : job_.questions) {
                    auto& program = made[question.program.get()];
                    if (!program) {
                        auto moved = flush_moved(*question.program, call, place);
                        if (moved)
                            program = std::make_shared<const model::ScheduleProgram>(std::move(*moved));
                    }
                    if (program) programs.push_back({question.property, program});
                }
                if (programs.size() != job_.questions.size()) continue;
                result.emplace_back(
                    place == FlushPlace::behind_loop
                        ? fmt::format("flush once behind the loop, not in each iteration: {}",
                                      text_of(call.back()))
                        : fmt::format("flush once for each contiguous set: {}", text_of(call.back())),
                    std::move(programs));
            }
        }
        return result;
    }

    /// Takes counterexamples away until nothing is violated; then it is a repair.
    void changed(RepairReport& report, Programs programs, std::vector<std::string> changes) const {
        const std::size_t moves = changes.size();
        for (int round = 0;; ++round) {
            const auto unsafe = first_unsafe(programs);
            if (!unsafe) return;
            if (*unsafe == programs.size()) break;
            // Behind a move little should be left to do.
            if (round == most_counterexamples || (moves > 0 && round > 1)) return;
            const Question question = programs[*unsafe];
            const QuestionAnswer answer = told(question);
            if (!answer.witness || !answer.witness_schedule) return;
            const Cause cause = find_cause(*question.program, property_of(question), *answer.witness_schedule,
                                           answer.witness->misread);
            if (cause.changes.empty()) return;
            std::vector<Change> made = cause.changes;
            Edit edit;
            for (const Change& change : made) edit.insert(edit.end(), change.edit.begin(), change.edit.end());
            const auto program =
                std::make_shared<const model::ScheduleProgram>(checker::apply(*question.program, edit));
            for (Question& other : programs)
                if (other.program == question.program) other.program = program;
            for (const std::string& to_do : cause.to_do)
                if (std::ranges::find(changes, to_do) == changes.end()) changes.push_back(to_do);
        }
        if (!executable(programs)) return;
        AdvisedSchedule repair;
        repair.changes = std::move(changes);
        repair.cost = cost_of(machine_program(programs));
        const auto whole = whole_safe(programs);
        if (whole && !*whole) {
            report.internal_error = "a repaired schedule is unsafe as a whole, and safe in slices";
            return;
        }
        repair.whole_judged = whole.has_value();
        report.repairs.push_back(std::move(repair));
    }

    /// The first question that is violated; their number where all are safe; nullopt where one is undecided.
    std::optional<std::size_t> first_unsafe(const Programs& programs) const {
        bool undecided = false;
        for (std::size_t k = 0; k < programs.size(); ++k) {
            const Verdict verdict = question_verdict(programs[k], options_.slicing, &known_slices_).verdict;
            if (verdict == Verdict::unsafe) return k;
            undecided = undecided || verdict == Verdict::undecided;
        }
        if (undecided) return std::nullopt;
        return programs.size();
    }

    /// nullopt: too large to be judged without slicing, or undecided.
    static std::optional<bool> whole_safe(const Programs& programs) {
        for (const Question& question : programs)
            if (model::whole_size(*question.program, property_of(question)) > most_judged_whole)
                return std::nullopt;
        bool safe = true;
        for (const Question& question : programs) {
            const Verdict verdict = question_verdict(question, false).verdict;
            if (verdict == Verdict::undecided) return std::nullopt;
            safe = safe && verdict == Verdict::safe;
        }
        return safe;
    }

    /// That of the machine block's hardware, if a question is asked of it.
    const model::ScheduleProgram& machine_program(const Programs& programs) const {
        for (const Question& question : programs)
            if (question.program->hardware == job_.program.hardware) return *question.program;
        return *programs.front().program;
    }

    const ScheduleJob& job_;
    const ScheduleOptions& options_;
    mutable KnownSlices known_slices_;
};

}  // namespace

void repair_programs(const ScheduleJob& job, const ScheduleOptions& options, RepairReport& report) {
    ProgramRepairer(job, options).run(report);
}

}  // namespace tlbcheck::checker
