// SPDX-License-Identifier: Apache-2.0
//
// The unsliced schedule with the one address as its candidate.
#include "checker/engine/whole_witness.hpp"

#include <fmt/format.h>

#include "checker/engine/whole_timeline.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

std::uint64_t instructions(const model::JudgedSchedule& schedule) {
    std::uint64_t count = 0;
    for (const model::JudgedThread& thread : schedule.threads) count += thread.code.size();
    return count;
}

}  // namespace

std::optional<model::JudgedSchedule> small_whole(const model::ScheduleProgram& program,
                                                 const model::Property& property,
                                                 const model::JudgedSchedule& slice) {
    if (model::whole_size(program, property) > most_judged_whole ||
        instructions(slice) == instruction_count(program))
        return std::nullopt;
    return model::whole(program, property);
}

std::string refuted(const model::Property& property, std::uint64_t va) {
    return fmt::format("{}: the slice of {:#x} has a counterexample, the whole schedule has none",
                       property.text, va);
}

void judge_whole(QuestionAnswer& answer, const model::ScheduleProgram& program,
                 const model::Property& property) {
    std::optional<model::JudgedSchedule> whole = small_whole(program, property, *answer.witness_schedule);
    if (!whole) return;
    whole->candidates = {answer.witness->witness.va};
    SolveOptions first;
    first.all_candidates = false;
    SliceAnswer found = solve_slice(*whole, property.kind, first);
    if (!found.internal_error.empty()) answer.internal_error = found.internal_error;
    if (found.verdict == Verdict::safe) answer.internal_error = refuted(property, answer.witness->witness.va);
    if (found.verdict != Verdict::unsafe || !found.witness) return;
    found.witness->graph = std::move(answer.witness->graph);  // events of other addresses would only hide it
    answer.witness = std::move(found.witness);
    answer.witness_schedule = std::make_shared<model::JudgedSchedule>(std::move(*whole));
}

}  // namespace tlbcheck::checker
