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

void judge_slice(const model::JudgedSchedule& slice, model::PropertyKind kind, QuestionVerdict& answer) {
    if (kind == model::PropertyKind::no_bbm_violation) {
        const model::BbmResult found = model::find_bbm_violation(slice);
        answer.verdict = verdict_of(found.verdict);
        if (answer.verdict == Verdict::undecided) answer.why = found.why_undecided;
        return;
    }
    SolveOptions solve;
    solve.all_candidates = false;
    solve.verdict_only = true;
    const SliceAnswer found = solve_slice(slice, kind, solve);
    answer.verdict = found.verdict;
    if (found.verdict == Verdict::undecided) answer.why = found.reason;
    if (found.met) answer.seen = seen_violation(slice, *found.met);
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

std::optional<SeenViolation> KnownSlices::Known::seen_in(const model::JudgedSchedule& slice) const {
    if (!seen) return std::nullopt;
    SeenViolation here = *seen;
    here.met.va = slice.candidates[candidate];
    return here;
}

const KnownSlices::Known* KnownSlices::find(const std::optional<Key>& key) const {
    if (!key) return nullptr;
    const auto found = known_.find(*key);
    return found == known_.end() ? nullptr : &found->second;
}

void KnownSlices::add(const std::optional<Key>& key, Verdict verdict) {
    if (key && verdict != Verdict::undecided) known_.emplace(*key, Known{verdict});
}

void KnownSlices::add(const std::optional<Key>& key, const model::JudgedSchedule& slice,
                      const SeenViolation& seen) {
    if (!key) return;
    const auto at = std::ranges::lower_bound(slice.candidates, seen.met.va);
    known_.emplace(*key,
                   Known{Verdict::unsafe, seen, static_cast<std::size_t>(at - slice.candidates.begin())});
}

QuestionVerdict question_verdict(const Question& question, bool slicing, KnownSlices* known) {
    const model::Property& property = property_of(question);
    model::SliceOptions cut;
    cut.no_slicing = !slicing;
    const model::Slicing slices = model::slice(*question.program, property, cut);
    QuestionVerdict answer;
    answer.whole = slices.whole && std::ranges::all_of(slices.slices, [](const model::Slice& slice) {
                       return slice.every_leaf.empty();
                   });
    std::vector<std::optional<KnownSlices::Key>> keys;
    std::vector<const KnownSlices::Known*> found;
    for (const model::Slice& slice : slices.slices) {
        keys.push_back(known != nullptr ? KnownSlices::key_of(slice, property) : std::nullopt);
        found.push_back(known != nullptr ? known->find(keys.back()) : nullptr);
        if (found.back() == nullptr) continue;
        answer.from_known = true;
        if (found.back()->verdict != Verdict::unsafe) continue;
        answer.verdict = Verdict::unsafe;
        answer.seen = found.back()->seen_in(slice.schedule);
        return answer;
    }
    Verdict all = Verdict::safe;
    for (std::size_t k = 0; k < slices.slices.size(); ++k) {
        if (found[k] != nullptr) continue;
        const model::JudgedSchedule& slice = slices.slices[k].schedule;
        judge_slice(slice, property.kind, answer);
        if (known != nullptr) {
            if (answer.seen) known->add(keys[k], slice, *answer.seen);
            known->add(keys[k], answer.verdict);
        }
        if (answer.verdict == Verdict::unsafe) return answer;
        if (answer.verdict == Verdict::undecided) all = Verdict::undecided;
    }
    answer.verdict = all;
    return answer;
}

bool violated_again(const Question& question, bool slicing, const SeenViolation& seen, KnownSlices& known) {
    const model::Property& property = property_of(question);
    if (!slicing) return seen_again(model::whole(*question.program, property), property.kind, seen);
    for (const model::Slice& slice : model::slice_at(*question.program, property, seen.met.va).slices) {
        const auto key = KnownSlices::key_of(slice, property);
        if (const auto* found = known.find(key)) return found->verdict == Verdict::unsafe;
        if (!seen_again(slice.schedule, property.kind, seen)) continue;
        known.add(key, slice.schedule, seen);
        return true;
    }
    return false;
}

bool executable(const std::vector<Question>& questions) {
    std::set<const model::ScheduleProgram*> seen;
    for (const Question& question : questions) {
        if (!awaits(*question.program) || !seen.insert(question.program.get()).second) continue;
        const model::Property& property = property_of(question);
        const bool formulas = property.kind != model::PropertyKind::no_bbm_violation;
        const model::Slicing slicing = model::slice(*question.program, property);
        // Flags are in every slice.
        if (!slicing.slices.empty() &&
            !has_execution(slicing.slices.front().schedule,
                           formulas ? property.kind : model::PropertyKind::no_use_after_free))
            return false;
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
