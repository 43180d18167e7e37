// SPDX-License-Identifier: Apache-2.0
//
// States after a step, folding, and the flow of statements.

#include "checker/report/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlbcheck::checker {

std::string text_of(const std::vector<RuleName>& rules) {
    std::string text;
    for (const RuleName& rule : rules) {
        if (!text.empty()) text += ", ";
        text += rule.text();
    }
    return text;
}

std::string value_text(const MemoryDescriptor& descriptor) {
    if (descriptor.reused) return "what the new owner wrote";
    if (descriptor.value.kind != model::DescriptorKind::leaf) return to_string(descriptor.value);
    return fmt::format("0x{:x}{} {}", descriptor.value.oa, descriptor.value.contiguous ? " C" : "",
                       attribute_text(descriptor.value));
}

namespace {

std::vector<bool> has_arrow(const Timeline& timeline) {
    std::vector<bool> marked(timeline.steps.size());
    for (const TimelineArrow& arrow : timeline.arrows) {
        marked[arrow.from] = true;
        marked[arrow.to] = true;
    }
    return marked;
}

}  // namespace

std::vector<Fold> folds_of(const Timeline& timeline) {
    const std::vector<bool> keep = has_arrow(timeline);
    std::vector<Fold> folds;
    for (std::size_t i = 0; i < timeline.steps.size();) {
        std::size_t end = i;
        while (end < timeline.steps.size() && timeline.steps[end].minor && !keep[end]) ++end;
        if (end >= i + 2)
            folds.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end - 1)});
        i = std::max(end, i + 1);
    }
    return folds;
}

TimelineStep step_of(const Timeline& timeline, const Fold& run) {
    TimelineStep fold = timeline.steps[run.first];
    fold.kind = StepKind::folded;
    fold.detail = fmt::format("From \"{}\" to \"{}\": the same again, or of no consequence.",
                              timeline.steps[run.first].text, timeline.steps[run.last].text);
    fold.rules.clear();
    fold.place = fold.helper_place = {};
    fold.kernel.clear();
    fold.memory.clear();
    fold.instructions = 0;
    fold.position.reset();
    for (std::size_t i = run.first; i <= run.last; ++i) {
        fold.instructions += timeline.steps[i].instructions;
        for (const MemoryDescriptor& changed : timeline.steps[i].memory) fold.memory.push_back(changed);
    }
    fold.text = fmt::format("... {} further steps", run.last + 1 - run.first);
    if (fold.instructions > 0)
        fold.text += fmt::format(", {} instruction{}", fold.instructions, fold.instructions == 1 ? "" : "s");
    fold.pes = timeline.steps[run.last].pes;
    return fold;
}

Timeline folded(const Timeline& timeline) {
    Timeline out = timeline;
    out.steps.clear();
    std::vector<std::uint32_t> moved(timeline.steps.size());
    std::vector<Fold> folds = folds_of(timeline);
    auto fold = folds.begin();
    for (std::uint32_t i = 0; i < timeline.steps.size(); ++i) {
        moved[i] = static_cast<std::uint32_t>(out.steps.size());
        if (fold == folds.end() || fold->first != i) {
            out.steps.push_back(timeline.steps[i]);
        } else {
            out.steps.push_back(step_of(timeline, *fold));
            i = fold->last;
            ++fold;
        }
    }
    for (TimelineArrow& arrow : out.arrows)
        arrow = {moved[arrow.from], moved[arrow.to], arrow.rule, arrow.detail};
    return out;
}

std::vector<bool> idle_walk_caches(const Timeline& timeline) {
    std::vector<bool> idle(timeline.pes.size());
    for (std::size_t pe = 0; pe < timeline.pes.size(); ++pe) {
        bool holds = false, stale = false;
        for (int step = -1; step < static_cast<int>(timeline.steps.size()); ++step) {
            const auto pes = state_after(timeline, step);
            for (const CachedEntry& entry : pes[pe].walk_cache) {
                holds = true;
                stale = stale || entry.stale;
            }
        }
        idle[pe] = holds && !stale;
    }
    return idle;
}

std::vector<FlowStep> flow_of(const Timeline& timeline, const Place& stated) {
    std::vector<FlowStep> flow;
    std::vector<Place> reached(timeline.pes.size(), stated);
    for (const TimelineStep& step : timeline.steps) {
        const bool hit = step.kind == StepKind::hit;
        if (!step.place.file.empty()) reached[step.pe] = step.kernel.empty() ? step.place : step.helper_place;
        if ((step.minor || step.kind == StepKind::folded) && !hit) continue;
        std::string text = fmt::format("{}: {}", timeline.pes[step.pe], step.text);
        if (!step.detail.empty()) text += " (" + step.detail + ")";
        flow.push_back(
            {hit ? stated : reached[step.pe], std::move(text), hit || step.kind == StepKind::fill});
    }
    return flow;
}

}  // namespace tlbcheck::checker
