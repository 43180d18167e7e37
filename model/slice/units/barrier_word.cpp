// SPDX-License-Identifier: Apache-2.0
//
// Reduction of barrier sequences (docs/slicing.md, lemma 2) and its index over the runs of a thread.
#include "model/slice/units/barrier_word.hpp"

#include <algorithm>
#include <bit>

namespace tlbcheck::model {

bool at_least(const Barrier& a, const Barrier& b) {
    if (a.kind == BarrierKind::isb || b.kind == BarrierKind::isb) return a.kind == b.kind;
    if (a.kind == BarrierKind::dmb && b.kind == BarrierKind::dsb) return false;
    return a.nxs == b.nxs && a.domain >= b.domain &&
           (a.access == BarrierAccess::full || a.access == b.access);
}

void reduce(BarrierWord& word) {
    std::size_t last_isb = word.size();
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (word[i].barrier.kind == BarrierKind::isb) last_isb = i;
    }
    const auto redundant = [&](std::size_t i) {
        const Barrier& barrier = word[i].barrier;
        if (barrier.kind == BarrierKind::isb) return i != last_isb;
        for (std::size_t j = 0; j < word.size(); ++j) {
            if (j == i || !at_least(word[j].barrier, barrier)) continue;
            if (j < i) return true;
            const bool isb_between = last_isb > i && last_isb < j;
            if (!isb_between && !(word[j].barrier == barrier)) return true;
        }
        return false;
    };
    BarrierWord kept;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (!redundant(i)) kept.push_back(word[i]);
    }
    word = std::move(kept);
}

void append(BarrierWord& word, const BarrierWord& next) {
    if (next.empty()) return;
    word.insert(word.end(), next.begin(), next.end());
    reduce(word);
}

BarrierIndex::BarrierIndex(const ScheduleThread& thread) {
    std::uint64_t index = 0;
    for (const Run& run : thread.code) {
        RunBarriers barriers{&run, index, {}};
        for (std::size_t k = 0; k < run.body.size(); ++k) {
            if (std::holds_alternative<Barrier>(run.body[k].operation)) barriers.positions.push_back(k);
        }
        index += run.count * run.body.size();
        runs_.push_back(std::move(barriers));
    }
    tree_leaves_ = std::bit_ceil(std::max<std::size_t>(runs_.size(), 1));
    tree_.resize(2 * tree_leaves_);
    for (std::size_t r = 0; r < runs_.size(); ++r) {
        add_iterations(tree_[tree_leaves_ + r], r, 0, runs_[r].run->count);
    }
    for (std::size_t node = tree_leaves_ - 1; node > 0; --node) {
        tree_[node] = tree_[2 * node];
        append(tree_[node], tree_[2 * node + 1]);
    }
}

std::uint64_t BarrierIndex::index_of(const CodePlace& place) const {
    const RunBarriers& run = runs_[place.run];
    return run.first_index + place.iteration * run.run->body.size() + place.position;
}

void BarrierIndex::add_part(BarrierWord& word, std::size_t run, std::uint64_t iteration, std::size_t from,
                            std::size_t to) const {
    const std::vector<std::size_t>& positions = runs_[run].positions;
    BarrierWord part;
    for (auto at = std::lower_bound(positions.begin(), positions.end(), from);
         at != positions.end() && *at < to; ++at) {
        const Instruction& instruction = runs_[run].run->body[*at];
        part.push_back(
            {std::get<Barrier>(instruction.operation), index_of({run, iteration, *at}), &instruction});
        if (part.size() > 16) reduce(part);
    }
    append(word, part);
}

// The first and the last iteration stand for all between: what they do not remove of a third copy, reduce()
// would.
void BarrierIndex::add_iterations(BarrierWord& word, std::size_t run, std::uint64_t from,
                                  std::uint64_t to) const {
    if (from >= to || runs_[run].positions.empty()) return;
    const std::size_t size = runs_[run].run->body.size();
    add_part(word, run, from, 0, size);
    if (to - from > 1) add_part(word, run, to - 1, 0, size);
}

void BarrierIndex::add_runs(BarrierWord& word, std::size_t from, std::size_t to) const {
    BarrierWord right;
    std::size_t a = from + tree_leaves_;
    std::size_t b = to + tree_leaves_;
    for (; a < b; a /= 2, b /= 2) {
        if (a % 2 == 1) append(word, tree_[a++]);
        if (b % 2 == 1) {
            BarrierWord node = tree_[--b];
            append(node, right);
            right = std::move(node);
        }
    }
    append(word, right);
}

BarrierWord BarrierIndex::between(const CodePlace& from, const CodePlace& to) const {
    BarrierWord word;
    if (from >= to) return word;
    if (from.run == to.run) {
        if (from.iteration == to.iteration) {
            add_part(word, from.run, from.iteration, from.position, to.position);
            return word;
        }
        add_part(word, from.run, from.iteration, from.position, runs_[from.run].run->body.size());
        add_iterations(word, from.run, from.iteration + 1, to.iteration);
        add_part(word, to.run, to.iteration, 0, to.position);
        return word;
    }
    add_part(word, from.run, from.iteration, from.position, runs_[from.run].run->body.size());
    add_iterations(word, from.run, from.iteration + 1, runs_[from.run].run->count);
    add_runs(word, from.run + 1, to.run);
    if (to.run < runs_.size()) {
        add_iterations(word, to.run, 0, to.iteration);
        add_part(word, to.run, to.iteration, 0, to.position);
    }
    return word;
}

}  // namespace tlbcheck::model
