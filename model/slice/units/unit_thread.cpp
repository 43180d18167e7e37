// SPDX-License-Identifier: Apache-2.0
//
// Merging of a thread's stretches in program order, without visiting iterations that add nothing.
#include "model/slice/units/unit_thread.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>

#include "model/arch/completion.hpp"

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
    return finish();
}

// What was taken back may leave barriers side by side that were not.
std::vector<KeptInstruction> UnitSlicer::Thread::finish() {
    if (!kept_.empty()) pass_barriers(barriers_.end());
    std::vector<KeptInstruction> result;
    BarrierWord word;
    const auto flush = [&] {
        reduce(word);
        for (const PlacedBarrier& placed : word)
            result.push_back({placed.instruction, 0, placed.index, std::nullopt});
        word.clear();
    };
    for (const KeptInstruction& kept : kept_) {
        if (kept.instruction == nullptr) continue;
        if (const auto* barrier = std::get_if<Barrier>(&kept.instruction->operation)) {
            if (!result.empty()) word.push_back({*barrier, kept.index, kept.instruction});
            continue;
        }
        flush();
        result.push_back(kept);
    }
    if (!result.empty()) word.insert(word.end(), word_.begin(), word_.end());
    flush();
    return result;
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
    keep(*stretch.line, number, std::nullopt);
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
    const bool leading = alone_ && !stored_;
    if (leading && stretch.constant) return skip(next_store);
    const Instruction instruction = instantiate(*line.instruction, iteration);
    const auto& tlbi = std::get<TlbiInstruction>(instruction.operation);
    const std::optional<Footprint> footprint = footprint_of(tlbi, unit_, context_);
    if (!footprint) return stretch.constant ? stretch.iterations.last + 1 : number + 1;
    if (leading) return skip(next_store);
    pass_barriers(stretch.place(number));
    const bool repeated = repeats_effective(*footprint);
    come_between(*footprint);
    if (repeated) {
        const std::uint64_t next = skip(next_other);
        if (next - 1 > number) pass_barriers(stretch.place(next - 1)), come_between(*footprint);
        return next;
    }
    if (repeats_adjacent(*footprint)) return number + 1;
    keep_tlbi(line, iteration, *footprint);
    return number + 1;
}

bool UnitSlicer::Thread::repeats_effective(const Footprint& footprint) const {
    return std::ranges::any_of(effective_, [&](const Footprint& e) { return e.covers(footprint); });
}

// Whether a TLBI that local order does not put before `e` leaves it so that a walk which comes after `e` may
// come after what repeats `e`, or is ordered already: it puts no walk through a table descriptor before
// itself.
bool UnitSlicer::Thread::harmless(const Footprint& between, const Footprint& e) {
    const bool last_entries = between.tables == 0 && between.domain == e.domain && between.nxs == e.nxs;
    return last_entries || e.covers(between);
}

void UnitSlicer::Thread::come_between(const Footprint& footprint) {
    std::erase_if(effective_, [&](const Footprint& e) { return !harmless(footprint, e); });
    const auto known = [&](const Footprint& other) {
        return other.covers(footprint) && footprint.covers(other);
    };
    if (std::ranges::none_of(unordered_, known)) unordered_.push_back(footprint);
}

bool UnitSlicer::Thread::repeats_adjacent(const Footprint& footprint) const {
    if (!word_.empty()) return false;
    for (std::size_t i = adjacent_; i < kept_.size(); ++i) {
        if (kept_[i].instruction != nullptr && kept_[i].footprint->covers(footprint)) return true;
    }
    return false;
}

void UnitSlicer::Thread::drop_covered(const Footprint& footprint) {
    std::erase_if(open_, [&](std::size_t i) {
        if (!footprint.covers(*kept_[i].footprint)) return false;
        kept_[i].instruction = nullptr;
        return true;
    });
}

void UnitSlicer::Thread::keep_tlbi(const Line& line, std::uint64_t iteration, const Footprint& footprint) {
    drop_covered(footprint);
    const std::size_t adjacent = word_.empty() ? adjacent_ : kept_.size() + word_.size();
    keep(line, iteration, footprint);
    adjacent_ = adjacent;
    open_.push_back(kept_.size() - 1);
    if (alone_ && stored_ && ordered_ &&
        std::ranges::all_of(unordered_, [&](const Footprint& g) { return harmless(g, footprint); }))
        effective_.push_back(footprint);
}

void UnitSlicer::Thread::pass_barriers(const CodePlace& to) {
    if (kept_.empty()) {
        passed_ = to;
        return;
    }
    const BarrierWord next = barriers_.between(passed_, to);
    for (const PlacedBarrier& placed : next) {
        ordered_ = ordered_ || completes_stores(placed.barrier);
        if (!completes_tlbis(placed.barrier)) continue;
        open_.clear();
        std::erase_if(unordered_, [&](const Footprint& g) {
            return completes_elsewhere(placed.barrier, {.domain = g.domain, .nxs = g.nxs});
        });
    }
    append(word_, next);
    passed_ = to;
}

void UnitSlicer::Thread::keep(const Line& line, std::uint64_t iteration, std::optional<Footprint> footprint) {
    const CodePlace place = place_of(line, iteration);
    pass_barriers(place);
    for (const PlacedBarrier& placed : word_)
        kept_.push_back({placed.instruction, 0, placed.index, std::nullopt});
    word_.clear();
    passed_ = place;
    ++passed_.position;
    if (line.writes_descriptors()) {
        stored_ = true;
        ordered_ = false;
        effective_.clear();
    }
    kept_.push_back({line.instruction, iteration, barriers_.index_of(place), footprint});
    adjacent_ = kept_.size();
}

}  // namespace tlbcheck::model
