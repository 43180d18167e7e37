// SPDX-License-Identifier: Apache-2.0
//
// The question asked again without TLBIs, or without barriers where there is none.
#include "checker/engine/vacuity.hpp"

#include "checker/advice/missed_scope.hpp"
#include "model/arch/hardware_update.hpp"

namespace tlbcheck::checker {

namespace {

bool is_barrier(const model::PlainInstruction& instruction) {
    return std::holds_alternative<model::Barrier>(instruction.operation);
}

bool has_barrier(const model::JudgedSchedule& schedule) {
    for (const model::JudgedThread& thread : schedule.threads) {
        for (const model::PlainInstruction& i : thread.code) {
            if (is_barrier(i)) return true;
        }
    }
    return false;
}

model::JudgedSchedule without_barriers(model::JudgedSchedule schedule) {
    for (model::JudgedThread& thread : schedule.threads) std::erase_if(thread.code, is_barrier);
    return schedule;
}

}  // namespace

void add_vacuity(QuestionAnswer& answer, const model::ScheduleProgram& program,
                 const model::Property& property, bool no_execution) {
    if (no_execution) {
        answer.report.no_execution = true;
        answer.report.warnings.emplace_back(
            property.judging.moment
                ? "vacuous: no execution comes to the label, so the property proves nothing"
                : "vacuous: no execution of the schedule is allowed at all, so the property proves nothing");
        return;
    }
    if (property.kind == model::PropertyKind::no_lost_update) {
        if (!model::manages_flags(property.hardware))
            answer.report.warnings.emplace_back(
                "vacuous: this hardware sets no flags in descriptors, so that none can be lost; ask with ha "
                "= true, hd = true");
        return;
    }
    // What is never invalid needs no TLBI for that, and mostly no barrier.
    if (property.kind == model::PropertyKind::never_invalid) return;
    SolveOptions solve;
    solve.all_candidates = false;
    solve.verdict_only = true;
    solve.without_tlbi = has_tlbi(program);
    bool under_test = solve.without_tlbi;
    for (const model::Slice& slice : answer.slicing->slices) {
        under_test = under_test || has_barrier(slice.schedule);
        const SliceAnswer found = solve_slice(
            solve.without_tlbi ? slice.schedule : without_barriers(slice.schedule), property.kind, solve);
        if (found.verdict == Verdict::undecided) {
            answer.report.warnings.push_back("not known whether the answer is vacuous: " + found.reason);
        }
        if (found.verdict != Verdict::safe) return;
    }
    if (solve.without_tlbi) {
        answer.report.warnings.emplace_back(
            "vacuous: the property stays safe with every TLBI taken out, so it "
            "proves nothing about the flushes");
    } else if (under_test) {
        answer.report.warnings.emplace_back(
            "vacuous: the property stays safe with every barrier taken out (the "
            "schedule has no TLBI), so it proves nothing about the barriers");
    }
}

}  // namespace tlbcheck::checker
