// SPDX-License-Identifier: Apache-2.0
//
// --any-size: whether the verdict holds for every size of the region. The canonical slices of the schedule
// are compared with those for larger regions; slices that repeat are absorbed.
#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/question_engine.hpp"

namespace tlbcheck::checker {

namespace {

using Forms = std::vector<std::vector<std::uint64_t>>;

/// The distinct slices for regions `scale` times as large; empty when that cannot be expanded.
Forms forms_at(const ScheduleJob& job, const litmus::sched::Question& question,
               const ScheduleOptions& options, std::uint64_t scale) {
    litmus::sched::ExpandOptions expand = options.expand;
    expand.region_scale = scale;
    const auto questions = litmus::sched::questions(job.parsed, expand);
    if (!questions) return {};
    for (const auto& q : questions.value()) {
        if (q.property != question.property) continue;
        const model::Property& property = q.program->properties[q.property];
        const model::Slicing slicing = model::slice(*q.program, property);
        Forms forms;
        for (const model::Slice& slice : slicing.slices) {
            if (slice.canonical.empty()) return {};
            forms.push_back(slice.canonical);
        }
        std::ranges::sort(forms);
        return forms;
    }
    return {};
}

}  // namespace

AnySize any_size_of(const ScheduleJob& job, const litmus::sched::Question& question,
                    const ScheduleOptions& options, const QuestionAnswer& answer) {
    if (!answer.slicing) return {false, "break-before-make is judged for the size given"};
    if (answer.slicing->whole)
        return {false, "the schedule could not be sliced: " + answer.slicing->why_whole};
    const Forms one = forms_at(job, question, options, 1);
    for (const std::uint64_t scale : {2, 3, 4, 8, 64, 1024}) {
        const Forms larger = forms_at(job, question, options, scale);
        if (larger.empty()) continue;
        if (larger == one) continue;
        const bool only_new = std::ranges::includes(larger, one);
        return {false, fmt::format("regions {} times as large have {} distinct slices and not {}{}: the "
                                   "flushes depend on the size "
                                   "(a threshold, or how a range is cut into operations)",
                                   scale, larger.size(), one.size(), only_new ? ", some of them new" : "")};
    }
    return {
        true,
        fmt::format(
            "regions 2 to 1024 times as large fall into the same {} distinct slice{}: the repeating part is "
            "absorbed, a further leaf adds a slice that is already judged",
            one.size(), one.size() == 1 ? "" : "s")};
}

}  // namespace tlbcheck::checker
