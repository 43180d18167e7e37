// SPDX-License-Identifier: Apache-2.0
//
// Names, places and arrows put to the machine's steps.

#include "checker/report/timeline_from_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "checker/report/kernel_place.hpp"
#include "model/program/slot_name.hpp"

namespace tlbcheck::checker {
namespace {

StepKind kind_of(model::TraceKind kind) {
    switch (kind) {
        case model::TraceKind::store:
            return StepKind::store;
        case model::TraceKind::visible:
            return StepKind::visible;
        case model::TraceKind::tlbi:
            return StepKind::tlbi;
        case model::TraceKind::remove:
            return StepKind::remove;
        case model::TraceKind::barrier:
            return StepKind::barrier;
        case model::TraceKind::fill:
            return StepKind::fill;
        case model::TraceKind::latch:
            return StepKind::latch;
        case model::TraceKind::access:
        case model::TraceKind::await:
            return StepKind::access;
        case model::TraceKind::free:
            return StepKind::free;
        case model::TraceKind::hit:
            return StepKind::hit;
    }
    return StepKind::access;
}

bool same_slot(const model::TraceDescriptor& descriptor, const model::DescriptorSlot& slot) {
    return descriptor.slot == slot;
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

class Converter {
  public:
    Converter(const model::Trace& trace, const model::ScheduleProgram& program,
              const model::HardwareParameters& hardware)
        : trace_(trace), program_(program), geometry_(hardware) {}

    Timeline convert(std::string_view cause) const {
        Timeline timeline;
        for (std::size_t pe = 0; pe < trace_.pes.size(); ++pe) {
            timeline.pes.push_back(fmt::format("PE{} ({})", pe, trace_.pes[pe]));
        }
        for (const model::TraceDescriptor& descriptor : trace_.memory) {
            if (!idle(descriptor)) timeline.memory.push_back(memory_of(descriptor));
        }
        for (const model::TraceStep& step : trace_.steps) timeline.steps.push_back(step_of(step));
        mark_repetitions(timeline);
        timeline.cause = cause;
        timeline.outcome = trace_.outcome;
        timeline.expected = trace_.expected;
        add_arrows(timeline);
        return timeline;
    }

  private:
    MemoryDescriptor memory_of(const model::TraceDescriptor& descriptor) const {
        MemoryDescriptor out;
        out.name = slot_name(program_, geometry_, descriptor.slot);
        out.va = model::spaces::plain(descriptor.slot.va);
        out.level = descriptor.slot.level;
        out.size = geometry_.entry_bytes(out.level);
        switch (descriptor.value.kind) {
            case model::DescriptorKind::invalid:
                break;
            case model::DescriptorKind::leaf:
                out.state = DescriptorState::leaf;
                break;
            case model::DescriptorKind::table:
                out.state = DescriptorState::table;
                break;
        }
        if (out.state != DescriptorState::invalid) out.oa = descriptor.value.oa;
        out.contiguous = out.state == DescriptorState::leaf && descriptor.value.contiguous;
        out.attributes = attribute_text(descriptor.value);
        out.reused = descriptor.garbage;
        return out;
    }

    /// Invalid throughout and in no region, such as the neighbours that would make a contiguous set: nothing
    /// to show.
    bool idle(const model::TraceDescriptor& descriptor) const {
        const model::DescriptorSlot& slot = descriptor.slot;
        if (descriptor.value.kind != model::DescriptorKind::invalid) return false;
        for (const model::Region& region : program_.regions) {
            if (region.level == slot.level && contains(region, slot.va)) return false;
        }
        for (std::size_t step = 0; step < trace_.steps.size(); ++step) {
            if (writes(step, slot)) return false;
        }
        return true;
    }

    CachedEntry entry_of(const model::TraceEntry& entry) const {
        CachedEntry out;
        out.id = entry.id;
        out.va = {entry.first, entry.last};
        out.level = entry.level;
        out.oa = entry.value.oa;
        out.origin = slot_name(program_, geometry_, entry.source);
        out.span = entry.span;
        out.attributes = attribute_text(entry.value);
        out.reused = entry.garbage;
        out.stale = entry.stale;
        return out;
    }

    PeState state_of(const model::TracePe& pe) const {
        PeState out;
        for (const model::TraceEntry& entry : pe.tlb) out.tlb.push_back(entry_of(entry));
        for (const model::TraceEntry& entry : pe.walk_cache) out.walk_cache.push_back(entry_of(entry));
        out.store_buffer = pe.store_buffer;
        out.pending = pe.pending;
        return out;
    }

    TimelineStep step_of(const model::TraceStep& step) const {
        TimelineStep out;
        out.pe = step.pe;
        out.kind = kind_of(step.kind);
        out.lane = out.kind == StepKind::fill ? Lane::tlb : Lane::pe;
        out.text = step.text;
        out.detail = step.detail;
        out.rules = step.rules;
        out.minor = step.minor;
        out.position = step.position;
        out.instructions = step.position ? 1 : 0;
        if (step.place) out.place = place_of(program_, *step.place);
        if (step.helper_place && step.helper_place != step.place)
            out.helper_place = place_of(program_, *step.helper_place);
        if (const auto* stack = kernel_stack(program_, step.kernel)) {
            out.kernel = *stack;
            out.helper_place = place_of(shown_frame(*stack));
        }
        for (const model::TraceDescriptor& changed : step.memory) out.memory.push_back(memory_of(changed));
        for (const model::TracePe& pe : step.pes) out.pes.push_back(state_of(pe));
        return out;
    }

    /// The first step after which the PE holds the entry; the number of steps when there is none.
    std::size_t birth_of(std::uint32_t pe, std::uint32_t id) const {
        const auto holds = [&](const model::TraceStep& step) {
            const auto is = [&](const model::TraceEntry& entry) { return entry.id == id; };
            return std::any_of(step.pes[pe].tlb.begin(), step.pes[pe].tlb.end(), is) ||
                   std::any_of(step.pes[pe].walk_cache.begin(), step.pes[pe].walk_cache.end(), is);
        };
        return static_cast<std::size_t>(std::find_if(trace_.steps.begin(), trace_.steps.end(), holds) -
                                        trace_.steps.begin());
    }

    bool writes(std::size_t step, const model::DescriptorSlot& slot) const {
        const auto& memory = trace_.steps[step].memory;
        return std::any_of(memory.begin(), memory.end(), [&](const model::TraceDescriptor& descriptor) {
            return same_slot(descriptor, slot);
        });
    }

    /// For each stale entry that serves the judged access: from its fill to the access, and how the fill
    /// stands to the writes of the descriptor it read.
    void add_arrows(Timeline& timeline) const {
        if (trace_.steps.empty()) return;
        const std::size_t last = trace_.steps.size() - 1;
        if (trace_.steps[last].kind != model::TraceKind::hit) return;
        const model::TracePe& judged = trace_.steps[last].pes[trace_.judged_pe];
        for (const auto* entries : {&judged.walk_cache, &judged.tlb}) {
            for (const model::TraceEntry& entry : *entries) {
                if (!entry.stale || trace_.judged_va < entry.first || trace_.judged_va > entry.last) continue;
                const std::size_t birth = birth_of(trace_.judged_pe, entry.id);
                if (birth >= last) continue;
                arrow(timeline, birth, last, "TLB-hit", "the entry filled here serves the access");
                for (std::size_t step = birth; step-- > 0;) {
                    if (!writes(step, entry.source)) continue;
                    arrow(timeline, step, birth, "rf", "the walk read what was written here");
                    break;
                }
                for (std::size_t step = birth + 1; step < last; ++step) {
                    if (!writes(step, entry.source)) continue;
                    arrow(timeline, birth, step, "fr",
                          "the walk read the descriptor before it was overwritten here");
                    break;
                }
            }
        }
    }

    static void arrow(Timeline& timeline, std::size_t from, std::size_t to, RuleName rule,
                      std::string detail) {
        timeline.arrows.push_back(
            {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), rule, std::move(detail)});
    }

    const model::Trace& trace_;
    const model::ScheduleProgram& program_;
    model::Geometry geometry_;
};

}  // namespace

Timeline timeline_from_trace(const model::Trace& trace, const model::ScheduleProgram& program,
                             const model::HardwareParameters& hardware, std::string_view cause) {
    return Converter(trace, program, hardware).convert(cause);
}

std::string attribute_text(const model::Descriptor& descriptor) {
    if (descriptor.kind != model::DescriptorKind::leaf) return "";
    constexpr std::array<std::pair<model::Attr, std::string_view>, 8> types{{
        {model::Attr::device_gre, "Device-GRE"},
        {model::Attr::device_ngre, "Device-nGRE"},
        {model::Attr::device_ngnre, "Device-nGnRE"},
        {model::Attr::device_ngnrne, "Device-nGnRnE"},
        {model::Attr::inc, "Normal-NC"},
        {model::Attr::xs, "XS"},
        {model::Attr::px, "PX"},
        {model::Attr::ux, "UX"},
    }};
    std::string text = descriptor.db ? "rw" : "ro";
    for (const auto& [bit, name] : types) {
        if (model::has(descriptor.attributes, bit)) text += fmt::format(", {}", name);
    }
    if (!descriptor.af) text += ", AF=0";
    if (descriptor.nt) text += ", nT";
    if (descriptor.not_global) text += ", nG";
    return text;
}

Place place_of(const model::ScheduleProgram& program, const model::SourcePlace& place) {
    if (place.file >= program.files.size()) return {};
    return {program.files[place.file], place.line, place.column};
}

}  // namespace tlbcheck::checker
