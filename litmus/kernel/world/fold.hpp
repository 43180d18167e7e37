// SPDX-License-Identifier: Apache-2.0
//
// Instructions that come one by one made into runs while they come: repeats whose numbers grow evenly are
// held once.
#pragma once

#include <cstdint>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::kernel::world {

class Fold {
  public:
    void add(model::Instruction instruction);
    /// `count` of them at once, each `va_step` above the one before.
    void add_run(std::uint64_t count, model::Instruction instruction, std::uint64_t va_step);
    /// All runs; nothing is left here. They are expanded again and compared, by a sum of all that was added:
    /// throws std::logic_error when they give anything else.
    std::vector<model::Run> take();
    /// Instructions added so far.
    std::uint64_t added() const { return added_; }
    /// Instructions held.
    std::uint64_t held() const { return held_ + open_.size() + tail_.size(); }

  private:
    void push(model::Instruction instruction);
    bool start_run();
    void close_run();
    void flush_tail(std::size_t keep);

    static constexpr std::size_t longest_body = 64;
    std::vector<model::Run> runs_;
    std::uint64_t held_ = 0;
    std::uint64_t added_ = 0;
    std::uint64_t sum_ = 0;  ///< of what was added since the last take()
    /// The run that is going on: its body, how often it was met, how far the next repeat has come.
    std::vector<model::Instruction> open_;
    std::uint64_t count_ = 0;
    std::vector<model::Instruction> partial_;
    /// What is in no run yet.
    std::vector<model::Instruction> tail_;
};

}  // namespace tlbcheck::litmus::kernel::world
