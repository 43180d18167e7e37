// SPDX-License-Identifier: Apache-2.0
//
// Call stacks as numbers: equal stacks have equal numbers, so that repeats of a loop are told by comparing
// them. They are made only when an event happens.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "litmus/kernel/code.hpp"
#include "litmus/kernel/interpreter/errors.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

/// Index in Stacks.
using StackId = std::uint32_t;
inline constexpr StackId no_stack = ~StackId{0};

class Stacks {
  public:
    /// The stack `caller` with a place of the code (index in Image::places, or `none`) put on it.
    StackId push(StackId caller, std::uint32_t place) {
        const std::uint64_t key = std::uint64_t{caller} << 32U | place;
        const auto [found, added] = numbers_.emplace(key, static_cast<StackId>(all_.size()));
        if (added) all_.emplace_back(caller, place);
        return found->second;
    }
    /// Innermost first, inlined functions as frames of their own.
    std::vector<Frame> frames(StackId stack, const Image& image) const;
    std::size_t size() const { return all_.size(); }

  private:
    std::vector<std::pair<StackId, std::uint32_t>> all_;
    std::unordered_map<std::uint64_t, StackId> numbers_;
};

}  // namespace tlbcheck::litmus::kernel::interpreter
