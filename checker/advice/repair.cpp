// SPDX-License-Identifier: Apache-2.0
#include "checker/advice/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/advice/minimize.hpp"
#include "checker/advice/program_repair.hpp"
#include "checker/advice/question_verdict.hpp"
#include "checker/advice/source/additions.hpp"
#include "checker/advice/source/hitting_sets.hpp"
#include "checker/advice/source/judge.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

constexpr int most_changes = 4;         ///< of one repair, moves included
constexpr int most_texts = 400;         ///< schedules judged in all
constexpr int most_search_rounds = 60;  ///< for one order of the statements
constexpr std::size_t most_repairs = 3;
constexpr int change_weight = 100;  ///< a change outweighs what it costs

/// The schedule with its statements moved, to which additions are made.
struct MovedText {
    std::string text;
    std::vector<std::string> changes;
};

struct FoundRepair {
    std::string text;
    std::vector<std::string> changes;
    int count = 0, weight = 0;
    ScheduleCost cost;
};

using AdditionSet = std::vector<std::size_t>;

/// The lightest additions to one base: sets that hit every complement of a maximal set that fails.
class BaseSearch {
  public:
    BaseSearch(TextJudge& judge, const MovedText& base, const litmus::sched::ScheduleFile& parsed)
        : judge_(judge), base_(base), draft_(parsed) {
        const Draft::Laid laid = draft_.laid_out();
        std::vector<Addition> all = additions_of(draft_, steps_of(draft_, laid, judge.programs(laid.text)));
        for (Addition& addition : all)
            if (judge.valid(draft_.text(addition.edits))) additions_.push_back(std::move(addition));
        for (const Addition& addition : additions_) {
            problem_.weights.push_back(addition.changes * change_weight + addition.weight);
            problem_.groups.push_back(addition.group);
        }
    }

    /// At most `most` results, the lightest first, each of at most `weight`.
    std::vector<FoundRepair> run(std::size_t most, int weight) {
        std::vector<FoundRepair> results;
        problem_.most_weight = weight;
        for (int round = 0; round < most_search_rounds && judge_.texts_judged() < most_texts; ++round) {
            const auto next = lightest_hitting_set(problem_);
            if (!next) break;
            if (fails(*next)) {
                AdditionSet clause = outside(grown(*next));
                if (clause.empty()) break;
                problem_.must_meet.push_back(std::move(clause));
                continue;
            }
            results.push_back(found(*next));
            problem_.not_within.push_back(*next);
            if (next->empty() || results.size() == most) break;
        }
        return results;
    }

  private:
    std::string text_of(const AdditionSet& set) const {
        std::vector<PartEdit> edits;
        for (const std::size_t k : set)
            edits.insert(edits.end(), additions_[k].edits.begin(), additions_[k].edits.end());
        return draft_.text(edits);
    }
    bool fails(const AdditionSet& set) { return !judge_.ask(text_of(set)).safe(); }

    FoundRepair found(const AdditionSet& set) const {
        FoundRepair result{text_of(set), base_.changes, static_cast<int>(base_.changes.size()), 0, {}};
        for (const std::size_t k : set) {
            result.changes.push_back(additions_[k].what);
            result.count += additions_[k].changes;
            result.weight += additions_[k].weight;
        }
        return result;
    }

    /// A set that fails, made larger for as long as it does.
    AdditionSet grown(AdditionSet set) {
        AdditionSet rest;
        for (std::size_t k = 0; k < additions_.size(); ++k)
            if (std::ranges::find(set, k) == set.end()) rest.push_back(k);
        grow(set, rest);
        return set;
    }

    void grow(AdditionSet& set, const AdditionSet& rest) {
        AdditionSet chunk;
        // The last of a group is its strongest.
        for (auto k = rest.rbegin(); k != rest.rend(); ++k)
            if (!excluded(*k, set) && !excluded(*k, chunk)) chunk.push_back(*k);
        std::ranges::sort(chunk);
        if (chunk.empty()) return;
        AdditionSet together = set;
        together.insert(together.end(), chunk.begin(), chunk.end());
        std::ranges::sort(together);
        if (fails(together)) {
            set = std::move(together);
            return;
        }
        if (chunk.size() == 1) return;
        const auto half = static_cast<std::ptrdiff_t>(chunk.size() / 2);
        grow(set, AdditionSet(chunk.begin(), chunk.begin() + half));
        grow(set, AdditionSet(chunk.begin() + half, chunk.end()));
    }

    bool excluded(std::size_t addition, const AdditionSet& set) const {
        return std::ranges::any_of(
            set, [&](std::size_t k) { return additions_[k].group == additions_[addition].group; });
    }

    AdditionSet outside(const AdditionSet& set) const {
        AdditionSet result;
        for (std::size_t k = 0; k < additions_.size(); ++k)
            if (std::ranges::find(set, k) == set.end()) result.push_back(k);
        return result;
    }

    TextJudge& judge_;
    const MovedText& base_;
    Draft draft_;
    std::vector<Addition> additions_;
    HittingProblem problem_;
};

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
        } catch (const std::bad_alloc& error) {
            report.unfinished = reason_of(error);
        }
        finish(report);
    }

    void finish(RepairReport& report) {
        report.bound =
            fmt::format("at most {} changes, of which two may move statements; {} schedules were judged",
                        most_changes, judge_.texts_judged());
        std::ranges::stable_sort(found_, [](const FoundRepair& a, const FoundRepair& b) {
            if (a.count != b.count) return a.count < b.count;
            if (cheaper(a.cost, b.cost) || cheaper(b.cost, a.cost)) return cheaper(a.cost, b.cost);
            return a.weight < b.weight;
        });
        try {
            for (std::size_t k = 0; k < found_.size() && report.repairs.size() < most_repairs; ++k)
                if (!includes_earlier(k)) add(report, found_[k]);
        } catch (const std::bad_alloc& error) {
            report.unfinished = reason_of(error);
        }
        report.outcome = outcome_of(report);
        if (report.repairs.empty()) report.reason = report.unfinished;
    }

  private:
    /// With the limits of the whole, not those of the search.
    std::string reason_of(const std::bad_alloc& error) const {
        const auto* limit = dynamic_cast<const model::LimitReached*>(&error);
        if (limit == nullptr) return model::reason_of(error);
        return model::reason_of(model::LimitReached(limit->resource(), job_.budget->limits()));
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
        for (auto* more : {&flushes_by_set, &later_frees, &later_flushes, &breaks_before_stores}) {
            std::vector<Move> some = (*more)(draft);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }

    /// Another one before it makes do with some of its changes.
    bool includes_earlier(std::size_t k) const {
        const std::vector<std::string>& all = found_[k].changes;
        return std::ranges::any_of(
            found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(k), [&](const FoundRepair& other) {
                return std::ranges::all_of(other.changes, [&](const std::string& change) {
                    return std::ranges::find(all, change) != all.end();
                });
            });
    }

    void search() {
        std::vector<MovedText> level{{text_, {}}};
        std::set<std::string> seen{text_};
        for (std::size_t depth = 0; depth <= 2 && !level.empty(); ++depth) {
            // Two moves are looked at where fewer do not help.
            if (depth == 2 && !found_.empty()) break;
            for (const MovedText& base : level) search(base);
            std::vector<MovedText> next;
            for (const MovedText& base : level) {
                const auto parsed = judge_.parsed(base.text);
                if (!parsed) continue;
                const Draft draft(parsed.value());
                for (const Move& move : moves_of(draft)) {
                    std::string text = draft.text(move.edits);
                    if (!seen.insert(text).second || !judge_.valid(text)) continue;
                    std::vector<std::string> changes = base.changes;
                    changes.push_back(move.what);
                    next.push_back({std::move(text), std::move(changes)});
                }
            }
            level = std::move(next);
        }
    }

    void search(const MovedText& base) {
        const auto parsed = judge_.parsed(base.text);
        const int moves = static_cast<int>(base.changes.size());
        // What is heavier than the last that would be shown is of no use, nor what is much worse than the
        // best.
        std::vector<int> counts;
        for (const FoundRepair& found : found_) counts.push_back(found.count);
        std::ranges::sort(counts);
        int most = most_changes;
        if (!counts.empty()) most = std::min(most, counts.front() + 1);
        if (counts.size() >= most_repairs) most = std::min(most, counts[most_repairs - 1]);
        const int left = most - moves;
        if (!parsed || left < 0 || judge_.texts_judged() >= most_texts) return;
        BaseSearch additions(judge_, base, parsed.value());
        for (FoundRepair& found : additions.run(most_repairs, left * change_weight + change_weight - 1)) {
            found.cost = judge_.cost(found.text);
            found_.push_back(std::move(found));
        }
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
        AdvisedSchedule repair;
        repair.changes = found.changes;
        repair.text = asserting(found.text);
        if (!judge_.ask_afresh(repair.text).safe()) {
            report.internal_error =
                "a repaired schedule is safe by the slices known, and not when judged afresh";
            return;
        }
        const auto whole = judge_.ask_whole(repair.text);
        if (whole && whole->kind == TextAnswer::Kind::unsafe) {
            report.internal_error = "a repaired schedule is unsafe as a whole, and safe in slices";
            return;
        }
        repair.whole_judged = whole && whole->safe();
        repair.cost = found.cost;
        repair.diff = unified_diff(job_.file, job_.file + " (repaired)", text_, repair.text);
        report.repairs.push_back(std::move(repair));
    }

    const ScheduleJob& job_;
    TextJudge judge_;
    std::string text_;
    std::vector<FoundRepair> found_;
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
    } catch (const std::bad_alloc& error) {
        report.outcome = AdviceOutcome::undecided;
        report.reason = model::reason_of(error);
    }
    return report;
}

}  // namespace tlbcheck::checker
