// SPDX-License-Identifier: Apache-2.0
//
// Sequences of barriers with nothing else between them, reduced to what orders as much (docs/formal-model.md
// section 8: "Repeated DSB stretches between two kept events collapse"; proof in docs/slicing.md, lemma 2).
#pragma once

#include <cstdint>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

struct PlacedBarrier {
    Barrier barrier;
    std::uint64_t index = 0;  ///< number of the instruction in its thread's execution
    const Instruction* instruction = nullptr;
};
using BarrierWord = std::vector<PlacedBarrier>;

/// True iff `a` orders all that `b` does, in the same place.
bool at_least(const Barrier& a, const Barrier& b);
/// Removes barriers that another one of the word makes redundant: the last ISB stays, and DSBs and DMBs that
/// none dominates on the same side of it, or before it.
void reduce(BarrierWord& word);
/// word := reduced concatenation of both.
void append(BarrierWord& word, const BarrierWord& next);

/// A place between instructions: before instruction `position` of iteration `iteration` of run `run`.
struct CodePlace {
    std::size_t run = 0;
    std::uint64_t iteration = 0;
    std::size_t position = 0;
    friend auto operator<=>(const CodePlace&, const CodePlace&) = default;
};

/// Answers, for one thread, which barriers stand between two places, in time that does not grow with the
/// iterations between them.
class BarrierIndex {
  public:
    explicit BarrierIndex(const ScheduleThread& thread);
    /// The reduced word of all barriers in [from, to).
    BarrierWord between(const CodePlace& from, const CodePlace& to) const;
    CodePlace end() const { return {runs_.size(), 0, 0}; }
    /// Number of the instruction at a place, in the thread's execution.
    std::uint64_t index_of(const CodePlace& place) const;

  private:
    struct RunBarriers {
        const Run* run = nullptr;
        std::uint64_t first_index = 0;
        std::vector<std::size_t> positions;  ///< of the barriers in the body
    };
    void add_part(BarrierWord& word, std::size_t run, std::uint64_t iteration, std::size_t from,
                  std::size_t to) const;
    void add_iterations(BarrierWord& word, std::size_t run, std::uint64_t from, std::uint64_t to) const;
    void add_runs(BarrierWord& word, std::size_t from, std::size_t to) const;

    std::vector<RunBarriers> runs_;
    std::vector<BarrierWord> tree_;  ///< segment tree over the runs' words; leaves start at tree_leaves_
    std::size_t tree_leaves_ = 1;
};

}  // namespace tlbcheck::model
