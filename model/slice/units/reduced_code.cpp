// SPDX-License-Identifier: Apache-2.0
//
// Which TLBIs stand for others.
#include "model/slice/units/reduced_code.hpp"

#include <algorithm>
#include <utility>

#include "model/arch/completion.hpp"

namespace tlbcheck::model {

// What was taken back may leave barriers side by side that were not.
std::vector<KeptInstruction> ReducedCode::finish() const {
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
        if (const auto* barrier = std::get_if<Barrier>(&kept.instruction->operation);
            barrier && !kept.apart) {
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

ReducedCode::Tlbi ReducedCode::tlbi(const KeptInstruction& instruction) {
    const Footprint& footprint = *instruction.footprint;
    const bool repeated = repeats_effective(footprint);
    come_between(footprint);
    if (repeated) return Tlbi::repeated;
    if (repeats_adjacent(footprint)) return Tlbi::covered;
    drop_covered(footprint);
    const std::size_t adjacent = word_.empty() ? adjacent_ : kept_.size() + word_.size();
    keep(instruction, false);
    adjacent_ = adjacent;
    open_.push_back(kept_.size() - 1);
    if (alone_ && stored_ && ordered_ &&
        std::ranges::all_of(unordered_, [&](const Footprint& g) { return harmless(g, footprint); }))
        effective_.push_back({footprint, ++clock_, 0});
    return Tlbi::kept;
}

bool ReducedCode::repeats_effective(const Footprint& footprint) const {
    return std::ranges::any_of(effective_, [&](const Effective& e) { return e.footprint.covers(footprint); });
}

// Whether a TLBI that local order does not put before `e` leaves it so that a walk which comes after `e` may
// come after what repeats `e`, or is ordered already: it puts no walk through a table descriptor before
// itself.
bool ReducedCode::harmless(const Footprint& between, const Footprint& e) {
    const bool last_entries = between.tables == 0 && between.domain == e.domain && between.nxs == e.nxs;
    return last_entries || e.covers(between);
}

void ReducedCode::come_between(const Footprint& footprint) {
    // One that repeats what was complete before `e` puts no walk before itself that is not before `e`.
    std::uint64_t repeats = ~std::uint64_t{0};
    for (const Effective& e : effective_) {
        if (e.completed != 0 && e.footprint.covers(footprint)) repeats = std::min(repeats, e.completed);
    }
    std::erase_if(effective_,
                  [&](const Effective& e) { return !harmless(footprint, e.footprint) && repeats > e.made; });
    const auto known = [&](const Footprint& other) {
        return other.covers(footprint) && footprint.covers(other);
    };
    if (std::ranges::none_of(unordered_, known)) unordered_.push_back(footprint);
}

bool ReducedCode::repeats_adjacent(const Footprint& footprint) const {
    if (!word_.empty()) return false;
    for (std::size_t i = adjacent_; i < kept_.size(); ++i) {
        if (kept_[i].instruction != nullptr && kept_[i].footprint->covers(footprint)) return true;
    }
    return false;
}

void ReducedCode::drop_covered(const Footprint& footprint) {
    std::erase_if(open_, [&](std::size_t i) {
        if (!footprint.covers(*kept_[i].footprint)) return false;
        kept_[i].instruction = nullptr;
        return true;
    });
}

void ReducedCode::barriers(const BarrierWord& word) {
    if (kept_.empty()) return;
    for (const PlacedBarrier& placed : word) {
        ordered_ = ordered_ || completes_stores(placed.barrier);
        if (!completes_tlbis(placed.barrier)) continue;
        open_.clear();
        const auto completed = [&](const Footprint& g) {
            return completes_elsewhere(placed.barrier, {.domain = g.domain, .nxs = g.nxs});
        };
        std::erase_if(unordered_, completed);
        ++clock_;
        for (Effective& e : effective_) {
            if (e.completed == 0 && completed(e.footprint)) e.completed = clock_;
        }
    }
    append(word_, word);
}

void ReducedCode::keep(KeptInstruction instruction, bool store) {
    for (const PlacedBarrier& placed : word_)
        kept_.push_back({placed.instruction, 0, placed.index, std::nullopt});
    word_.clear();
    if (store) {
        stored_ = true;
        ordered_ = false;
        effective_.clear();
    }
    kept_.push_back(std::move(instruction));
    adjacent_ = kept_.size();
}

void ReducedCode::keep_apart(KeptInstruction instruction) {
    instruction.apart = true;
    keep(std::move(instruction), false);
    open_.clear();
    effective_.clear();
}

}  // namespace tlbcheck::model
