// SPDX-License-Identifier: Apache-2.0
//
// The steps of each configuration laid over one another.
#include "checker/gate/merged_steps.hpp"

#include <algorithm>

namespace tlbcheck::checker {

namespace {

bool same_statement(const StepNote& a, const StepNote& b) {
    return a.place == b.place && a.called_from == b.called_from;
}

void merge(StepNote& into, const StepNote& from) {
    if (into.note.empty()) into.note = from.note;
    if (from.need == Need::not_needed) return;
    if (into.need == Need::could_be_weaker && from.need == Need::could_be_weaker) {
        std::erase_if(into.weaker, [&](const std::string& weaker) {
            return std::ranges::find(from.weaker, weaker) == from.weaker.end();
        });
        if (into.weaker.empty()) into.need = Need::needed;
    } else if (into.need == Need::not_needed || from.need != Need::could_be_weaker) {
        into.need = from.need;
        into.weaker = from.weaker;
    }
}

}  // namespace

void merge_steps(MinimizedSteps& into, const MinimizedSteps& from) {
    if (into.why_not.empty()) into.why_not = from.why_not;
    for (const StepNote& step : from.steps) {
        const auto found = std::ranges::find_if(
            into.steps, [&](const StepNote& other) { return same_statement(step, other); });
        if (found == into.steps.end())
            into.steps.push_back(step);  // the other configurations do not execute it
        else
            merge(*found, step);
    }
}

}  // namespace tlbcheck::checker
