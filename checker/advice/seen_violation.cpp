// SPDX-License-Identifier: Apache-2.0
//
// The observers of the edited schedule that stand where the one of before stood.
#include "checker/advice/seen_violation.hpp"

#include <algorithm>

namespace tlbcheck::checker {

namespace {

std::size_t instructions_before(const model::JudgedSchedule& schedule,
                                const model::ScheduleQuestion& observer) {
    if (!observer.position) return 0;
    const auto& code = schedule.threads[static_cast<std::size_t>(observer.thread)].code;
    const auto end = code.begin() + static_cast<std::ptrdiff_t>(*observer.position);
    return static_cast<std::size_t>(std::count_if(code.begin(), end, [](const model::PlainInstruction& i) {
        return !std::holds_alternative<model::Barrier>(i.operation) &&
               !std::holds_alternative<model::TlbiInstruction>(i.operation);
    }));
}

}  // namespace

SeenViolation seen_violation(const model::JudgedSchedule& schedule, const MetViolation& met) {
    return {met, instructions_before(schedule, met.observer)};
}

bool seen_again(const model::JudgedSchedule& schedule, model::PropertyKind kind, const SeenViolation& seen) {
    if (!std::ranges::binary_search(schedule.candidates, seen.met.va)) return false;
    const auto same = [&](const model::ScheduleQuestion& observer) {
        model::ScheduleQuestion moved = observer;
        moved.position = seen.met.observer.position;
        return moved == seen.met.observer && observer.position.has_value() == moved.position.has_value() &&
               instructions_before(schedule, observer) == seen.behind;
    };
    model::JudgedSchedule narrowed = schedule;
    narrowed.candidates = {seen.met.va};
    return std::ranges::any_of(questions_for(kind, narrowed), [&](const model::ScheduleQuestion& observer) {
        return same(observer) && violated_for(narrowed, observer);
    });
}

}  // namespace tlbcheck::checker
