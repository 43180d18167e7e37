// SPDX-License-Identifier: Apache-2.0
//
// Sets of additions by implicit hitting sets, on the schedule and on what moves make of it.
#include "checker/advice/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "checker/advice/minimize.hpp"
#include "checker/advice/program_repair.hpp"
#include "checker/advice/question_verdict.hpp"
#include "checker/advice/source/additions.hpp"
#include "checker/advice/source/base_search.hpp"
#include "checker/advice/source/break_moves.hpp"
#include "checker/advice/source/found_repairs.hpp"
#include "checker/advice/source/judge.hpp"
#include "checker/advice/source/order_moves.hpp"
#include "checker/advice/source/purpose.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

/// A base whose additions are not looked at before its moves alone are the lightest that is left.
struct Candidate {
    MovedText base;
    int bound = 0;
    std::unique_ptr<BaseSearch> search;
};

bool begins_line(std::string_view text, std::size_t at) {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
    return at == 0 || text[at - 1] == '\n';
}

/// The file's own statements that only flush, by their text.
std::map<std::string_view, std::vector<std::size_t>> own_flushes(const Draft& draft) {
    std::map<std::string_view, std::vector<std::size_t>> found;
    for (std::size_t k = 0; k < draft.statements().size(); ++k) {
        const DraftStatement& s = draft.statements()[k];
        if (s.part != 0 || !s.in_block || s.statement->kind == litmus::sched::StatementKind::block) continue;
        const Purpose purpose = purpose_of(*s.statement, draft.tree());
        if (purpose.only_maintains() && (purpose.tlbi || purpose.barrier))
            found[draft.text_of(0).substr(s.begin, s.end - s.begin)].push_back(k);
    }
    return found;
}

/// Statements of the edited text that were put in, in the order of the text: those that begin a line which
/// the original does not have, of each as many as there are more than in the original.
std::vector<std::size_t> new_flushes(const Draft& original, const Draft& edited) {
    const auto before = own_flushes(original);
    std::vector<std::size_t> result;
    for (const auto& [text, all] : own_flushes(edited)) {
        const auto same = before.find(text);
        std::size_t left = all.size() - std::min(all.size(), same == before.end() ? 0 : same->second.size());
        for (auto k = all.rbegin(); k != all.rend() && left > 0; ++k) {
            const DraftStatement& s = edited.statements()[*k];
            if (!edited.is_new(s) || !begins_line(edited.text_of(0), s.begin)) continue;
            result.push_back(*k);
            --left;
        }
    }
    std::ranges::sort(result);
    return result;
}

class Repairer {
  public:
    Repairer(const ScheduleJob& job, const ScheduleOptions& options)
        : job_(job), judge_(job, options, WhichQuestions::all), text_(job.parsed.sources().front()->text) {}

    void run(RepairReport& report) {
        report.cost = judge_.cost(text_);
        if (!violated(report)) return;
        try {
            // What is found is judged again with what the search leaves.
            model::Budget budget(search_limits());
            const model::BudgetScope scope(budget);
            search();
        } catch (...) {
            report.unfinished = limit_of_the_whole();
        }
        finish(report);
    }

    void finish(RepairReport& report) {
        report.bound =
            fmt::format("at most {} changes, of which two may move statements; {} schedules were judged",
                        most_changes, judge_.texts_judged());
        if (const auto longest = judge_.length_bound())
            report.bound +=
                fmt::format(", each as a whole, so that none has more than {} instructions", *longest);
        try {
            for (std::size_t k = 0; k < found_.all().size() && report.repairs.size() < most_repairs; ++k)
                if (!found_.dispensable(k)) add(report, found_.all()[k]);
        } catch (...) {
            report.unfinished = limit_of_the_whole();
        }
        report.outcome = outcome_of(report);
        if (report.repairs.empty()) report.reason = report.unfinished;
    }

  private:
    /// model::limit_that_was_reached, with the limits of the whole, not those of the search.
    std::string limit_of_the_whole() const {
        try {
            throw;
        } catch (const model::LimitReached& limit) {
            const model::Limits& limits = job_.budget->limits();
            return limit.resource() == model::Resource::time ? model::OutOfTime(limits).text()
                                                             : model::OutOfMemory(limits).text();
        } catch (...) {
            return model::limit_that_was_reached();
        }
    }

    model::Limits search_limits() const {
        model::Limits limits;
        if (const auto left = job_.budget->time_left())
            limits.milliseconds = static_cast<std::uint64_t>(left->count()) * 3 / 4;
        if (const auto most = job_.budget->limits().mebibytes) {
            const std::int64_t used = std::max<std::int64_t>(job_.budget->bytes(), 0) >> 20U;
            limits.mebibytes = *most - std::min(*most, static_cast<std::uint64_t>(used));
        }
        return limits;
    }

    bool violated(RepairReport& report) {
        if (job_.questions.empty()) {
            report.outcome = AdviceOutcome::no_questions;
            report.reason = "the file asks nothing: it has no `assert` and no `witness`";
            return false;
        }
        report.outcome = AdviceOutcome::nothing_to_do;
        for (const auto& question : job_.questions) report.questions.push_back(question_text(question));
        const TextAnswer answer = judge_.ask(text_);
        if (answer.safe()) return false;
        if (answer.kind == TextAnswer::Kind::undecided) {
            report.outcome = AdviceOutcome::undecided;
            report.reason = answer.why;
            return false;
        }
        report.violated.push_back(judge_.counterexample(text_, answer.question));
        return true;
    }

    static std::vector<Move> moves_of(const Draft& draft) {
        std::vector<Move> all = flushes_behind_loops(draft);
        for (auto* more : {&flushes_by_set, &later_frees, &later_flushes, &earlier_flushes,
                           &waits_before_frees, &stores_in_place, &breaks_before_stores, &flags_read_first}) {
            std::vector<Move> some = (*more)(draft);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }

    void search() {
        std::set<std::string> seen{text_};
        std::vector<MovedText> none{{text_, {}}};
        std::vector<MovedText> one = moved(none, seen);
        std::vector<MovedText> first = none;
        first.insert(first.end(), one.begin(), one.end());
        search(std::move(first), most_changes);
        // Two moves are looked at where fewer do not help, or help less.
        const int fewer = found_.empty() ? most_changes : found_.all().front().count - 1;
        if (fewer >= 2) search(moved(one, seen), fewer);
        if (found_.empty()) leave_regions();
    }

    std::vector<MovedText> moved(const std::vector<MovedText>& bases, std::set<std::string>& seen) {
        std::vector<MovedText> result;
        for (const MovedText& base : bases) {
            const auto parsed = judge_.parsed(base.text);
            if (!parsed) continue;
            const Draft draft(parsed.value(), text_);
            for (const Move& move : moves_of(draft)) {
                std::string text = draft.text(move.edits);
                if (!seen.insert(text).second || !judge_.within_reach(text)) continue;
                std::vector<ToldChange> changes = base.changes;
                ToldChange& told = changes.emplace_back(ToldChange{{move.what, move.kin}});
                if (!move.exceeds.empty()) told.exceeds.push_back({move.exceeds});
                result.push_back({std::move(text), std::move(changes), base.puts_in || move.puts_in});
            }
        }
        return result;
    }

    void leave_regions() {
        const Draft draft(job_.parsed);
        std::vector<MovedText> bases;
        for (const Move& move : regions_left(draft))
            bases.push_back({draft.text(move.edits), {{{move.what}}}});
        search(std::move(bases), most_changes);
    }

    /// The lightest first, over all bases; at most so many changes.
    void search(std::vector<MovedText> bases, int most) {
        std::vector<Candidate> candidates;
        for (MovedText& base : bases) {
            const int bound = static_cast<int>(base.changes.size()) * change_weight;
            candidates.push_back({std::move(base), bound, nullptr});
        }
        while (!candidates.empty() && judge_.texts_judged() < most_texts) {
            const auto next = std::ranges::min_element(candidates, {}, &Candidate::bound);
            if (next->bound >= (std::min(found_.most_useful(), most) + 1) * change_weight) break;
            if (!step(*next)) candidates.erase(next);
        }
    }

    /// False where nothing is left of it.
    bool step(Candidate& candidate) {
        if (!candidate.search) {
            const auto parsed = judge_.parsed(candidate.base.text);
            if (!parsed) return false;
            candidate.search = std::make_unique<BaseSearch>(judge_, candidate.base, parsed.value(), text_);
            if (!candidate.search->bound()) return false;
        }
        if (auto found = candidate.search->step(found_)) found_.add(std::move(*found));
        const auto bound = candidate.search->bound();
        if (bound) candidate.bound = *bound;
        return bound.has_value();
    }

    /// Without those parts of a flush that was put in which nothing needs there.
    std::string trimmed(const std::string& found) {
        std::string text = found;
        for (std::size_t left = 0;;) {
            const auto parsed = judge_.parsed(text);
            if (!parsed) return found;
            const Draft draft(parsed.value(), text_);
            const std::vector<std::size_t> put_in = new_flushes(Draft(job_.parsed), draft);
            if (left >= put_in.size()) return text;
            // From the last to the first, so that those before keep their numbers.
            const std::size_t k = put_in[put_in.size() - 1 - left];
            std::string less = draft.text({draft.removal(draft.statements()[k])});
            if (judge_.ask(less).safe())
                text = std::move(less);
            else
                ++left;
        }
    }

    /// Where one flush was put in, it is the one that has become less.
    static std::vector<std::string> told_trimmed(std::vector<ToldChange> changes) {
        const auto put_in = [](const ToldChange& change) { return change.form != ChangeForm::other; };
        if (std::ranges::count_if(changes, put_in) == 1) {
            std::string& what = std::ranges::find_if(changes, put_in)->name.what;
            what = "what is needed of " + what;
        }
        return told(changes);
    }
    static std::vector<std::string> told(const std::vector<ToldChange>& changes) {
        std::vector<std::string> result;
        for (const ToldChange& change : changes) result.push_back(change.name.what);
        return result;
    }

    /// What could be violated and no longer can is asserted.
    std::string asserting(const std::string& text) const {
        const auto parsed = judge_.parsed(text);
        if (!parsed) return text;
        const SourceSpans spans(parsed.value().sources().front());
        std::vector<TextEdit> edits;
        for (const auto& property : parsed.value().tree->properties) {
            constexpr std::string_view word = "witness";
            if (property.spot.file != 0 || !property.expect_violation) continue;
            edits.push_back({spans.offset(property.spot.place), word.size(), "assert"});
        }
        return applied(text, std::move(edits));
    }

    void add(RepairReport& report, const FoundRepair& found) {
        const std::string text = trimmed(found.text);
        const TextAnswer answer = judge_.ask(text);
        AdvisedSchedule repair;
        repair.changes = text == found.text ? told(found.changes) : told_trimmed(found.changes);
        repair.text = asserting(text);
        if (answer.from_known && !judge_.ask_afresh(repair.text).safe()) {
            report.internal_error =
                "a repaired schedule is safe by the slices known, and not when judged afresh";
            return;
        }
        const auto whole = answer.whole ? answer : judge_.ask_whole(repair.text);
        if (whole && whole->kind == TextAnswer::Kind::unsafe) {
            report.internal_error = "a repaired schedule is unsafe as a whole, and safe in slices";
            return;
        }
        repair.whole_judged = whole && whole->safe();
        repair.cost = judge_.cost(repair.text);
        repair.diff = unified_diff(job_.file, job_.file + " (repaired)", text_, repair.text);
        report.repairs.push_back(std::move(repair));
    }

    const ScheduleJob& job_;
    TextJudge judge_;
    std::string text_;
    FoundRepairs found_;
};

}  // namespace

RepairReport repair(const ScheduleJob& job, const ScheduleOptions& options) {
    const model::BudgetScope scope(*job.budget);
    RepairReport report;
    report.file = job.file;
    report.title = job.program.title;
    try {
        if (runs_kernel_code(job.questions))
            repair_programs(job, options, report);
        else
            Repairer(job, options).run(report);
    } catch (...) {
        report.outcome = AdviceOutcome::undecided;
        report.reason = model::limit_that_was_reached();
    }
    return report;
}

}  // namespace tlbcheck::checker
