// SPDX-License-Identifier: Apache-2.0
//
// The places of a cause looked up in the program.
#include "checker/engine/told_cause.hpp"

#include <fmt/format.h>

#include "checker/advice/cause.hpp"
#include "checker/engine/instruction_text.hpp"
#include "checker/report/kernel_place.hpp"

namespace tlbcheck::checker {

namespace {

std::string remedy_name(Remedy remedy) {
    switch (remedy) {
        case Remedy::changes:
            return "changes";
        case Remedy::no_flush:
            return "no_flush";
        case Remedy::unknown:
            return "unknown";
    }
    return "?";
}

Offence offence_at(const model::ScheduleProgram& program, const model::Property& property,
                   const model::PlainInstruction& instruction) {
    if (const auto* stack = kernel_stack(program, instruction.kernel)) {
        const model::KernelFrame& frame = shown_frame(*stack);
        return {
            place_of(frame),
            fmt::format("{}: {}", frame.function, instruction_text(program, property.hardware, instruction)),
            *stack};
    }
    const bool in_helper = instruction.helper_place != instruction.place;
    std::string text = instruction_text(program, property.hardware, instruction);
    if (in_helper) text += fmt::format(", by {}", to_string(place_of(program, instruction.helper_place)));
    return {place_of(program, instruction.place), std::move(text), {}};
}

/// Of kernel code its own line, else the statement.
Place reported_place(const model::ScheduleProgram& program, const model::PlainInstruction& instruction) {
    const auto* stack = kernel_stack(program, instruction.kernel);
    return stack == nullptr ? place_of(program, instruction.place) : place_of(shown_frame(*stack));
}

}  // namespace

void tell_cause(QuestionAnswer& answer, const model::ScheduleProgram& program,
                const model::Property& property, const ScheduleOptions& options) {
    const Misread& misread = answer.witness->misread;
    if (misread.kind == Misreading::lost_update) {  // no flush or barrier is missing: the store is not atomic
        answer.report.reason = misreading_text(misread, program, property.hardware, false);
        if (misread.changed_by) answer.report.offence = offence_at(program, property, *misread.changed_by);
        CauseReport told;
        told.kind = to_string(misread.kind);
        told.remedy = remedy_name(Remedy::unknown);
        answer.report.cause = std::move(told);
        return;
    }
    const bool wanted =
        options.causes == Causes::all || (options.causes == Causes::failed && !property.expect_violation);
    const Cause cause = wanted ? find_cause(program, property, *answer.witness_schedule, misread)
                               : untested_cause(program, property, misread);
    answer.report.reason = cause.sentence;
    if (cause.offending) answer.report.offence = offence_at(program, property, *cause.offending);
    CauseReport told;
    told.kind = to_string(misread.kind);
    told.remedy = remedy_name(cause.remedy);
    told.tested = cause.tested;
    for (std::size_t i = 0; i < cause.changes.size(); ++i) {
        const Change& change = cause.changes[i];
        told.changes.push_back({std::string(to_string(change.kind)), cause.to_do[i],
                                change.at ? reported_place(program, *change.at) : Place{}});
    }
    answer.report.cause = std::move(told);
}

}  // namespace tlbcheck::checker
