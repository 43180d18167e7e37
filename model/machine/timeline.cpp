// SPDX-License-Identifier: Apache-2.0
//
// Names of steps and spans, states after a step.
#include "model/machine/timeline.hpp"

#include <algorithm>

namespace tlbcheck::model {

std::string_view to_string(Lane lane) {
    switch (lane) {
        case Lane::pe:
            return "pe";
        case Lane::tlb:
            return "tlb";
        case Lane::walk_cache:
            return "walk_cache";
        case Lane::memory:
            return "memory";
    }
    return "?";
}

std::string_view to_string(StepKind kind) {
    switch (kind) {
        case StepKind::store:
            return "store";
        case StepKind::visible:
            return "visible";
        case StepKind::tlbi:
            return "tlbi";
        case StepKind::remove:
            return "remove";
        case StepKind::barrier:
            return "barrier";
        case StepKind::fill:
            return "fill";
        case StepKind::latch:
            return "latch";
        case StepKind::access:
            return "access";
        case StepKind::await:
            return "await";
        case StepKind::free:
            return "free";
        case StepKind::hit:
            return "hit";
        case StepKind::folded:
            return "folded";
    }
    return "?";
}

std::string_view to_string(EntrySpan span) {
    switch (span) {
        case EntrySpan::own:
            return "own";
        case EntrySpan::shattered:
            return "shattered";
        case EntrySpan::coalesced:
            return "coalesced";
        case EntrySpan::table:
            return "table";
        case EntrySpan::combined:
            return "combined";
    }
    return "?";
}

std::vector<MemoryDescriptor> memory_after(const Timeline& timeline, int index) {
    std::vector<MemoryDescriptor> memory = timeline.memory;
    for (int i = 0; i <= index && i < static_cast<int>(timeline.steps.size()); ++i) {
        for (const MemoryDescriptor& changed : timeline.steps[static_cast<std::size_t>(i)].memory) {
            const auto found = std::find_if(
                memory.begin(), memory.end(),
                [&](const MemoryDescriptor& descriptor) { return descriptor.name == changed.name; });
            if (found == memory.end())
                memory.push_back(changed);
            else
                *found = changed;
        }
    }
    return memory;
}

std::vector<PeState> state_after(const Timeline& timeline, int index) {
    std::vector<PeState> state = timeline.initial;
    if (index >= 0 && index < static_cast<int>(timeline.steps.size())) {
        state = timeline.steps[static_cast<std::size_t>(index)].pes;
    }
    state.resize(timeline.pes.size());
    return state;
}

}  // namespace tlbcheck::model
