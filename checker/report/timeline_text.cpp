// SPDX-License-Identifier: Apache-2.0
//
// Phrases that several writers of timelines share.

#include "checker/report/timeline_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace tlbcheck::checker {

std::string headline(const QuestionReport& question) {
    std::string line = fmt::format("{}: {}", full_text(question), to_string(question.verdict));
    if (question.expected && *question.expected != question.verdict) {
        line += fmt::format(" (expected {})", to_string(*question.expected));
    }
    return line;
}

std::string hardware_line(const QuestionReport& question) {
    std::string line;
    if (!question.hardware) return line;
    for (const HardwareItem& item : hardware_items(*question.hardware)) {
        line += fmt::format("{}{} = {}", line.empty() ? "" : ", ", item.name, item.value);
    }
    return line;
}

std::string coverage_text(const std::vector<MemoryDescriptor>& memory, const CachedEntry& entry) {
    const MemoryDescriptor* first = nullptr;
    const MemoryDescriptor* last = nullptr;
    for (const MemoryDescriptor& descriptor : memory) {
        if (descriptor.slot.level != entry.level || descriptor.size == 0) continue;
        if (model::spaces::of(descriptor.slot.va) != model::spaces::of(entry.source.va)) continue;
        const std::uint64_t start = model::spaces::plain(descriptor.slot.va);
        if (start == entry.first && first == nullptr) first = &descriptor;
        if (start + descriptor.size - 1 == entry.last) last = &descriptor;
    }
    if (first == nullptr || last == nullptr) return to_string(AddressRange{entry.first, entry.last});
    return first == last ? first->name : fmt::format("{}..{}", first->name, last->name);
}

std::string stage_text(model::CachedTranslation::Stage stage) {
    using enum model::CachedTranslation::Stage;
    return stage == stage1 ? "stage 1" : stage == stage2 ? "stage 2" : "both stages";
}

std::string tags_text(const EntryTags& tags) {
    std::vector<std::string> parts;
    if (tags.vmid) parts.push_back(stage_text(tags.stage));
    if (tags.regime != model::Regime::el10) parts.emplace_back(to_string(tags.regime));
    if (tags.global) parts.emplace_back("any ASID");
    if (tags.asid) parts.push_back(fmt::format("ASID {}", *tags.asid));
    if (tags.vmid) parts.push_back(fmt::format("VMID {}", *tags.vmid));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string entry_text(const std::vector<MemoryDescriptor>& memory, const CachedEntry& entry) {
    const std::string target = entry.reused                     ? written_text(entry.value, true)
                               : entry.span != EntrySpan::table ? fmt::format("0x{:x}", entry.value.oa)
                                                                : to_string(entry.value);
    const std::string coverage = coverage_text(memory, entry);
    std::string text = fmt::format("{} -> {}", coverage, target);
    const std::string attributes = attribute_text(entry.value);
    if (!attributes.empty() && !entry.reused) text += " " + attributes;
    if (!entry.origin.empty() && entry.origin != coverage) text += fmt::format(", from {}", entry.origin);
    const bool said = entry.tags && entry.tags->vmid;  // that it is of both stages
    if (entry.span == EntrySpan::shattered || entry.span == EntrySpan::coalesced ||
        (entry.span == EntrySpan::combined && !said)) {
        text += fmt::format(" ({})", to_string(entry.span));
    }
    if (entry.tags) text += fmt::format("; {}", tags_text(*entry.tags));
    return text;
}

int stage_column(const EntryLife& life) {
    if (life.lane == Lane::walk_cache || !life.entry.tags || !life.entry.tags->vmid) return 0;
    return 1 + static_cast<int>(life.entry.tags->stage);
}

std::vector<EntryLife> entry_lives(const Timeline& timeline) {
    std::vector<EntryLife> lives;
    std::map<std::tuple<std::uint32_t, Lane, std::uint32_t>, std::size_t> open;
    const auto see = [&](std::uint32_t pe, Lane lane, const CachedEntry& entry, int step) {
        const auto key = std::make_tuple(pe, lane, entry.id);
        const auto found = open.find(key);
        // An id that went away and came back is another life.
        if (found == open.end() || lives[found->second].last < step - 1) {
            open[key] = lives.size();
            lives.push_back({entry, pe, lane, step, step, -1, false, 0});
        }
        EntryLife& life = lives[open[key]];
        life.last = step;
        if (entry.stale && !life.ever_stale) {
            life.ever_stale = true;
            life.stale_from = step;
        }
    };
    for (int step = -1; step < static_cast<int>(timeline.steps.size()); ++step) {
        const std::vector<PeState> state = state_after(timeline, step);
        for (std::uint32_t pe = 0; pe < state.size(); ++pe) {
            for (const CachedEntry& entry : state[pe].tlb) see(pe, Lane::tlb, entry, step);
            for (const CachedEntry& entry : state[pe].walk_cache) see(pe, Lane::walk_cache, entry, step);
        }
    }
    std::map<std::tuple<std::uint32_t, Lane, int>, std::vector<int>> busy_until;
    for (EntryLife& life : lives) {
        std::vector<int>& tracks = busy_until[{life.pe, life.lane, stage_column(life)}];
        const auto free =
            std::find_if(tracks.begin(), tracks.end(), [&](int last) { return last < life.born; });
        life.track = static_cast<int>(free - tracks.begin());
        if (free == tracks.end())
            tracks.push_back(life.last);
        else
            *free = life.last;
    }
    for (EntryLife& life : lives) {
        for (int before = 0; before < stage_column(life); ++before) {
            const auto found = busy_until.find({life.pe, life.lane, before});
            if (found != busy_until.end()) life.track += static_cast<int>(found->second.size());
        }
    }
    return lives;
}

}  // namespace tlbcheck::checker
