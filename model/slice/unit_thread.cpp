// SPDX-License-Identifier: Apache-2.0
//
// Merging of a thread's stretches, one run after another, without visiting iterations that add nothing.
#include "model/slice/unit_thread.hpp"

#include <functional>
#include <limits>
#include <queue>
#include <tuple>

namespace tlbcheck::model {

namespace {

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

bool orders_stores(const Barrier& barrier) {
    return barrier.kind == BarrierKind::dsb && barrier.access != BarrierAccess::ld;
}

bool completes(const Barrier& barrier) {
    return barrier.kind == BarrierKind::dsb && barrier.access == BarrierAccess::full;
}

}  // namespace

std::vector<KeptInstruction> UnitSlicer::Thread::walk(const Stretches& stretches) {
    std::size_t from = 0;
    while (from < stretches.size()) {
        std::size_t to = from;
        while (to < stretches.size() && stretches[to].line->run == stretches[from].line->run) ++to;
        walk_run(stretches, from, to);
        from = to;
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

void UnitSlicer::Thread::walk_run(const Stretches& stretches, std::size_t from, std::size_t to) {
    const auto later = [&](const Next& a, const Next& b) {
        const std::uint32_t position_a = stretches[a.stretch].line->position;
        const std::uint32_t position_b = stretches[b.stretch].line->position;
        return std::tie(a.iteration, position_a, a.stretch) > std::tie(b.iteration, position_b, b.stretch);
    };
    std::priority_queue<Next, std::vector<Next>, decltype(later)> queue(later);
    std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> stores;  // next iterations
    for (std::size_t s = from; s < to; ++s) {
        queue.push({stretches[s].iterations.first, s});
        if (stretches[s].line->writes_descriptors()) stores.push(stretches[s].iterations.first);
    }
    while (!queue.empty()) {
        const Next next = queue.top();
        queue.pop();
        const Stretch& stretch = stretches[next.stretch];
        const bool store = stretch.line->writes_descriptors();
        if (store) stores.pop();
        const std::uint64_t again = take(stretch, next.iteration, stores.empty() ? never : stores.top());
        if (again > stretch.iterations.last) continue;
        queue.push({again, next.stretch});
        if (store) stores.push(again);
    }
}

std::uint64_t UnitSlicer::Thread::take(const Stretch& stretch, std::uint64_t iteration,
                                       std::uint64_t next_store) {
    if (stretch.line == last_line_ && iteration == last_iteration_)
        return iteration + 1;  // freed memory, met twice
    last_line_ = stretch.line;
    last_iteration_ = iteration;
    const std::uint64_t next = iteration + 1;
    if (stretch.line->kind != LineKind::tlbi) {
        if (stretch.line->kind == LineKind::store) {
            const Instruction store = instantiate(*stretch.line->instruction, iteration);
            const DescriptorSlot& slot = std::get<StoreDescriptor>(store.operation).slot;
            const AddressRange descriptors = context_.descriptors(unit_, slot.level);
            if (!descriptors.meets({slot.va, slot.va})) return next;
        }
        keep(stretch, iteration, std::nullopt);
        return next;
    }
    const Instruction instruction = instantiate(*stretch.line->instruction, iteration);
    const auto& tlbi = std::get<TlbiInstruction>(instruction.operation);
    const std::optional<Footprint> footprint = footprint_of(tlbi, unit_, context_);
    if (!footprint) return stretch.constant ? never : next;
    const bool leading = stores_alone_ && !stored_;
    if (!leading) pass_barriers({stretch.line->run, iteration, stretch.line->position});
    if (leading || repeats_effective(*footprint)) {
        // Until the next store the same operation stays redundant.
        return stretch.constant ? std::max(next, next_store) : next;
    }
    if (repeats_adjacent(*footprint)) return next;
    keep_tlbi(stretch, iteration, *footprint);
    return next;
}

bool UnitSlicer::Thread::repeats_effective(const Footprint& footprint) const {
    for (const Footprint& earlier : effective_) {
        if (earlier.covers(footprint)) return true;
    }
    return false;
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

void UnitSlicer::Thread::keep_tlbi(const Stretch& stretch, std::uint64_t iteration,
                                   const Footprint& footprint) {
    drop_covered(footprint);
    const std::size_t adjacent = word_.empty() ? adjacent_ : kept_.size() + word_.size();
    keep(stretch, iteration, footprint);
    adjacent_ = adjacent;
    open_.push_back(kept_.size() - 1);
    if (stores_alone_ && stored_ && ordered_) effective_.push_back(footprint);
}

void UnitSlicer::Thread::pass_barriers(const CodePlace& to) {
    if (kept_.empty()) {
        passed_ = to;
        return;
    }
    const BarrierWord next = barriers_.between(passed_, to);
    for (const PlacedBarrier& placed : next) {
        ordered_ = ordered_ || orders_stores(placed.barrier);
        if (completes(placed.barrier)) open_.clear();
    }
    append(word_, next);
    passed_ = to;
}

void UnitSlicer::Thread::keep(const Stretch& stretch, std::uint64_t iteration,
                              std::optional<Footprint> footprint) {
    const CodePlace place{stretch.line->run, iteration, stretch.line->position};
    pass_barriers(place);
    for (const PlacedBarrier& placed : word_)
        kept_.push_back({placed.instruction, 0, placed.index, std::nullopt});
    word_.clear();
    passed_ = place;
    ++passed_.position;
    if (stretch.line->writes_descriptors()) {
        stored_ = true;
        ordered_ = false;
        effective_.clear();
    }
    kept_.push_back({stretch.line->instruction, iteration, barriers_.index_of(place), footprint});
    adjacent_ = kept_.size();
}

}  // namespace tlbcheck::model
