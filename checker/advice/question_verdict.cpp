// SPDX-License-Identifier: Apache-2.0
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

Verdict question_verdict(const Question& question, bool slicing, std::string& why) {
    const model::Property& property = property_of(question);
    model::SliceOptions cut;
    cut.no_slicing = !slicing;
    model::Slicing slices = model::slice(*question.program, property, cut);
    if (property.kind == model::PropertyKind::no_bbm_violation) {
        const model::BbmAnswer found = model::find_bbm_violations(std::move(slices));
        why = found.why_undecided;
        return verdict_of(found.verdict);
    }
    SolveOptions solve;
    solve.all_candidates = false;
    solve.verdict_only = true;
    Verdict verdict = Verdict::safe;
    for (const model::Slice& slice : slices.slices) {
        const SliceAnswer found = solve_slice(slice.schedule, property.kind, solve);
        if (found.verdict == Verdict::unsafe) return Verdict::unsafe;
        if (found.verdict == Verdict::safe) continue;
        verdict = found.verdict;
        why = found.reason;
    }
    return verdict;
}

std::size_t narrow_count(const std::vector<Question>& questions) {
    std::set<const model::ScheduleProgram*> seen;
    std::size_t count = 0;
    for (const Question& question : questions)
        if (seen.insert(question.program.get()).second) count += narrow_barriers(*question.program).size();
    return count;
}

}  // namespace tlbcheck::checker
