// SPDX-License-Identifier: Apache-2.0
//
// Slices solved until one decides the question.
#include "checker/advice/question_verdict.hpp"

#include <algorithm>
#include <set>

#include "checker/engine/narrow_barrier.hpp"
#include "checker/engine/slice_solver.hpp"
#include "model/break_before_make/bbm.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::checker {

using litmus::sched::Question;

namespace {

Verdict verdict_of(model::BbmVerdict verdict) {
    switch (verdict) {
        case model::BbmVerdict::safe:
            return Verdict::safe;
        case model::BbmVerdict::unsafe:
            return Verdict::unsafe;
        case model::BbmVerdict::undecided:
            return Verdict::undecided;
    }
    return Verdict::undecided;
}

bool awaits(const model::ScheduleProgram& program) {
    for (const model::ScheduleThread& thread : program.threads)
        for (const model::Run& run : thread.code)
            for (const model::Instruction& i : run.body)
                if (std::holds_alternative<model::Await>(i.operation)) return true;
    return false;
}

Verdict slice_verdict(const model::JudgedSchedule& slice, model::PropertyKind kind, std::string& why) {
    if (kind == model::PropertyKind::no_bbm_violation) {
        const model::BbmResult found = model::find_bbm_violation(slice);
        if (found.verdict == model::BbmVerdict::undecided) why = found.why_undecided;
        return verdict_of(found.verdict);
    }
    SolveOptions solve;
    solve.all_candidates = false;
    solve.verdict_only = true;
    const SliceAnswer found = solve_slice(slice, kind, solve);
    if (found.verdict == Verdict::undecided) why = found.reason;
    return found.verdict;
}

}  // namespace

const model::Property& property_of(const Question& question) {
    return question.program->properties[question.property];
}

bool runs_kernel_code(const std::vector<Question>& questions) {
    return std::ranges::any_of(questions,
                               [](const Question& q) { return !q.program->kernel_stacks.empty(); });
}

std::string question_text(const Question& question) {
    QuestionReport named;
    named.text = property_of(question).text;
    named.differs = property_of(question).differs;
    return full_text(named);
}

std::optional<KnownSlices::Key> KnownSlices::key_of(const model::Slice& slice,
                                                    const model::Property& property) {
    if (slice.canonical.empty()) return std::nullopt;
    const model::HardwareParameters& hardware = slice.schedule.hardware;
    const model::Judging& judging = slice.schedule.judging;
    const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
    Key key{number(property.kind),
            number(hardware.granule),
            number(hardware.bbm_level),
            number(hardware.ets),
            number(hardware.contiguous_fill),
            number(hardware.walk_cache),
            number(hardware.tlb_range),
            number(hardware.levels.value_or(0)),
            number(hardware.contiguous_entries.value_or(0)),
            number(hardware.repeat_tlbi),
            judging.moment ? *judging.moment + std::uint64_t{1} : 0,
            number(judging.only_named),
            number(judging.other_pe),
            number(judging.restrictive),
            judging.threads.size()};
    key.insert(key.end(), judging.threads.begin(), judging.threads.end());
    key.push_back(slice.schedule.candidates.size());
    for (const model::JudgedThread& thread : slice.schedule.threads) key.push_back(number(thread.maintains));
    key.insert(key.end(), slice.canonical.begin(), slice.canonical.end());
    return key;
}

std::optional<Verdict> KnownSlices::find(const std::optional<Key>& key) const {
    if (!key) return std::nullopt;
    const auto found = known_.find(*key);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void KnownSlices::add(const std::optional<Key>& key, Verdict verdict) {
    if (key && verdict != Verdict::undecided) known_.emplace(*key, verdict);
}

Verdict question_verdict(const Question& question, bool slicing, std::string& why, KnownSlices* known) {
    const model::Property& property = property_of(question);
    model::SliceOptions cut;
    cut.no_slicing = !slicing;
    const model::Slicing slices = model::slice(*question.program, property, cut);
    std::vector<std::optional<KnownSlices::Key>> keys;
    std::vector<std::optional<Verdict>> verdicts;
    for (const model::Slice& slice : slices.slices) {
        keys.push_back(known != nullptr ? KnownSlices::key_of(slice, property) : std::nullopt);
        verdicts.push_back(known != nullptr ? known->find(keys.back()) : std::nullopt);
        if (verdicts.back() == Verdict::unsafe) return Verdict::unsafe;
    }
    Verdict verdict = Verdict::safe;
    for (std::size_t k = 0; k < slices.slices.size(); ++k) {
        if (verdicts[k]) continue;
        const Verdict found = slice_verdict(slices.slices[k].schedule, property.kind, why);
        if (known != nullptr) known->add(keys[k], found);
        if (found == Verdict::unsafe) return Verdict::unsafe;
        if (found == Verdict::undecided) verdict = Verdict::undecided;
    }
    return verdict;
}

bool executable(const std::vector<Question>& questions) {
    std::set<const model::ScheduleProgram*> seen;
    for (const Question& question : questions) {
        if (!awaits(*question.program) || !seen.insert(question.program.get()).second) continue;
        const model::Property& property = property_of(question);
        const bool formulas = property.kind != model::PropertyKind::no_bbm_violation;
        SolveOptions solve;
        solve.all_candidates = false;
        for (const model::Slice& slice : model::slice(*question.program, property).slices) {
            const SliceAnswer found = solve_slice(
                slice.schedule, formulas ? property.kind : model::PropertyKind::no_use_after_free, solve);
            if (found.no_execution) return false;
            break;  // flags are in every slice
        }
    }
    return true;
}

QuestionExplanation explained_without(const Question& question, const ScheduleOptions& options,
                                      std::string& internal_error) {
    ScheduleOptions plain = options;
    plain.causes = Causes::all;
    plain.vacuity = false;
    plain.certificate = nullptr;
    FileReport report;
    QuestionExplanation explained = explain_question(question, plain, report);
    if (!report.internal_error.empty()) internal_error = report.internal_error;
    return explained;
}

bool vacuous(const std::vector<Question>& questions) {
    for (const Question& question : questions) {
        const model::Property& property = property_of(question);
        if (property.kind == model::PropertyKind::no_bbm_violation) return false;
        SolveOptions solve;
        solve.all_candidates = false;
        solve.verdict_only = true;
        solve.without_tlbi = true;
        for (const model::Slice& slice : model::slice(*question.program, property).slices)
            if (solve_slice(slice.schedule, property.kind, solve).verdict != Verdict::safe) return false;
    }
    return true;
}

std::size_t narrow_count(const std::vector<Question>& questions) {
    std::set<const model::ScheduleProgram*> seen;
    std::size_t count = 0;
    for (const Question& question : questions)
        if (seen.insert(question.program.get()).second) count += narrow_barriers(*question.program).size();
    return count;
}

}  // namespace tlbcheck::checker
