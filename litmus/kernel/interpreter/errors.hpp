// SPDX-License-Identifier: Apache-2.0
//
// How running kernel code ends before its function returns.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tlbcheck::litmus::kernel::interpreter {

/// One frame of the kernel's call stack, innermost first; functions that the compiler inlined have frames
/// too.
struct Frame {
    std::string function;
    std::string file;        ///< as the compiler named it; empty: no debug information
    std::uint32_t line = 0;  ///< counts from 1; 0: not known
    friend bool operator==(const Frame&, const Frame&) = default;
};

/// What was met cannot be run, or would be wrong to run: an access outside of what is accessible, a value
/// that nobody set, a function that is not there, assembly that is not modelled, BUG. The text says what, and
/// what to do about it.
class Refusal : public std::runtime_error {
  public:
    explicit Refusal(const std::string& message, std::vector<Frame> stack = {})
        : std::runtime_error(message), stack_(std::move(stack)) {}

    const std::vector<Frame>& stack() const { return stack_; }

  private:
    std::vector<Frame> stack_;
};

/// Out of steps, depth, events or memory: nothing is known about the rest, so the answer is `undecided`.
class LimitReached : public std::runtime_error {
  public:
    explicit LimitReached(const std::string& what, std::vector<Frame> stack = {})
        : std::runtime_error(what), stack_(std::move(stack)) {}

    const std::vector<Frame>& stack() const { return stack_; }

  private:
    std::vector<Frame> stack_;
};

}  // namespace tlbcheck::litmus::kernel::interpreter
