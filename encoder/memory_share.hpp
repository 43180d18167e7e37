// SPDX-License-Identifier: Apache-2.0
//
// Z3's part of the memory limit. Z3 has one account for the whole process: with one file in work its limit is
// what the file's budget leaves; with several (-j), the sum of their limits.
#pragma once

#include <cstdint>

#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

/// Registers a solver with the budget of the thread that makes it. Must be made before Z3's context and
/// outlive it.
class MemoryShare {
  public:
    MemoryShare();
    ~MemoryShare();
    MemoryShare(const MemoryShare&) = delete;
    MemoryShare& operator=(const MemoryShare&) = delete;
    MemoryShare(MemoryShare&&) = delete;
    MemoryShare& operator=(MemoryShare&&) = delete;

    /// Sets Z3's limit to what the budget has left beside `held` bytes that it was not charged with.
    void set_limit(std::uint64_t held) const;
    /// Throws LimitReached, after having lifted Z3's limit so that what is there can be taken down.
    [[noreturn]] void out_of_memory() const;

  private:
    model::Budget* budget_;
};

}  // namespace tlbcheck::encoder
