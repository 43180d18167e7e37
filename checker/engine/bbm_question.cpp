// SPDX-License-Identifier: Apache-2.0
//
// Asks the timeline of model/break_before_make/ and tells what it found.
#include "checker/engine/bbm_question.hpp"

#include <fmt/format.h>

#include "checker/engine/affected.hpp"
#include "checker/engine/told_cause.hpp"
#include "checker/engine/whole_witness.hpp"
#include "checker/report/kernel_place.hpp"
#include "model/break_before_make/bbm.hpp"

namespace tlbcheck::checker {

namespace {

/// Position in the slice's own thread of the instruction with that number in the original's execution.
std::optional<std::uint64_t> position_of(const model::JudgedThread& thread, std::uint64_t index) {
    for (std::size_t i = 0; i < thread.code.size(); ++i) {
        if (thread.code[i].index == index) return i;
    }
    return std::nullopt;
}

FoundWitness witness_of(const model::BbmViolation& violation, const model::JudgedSchedule& schedule) {
    FoundWitness found;
    found.misread.kind = Misreading::live_replacement;
    found.misread.property = model::PropertyKind::no_bbm_violation;
    found.misread.va = violation.va;
    found.misread.slot = violation.old_slot;
    found.misread.value = violation.old_value;
    found.misread.other_slot = violation.new_slot;
    found.misread.other_value = violation.new_value;
    found.misread.told = violation.explanation;
    found.witness.kind = model::PropertyKind::no_bbm_violation;
    found.witness.va = violation.held;
    found.witness.observer.thread = violation.pe;
    const auto thread = violation.new_thread;
    if (thread < schedule.threads.size()) {
        const auto at = position_of(schedule.threads[thread], violation.new_index);
        if (at) {
            found.witness.update = model::InstructionRef{thread, *at};
            found.misread.changed_by = schedule.threads[thread].code[*at];
            found.misread.changed_by_thread = thread;
        }
    }
    return found;
}

/// The whole schedule once for each unit, so that an answer without slices names the same addresses.
model::Slicing by_units(const model::Slicing& whole, const model::ScheduleProgram& program,
                        const model::Property& property) {
    model::Slicing units;
    const model::JudgedSchedule& schedule = whole.slices.front().schedule;
    std::uint64_t past = 0;
    for (const std::uint64_t va : schedule.candidates) {
        if (!units.slices.empty() && va <= past) continue;
        const model::Slicing unit = model::slice_at(program, property, va);
        if (unit.slices.empty()) continue;
        model::Slice slice;
        slice.schedule = schedule;
        slice.stands_for = unit.slices.front().stands_for;
        past = slice.stands_for.back().last;
        std::erase_if(slice.schedule.candidates, [&](std::uint64_t c) { return c < va || c > past; });
        units.slices.push_back(std::move(slice));
    }
    return units;
}

void judge_whole_bbm(QuestionAnswer& answer, const model::ScheduleProgram& program,
                     const model::Property& property) {
    std::optional<model::JudgedSchedule> whole = small_whole(program, property, *answer.witness_schedule);
    if (!whole) return;
    whole->candidates = answer.witness_schedule->candidates;
    const model::BbmResult found = model::find_bbm_violation(*whole);
    if (found.verdict == model::BbmVerdict::safe)
        answer.internal_error = refuted(property, answer.witness->witness.va);
    if (!found.violation) return;
    answer.witness = witness_of(*found.violation, *whole);
    answer.witness_schedule = std::make_shared<model::JudgedSchedule>(std::move(*whole));
}

}  // namespace

void answer_bbm(QuestionAnswer& answer, const model::ScheduleProgram& program,
                const model::Property& property, const model::Slicing& slicing,
                const ScheduleOptions& options) {
    const std::size_t most_units = options.slicing ? 64 : 4096;
    const bool told_by_unit = slicing.whole && !slicing.slices.empty() &&
                              slicing.slices.front().schedule.candidates.size() <= most_units;
    const model::BbmAnswer found =
        model::find_bbm_violations(told_by_unit ? by_units(slicing, program, property) : slicing);
    switch (found.verdict) {
        case model::BbmVerdict::safe:
            answer.report.verdict = Verdict::safe;
            return;
        case model::BbmVerdict::undecided:
            answer.report.verdict = Verdict::undecided;
            answer.report.reason = found.why_undecided;
            return;
        case model::BbmVerdict::unsafe:
            answer.report.verdict = Verdict::unsafe;
            break;
    }
    if (found.unsafe_slices.empty()) return;
    const model::JudgedSchedule& slice = found.slicing.slices[found.unsafe_slices.front()].schedule;
    const model::BbmResult again = model::find_bbm_violation(slice);
    const model::BbmViolation& violation = again.violation ? *again.violation : *found.first;
    answer.witness_schedule = std::make_shared<model::JudgedSchedule>(slice);
    answer.witness = witness_of(violation, slice);
    tell_cause(answer, program, property, options);
    judge_whole_bbm(answer, program, property);
    if (!answer.report.offence) {
        answer.report.offence = Offence{place_of(program, violation.new_place), {}};
        if (const auto* stack = kernel_stack(program, violation.new_kernel))
            answer.report.offence =
                Offence{place_of(shown_frame(*stack)), shown_frame(*stack).function, *stack};
    }
    for (const std::size_t index : found.unsafe_slices) {
        for (const model::LeafRange& range : found.slicing.slices[index].stands_for)
            answer.report.affected.push_back(reported(range));
    }
    answer.report.affected = merged(std::move(answer.report.affected));
}

}  // namespace tlbcheck::checker
