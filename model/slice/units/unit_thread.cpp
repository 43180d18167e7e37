// SPDX-License-Identifier: Apache-2.0
//
// Merging of a thread's stretches in program order, without visiting iterations that add nothing.
#include "model/slice/units/unit_thread.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>

namespace tlbcheck::model {

std::vector<KeptInstruction> UnitSlicer::Thread::walk(const Stretches& stretches) {
    const auto later = [](const Next& a, const Next& b) {
        return std::tie(a.place, a.stretch) > std::tie(b.place, b.stretch);
    };
    std::priority_queue<Next, std::vector<Next>, decltype(later)> queue(later);
    std::priority_queue<CodePlace, std::vector<CodePlace>, std::greater<>> stores;  // the next ones
    for (std::size_t s = 0; s < stretches.size(); ++s) {
        const std::uint64_t first = stretches[s].iterations.first;
        queue.push({stretches[s].place(first), s, first});
        if (stretches[s].line->writes_descriptors()) stores.push(stretches[s].place(first));
    }
    while (!queue.empty()) {
        const Next next = queue.top();
        queue.pop();
        const Stretch& stretch = stretches[next.stretch];
        const bool store = stretch.line->writes_descriptors();
        if (store) stores.pop();
        const CodePlace next_store = stores.empty() ? barriers_.end() : stores.top();
        const CodePlace next_other = queue.empty() ? barriers_.end() : queue.top().place;
        const std::uint64_t again = take(stretch, next.number, next_store, std::min(next_store, next_other));
        if (again > stretch.iterations.last) continue;
        const CodePlace place = stretch.place(again);
        queue.push({place, next.stretch, again});
        if (store) stores.push(place);
    }
    pass_barriers(barriers_.end());
    return code_.finish();
}

std::uint64_t UnitSlicer::Thread::take(const Stretch& stretch, std::uint64_t number,
                                       const CodePlace& next_store, const CodePlace& next_other) {
    if (stretch.line->kind == LineKind::tlbi) return take_tlbi(stretch, number, next_store, next_other);
    if (stretch.line == last_line_ && number == last_iteration_)
        return number + 1;  // freed memory, met twice
    last_line_ = stretch.line;
    last_iteration_ = number;
    if (stretch.line->kind == LineKind::store) {
        const Instruction store = instantiate(*stretch.line->instruction, number);
        const DescriptorSlot& slot = std::get<StoreDescriptor>(store.operation).slot;
        const AddressRange descriptors = context_.descriptors(unit_, slot.level);
        if (!descriptors.meets({slot.va, slot.va})) return number + 1;
    }
    const CodePlace place = place_of(*stretch.line, number);
    pass_barriers(place);
    code_.keep(at(*stretch.line, number), stretch.line->writes_descriptors());
    passed_ = place;
    ++passed_.position;
    return number + 1;
}

std::uint64_t UnitSlicer::Thread::take_tlbi(const Stretch& stretch, std::uint64_t number,
                                            const CodePlace& next_store, const CodePlace& next_other) {
    const Line& line = stretch.at(number);
    const std::uint64_t iteration = stretch.iteration(number);
    if (stretch.list != nullptr && line.at(0).meets(stretch.inner)) {
        do ++number;
        while (number <= stretch.iterations.last && stretch.at(number).at(0).meets(stretch.inner));
        return number;
    }
    // What is redundant stays so until the next store, or until another operation comes in between.
    const auto skip = [&](const CodePlace& to) {
        return stretch.constant ? stretch.skip(number + 1, to) : number + 1;
    };
    const bool leading = code_.leading();
    if (leading && stretch.constant) return skip(next_store);
    const Instruction instruction = instantiate(*line.instruction, iteration);
    const auto& tlbi = std::get<TlbiInstruction>(instruction.operation);
    const std::optional<Footprint> footprint = footprint_of(tlbi, unit_, context_);
    if (!footprint) return stretch.constant ? stretch.iterations.last + 1 : number + 1;
    if (leading) return skip(next_store);
    pass_barriers(stretch.place(number));
    KeptInstruction kept = at(line, iteration);
    kept.footprint = footprint;
    switch (code_.tlbi(kept)) {
        case ReducedCode::Tlbi::repeated: {
            const std::uint64_t next = skip(next_other);
            if (next - 1 > number) pass_barriers(stretch.place(next - 1)), code_.repeat(*footprint);
            return next;
        }
        case ReducedCode::Tlbi::kept:
            passed_ = place_of(line, iteration);
            ++passed_.position;
            break;
        case ReducedCode::Tlbi::covered:
            break;
    }
    return number + 1;
}

KeptInstruction UnitSlicer::Thread::at(const Line& line, std::uint64_t iteration) const {
    return {line.instruction, iteration, barriers_.index_of(place_of(line, iteration)), std::nullopt};
}

void UnitSlicer::Thread::pass_barriers(const CodePlace& to) {
    if (!code_.empty()) code_.barriers(barriers_.between(passed_, to));
    passed_ = to;
}

}  // namespace tlbcheck::model
