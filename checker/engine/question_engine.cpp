// SPDX-License-Identifier: Apache-2.0
//
// One question about a schedule, slice after slice.
#include "checker/engine/question_engine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/affected.hpp"
#include "checker/engine/bbm_question.hpp"
#include "checker/engine/told_cause.hpp"
#include "checker/engine/vacuity.hpp"
#include "checker/engine/whole_witness.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

using model::PropertyKind;

QuestionReport new_report(const model::ScheduleProgram& program, const model::Property& property) {
    QuestionReport report;
    report.text = property.text;
    report.rule = to_string(property.kind);
    report.differs = property.differs;
    report.source = property.expect_violation ? ExpectationSource::witness : ExpectationSource::assertion;
    report.expected = property.expect_violation ? Verdict::unsafe : Verdict::safe;
    report.place = place_of(program, property.place);
    report.hardware = property.hardware;
    return report;
}

/// Addresses as the PE has them, whatever space they are of.
void show_plain(std::vector<AddressRange>& ranges) {
    for (AddressRange& range : ranges) {
        range.first = model::spaces::plain(range.first);
        range.last = model::spaces::plain(range.last);
    }
    std::ranges::sort(ranges, {}, [](const AddressRange& r) { return std::pair(r.first, r.last); });
    const auto same = [](const AddressRange& a, const AddressRange& b) {
        return a.first == b.first && a.last == b.last;
    };
    ranges.erase(std::unique(ranges.begin(), ranges.end(), same), ranges.end());
}

void solve_slices(QuestionAnswer& answer, const model::ScheduleProgram& program,
                  const model::Property& property, const ScheduleOptions& options) {
    bool undecided = false;
    bool no_execution = false;
    checker::Slicing cut;
    cut.reason_whole = answer.slicing->why_whole;
    for (const model::Slice& slice : answer.slicing->slices) {
        SolveOptions solve;
        const SliceAnswer found = solve_slice(slice.schedule, property.kind, solve);
        if (!found.internal_error.empty()) answer.internal_error = found.internal_error;
        const std::uint64_t first = slice.schedule.candidates.front();
        cut.classes.push_back({found.verdict, slice.units, slice.units == 0 ? 1 : slice.leaves / slice.units,
                               program.spaces.empty() ? first : model::spaces::plain(first)});
        no_execution |= found.no_execution;
        if (found.verdict == Verdict::undecided ||
            (!found.reason.empty() && found.verdict != Verdict::safe)) {
            undecided = undecided || found.verdict == Verdict::undecided;
            answer.report.reason = found.reason;
        }
        if (found.verdict != Verdict::unsafe) continue;
        if (!answer.witness && found.witness) {
            answer.witness = found.witness;
            const auto judged = std::make_shared<model::JudgedSchedule>(slice.schedule);
            if (!slice.every_leaf.empty()) judged->candidates = slice.every_leaf;  // what is to be flushed
            answer.witness_schedule = judged;
        }
        const auto ranges = affected_ranges(*answer.slicing, slice, found.affected);
        answer.report.affected.insert(answer.report.affected.end(), ranges.begin(), ranges.end());
    }
    answer.report.affected = merged(std::move(answer.report.affected));
    if (!program.spaces.empty()) show_plain(answer.report.affected);
    answer.report.slicing = std::move(cut);
    answer.report.verdict = answer.witness ? Verdict::unsafe : undecided ? Verdict::undecided : Verdict::safe;
    if (answer.witness) {
        tell_cause(answer, program, property, options);
        judge_whole(answer, program, property);
    }
    if (answer.report.verdict == Verdict::safe && options.vacuity) {
        add_vacuity(answer, program, property, no_execution);
    }
}

}  // namespace

QuestionAnswer answer_question(const model::ScheduleProgram& program, const model::Property& property,
                               const ScheduleOptions& options) {
    QuestionAnswer answer;
    answer.report = new_report(program, property);
    try {
        model::SliceOptions slice_options;
        slice_options.no_slicing = !options.slicing;
        answer.slicing = std::make_shared<model::Slicing>(model::slice(program, property, slice_options));
        if (property.kind == PropertyKind::no_bbm_violation) {
            answer_bbm(answer, program, property, *answer.slicing, options);
            if (!program.spaces.empty()) show_plain(answer.report.affected);
            return answer;
        }
        solve_slices(answer, program, property, options);
    } catch (...) {
        answer = {};
        answer.report = new_report(program, property);
        answer.report.reason = model::limit_that_was_reached();
    }
    return answer;
}

}  // namespace tlbcheck::checker
