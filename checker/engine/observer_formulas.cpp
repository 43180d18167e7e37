// SPDX-License-Identifier: Apache-2.0
//
// The words for an observer (docs/formal-model.md, "Questions").
#include "checker/engine/observer_formulas.hpp"

#include <fmt/format.h>

namespace tlbcheck::checker {

namespace {

std::string place_and_time(const model::ScheduleQuestion& question, const model::JudgedSchedule& schedule) {
    switch (question.observer) {
        case model::ObserverKind::same_pe:
            return fmt::format("on {}, directly after the schedule",
                               schedule.threads[static_cast<std::size_t>(question.thread)].name);
        case model::ObserverKind::other_pe:
            return "on another PE, which has seen every thread end";
        case model::ObserverKind::other_pe_any_time:
            return "on another PE, at any time";
    }
    return {};
}

}  // namespace

std::string observer_text(const model::ScheduleQuestion& question, const model::JudgedSchedule& schedule) {
    return fmt::format("{} {}{}", question.store ? "a store" : "a load", place_and_time(question, schedule),
                       question.conflict ? ", that meets two conflicting entries" : "");
}

}  // namespace tlbcheck::checker
