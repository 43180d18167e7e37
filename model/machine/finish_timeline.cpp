// SPDX-License-Identifier: Apache-2.0
//
// What is known of a timeline once all steps are told: idle descriptors, repetitions, arrows.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/machine/timeline.hpp"

namespace tlbcheck::model {

namespace {

bool writes(const TimelineStep& step, const DescriptorSlot& slot) {
    return std::ranges::any_of(step.memory,
                               [&](const MemoryDescriptor& descriptor) { return descriptor.slot == slot; });
}

/// Invalid throughout and in no region, such as the neighbours that would make a contiguous set: nothing to
/// show.
bool idle(const Timeline& timeline, const ScheduleProgram& program, const MemoryDescriptor& descriptor) {
    if (descriptor.value.kind != DescriptorKind::invalid) return false;
    const bool mapped = std::ranges::any_of(program.regions, [&](const Region& region) {
        return region.level == descriptor.slot.level && contains(region, descriptor.slot.va);
    });
    return !mapped && std::ranges::none_of(timeline.steps, [&](const TimelineStep& step) {
        return writes(step, descriptor.slot);
    });
}

/// A text with its numbers left out, so that a loop's iterations read alike.
std::string without_numbers(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hexadecimal = text.substr(i).starts_with("0x");
        if (!hexadecimal && (text[i] < '0' || text[i] > '9')) {
            out += text[i];
            continue;
        }
        out += '#';
        if (hexadecimal) i += 2;
        const std::string_view digits = hexadecimal ? "0123456789abcdef" : "0123456789";
        while (i + 1 < text.size() && digits.find(text[i + 1]) != std::string_view::npos) ++i;
    }
    return out;
}

bool same_entries(const std::vector<PeState>& a, const std::vector<PeState>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PeState& x, const PeState& y) {
        const auto same = [](const std::vector<CachedEntry>& p, const std::vector<CachedEntry>& q) {
            return std::equal(p.begin(), p.end(), q.begin(), q.end(),
                              [](const CachedEntry& e, const CachedEntry& f) { return e.id == f.id; });
        };
        return same(x.tlb, y.tlb) && same(x.walk_cache, y.walk_cache);
    });
}

/// Marks as minor what has been seen twice already but for its numbers and changes no cached entry: the later
/// iterations of a loop, which tell a reader nothing new.
void mark_repetitions(Timeline& timeline) {
    std::map<std::string, int> seen;
    std::vector<PeState> before = state_after(timeline, -1);
    for (TimelineStep& step : timeline.steps) {
        const std::string key =
            fmt::format("{}/{}/{}/{}/{}", step.pe, to_string(step.kind), to_string(step.place),
                        without_numbers(step.text), without_numbers(step.detail));
        const int told = step.kind == StepKind::remove ? 1 : 2;
        const bool repeated = seen[key]++ >= told;
        if (repeated && step.kind != StepKind::hit && same_entries(before, step.pes)) step.minor = true;
        before = step.pes;
    }
}

/// The first step after which the judged PE holds the entry; the number of steps when there is none.
std::size_t birth_of(const Timeline& timeline, std::uint32_t id) {
    const auto is = [&](const CachedEntry& entry) { return entry.id == id; };
    const auto holds = [&](const TimelineStep& step) {
        const PeState& pe = step.pes[timeline.judged_pe];
        return std::ranges::any_of(pe.tlb, is) || std::ranges::any_of(pe.walk_cache, is);
    };
    return static_cast<std::size_t>(std::ranges::find_if(timeline.steps, holds) - timeline.steps.begin());
}

void add_arrow(Timeline& timeline, std::size_t from, std::size_t to, axioms::RuleName rule,
               std::string detail) {
    timeline.arrows.push_back(
        {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), rule, std::move(detail)});
}

/// From the entry's fill to the access, and how the fill stands to the writes of the descriptor it read.
void add_arrows_of(Timeline& timeline, const CachedEntry& entry) {
    const std::size_t last = timeline.steps.size() - 1, birth = birth_of(timeline, entry.id);
    if (birth >= last) return;
    add_arrow(timeline, birth, last, "TLB-hit", "the entry filled here serves the access");
    for (std::size_t step = birth; step-- > 0;) {
        if (!writes(timeline.steps[step], entry.source)) continue;
        add_arrow(timeline, step, birth, "rf", "the walk read what was written here");
        break;
    }
    for (std::size_t step = birth + 1; step < last; ++step) {
        if (!writes(timeline.steps[step], entry.source)) continue;
        add_arrow(timeline, birth, step, "fr", "the walk read the descriptor before it was overwritten here");
        break;
    }
}

/// For each stale entry that serves the judged access.
void add_arrows(Timeline& timeline) {
    if (timeline.steps.empty() || timeline.steps.back().kind != StepKind::hit) return;
    const PeState& judged = timeline.steps.back().pes[timeline.judged_pe];
    for (const auto* entries : {&judged.walk_cache, &judged.tlb}) {
        for (const CachedEntry& entry : *entries) {
            const bool serves = entry.first <= timeline.judged_va && timeline.judged_va <= entry.last;
            if (entry.stale && serves) add_arrows_of(timeline, entry);
        }
    }
}

}  // namespace

void finish(Timeline& timeline, const ScheduleProgram& program) {
    std::erase_if(timeline.memory,
                  [&](const MemoryDescriptor& descriptor) { return idle(timeline, program, descriptor); });
    mark_repetitions(timeline);
    add_arrows(timeline);
}

}  // namespace tlbcheck::model
