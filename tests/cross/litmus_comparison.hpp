// SPDX-License-Identifier: Apache-2.0
//
// One litmus test answered in two ways that were coded apart: by the solver, and by the small-case enumerator
// (model.md section 7). Final states, which of them satisfy the condition, flags, Loop and errors must be the
// same.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "checker/engine/litmus_engine.hpp"
#include "tests/enumerator/outcomes.hpp"

namespace tlbcheck::tests {

enum class Ways : std::uint8_t { agree, differ, too_large, undecided };

struct LitmusComparison {
    Ways ways = Ways::undecided;
    std::string why;  ///< of a difference; of `undecided`, the solver's reason
    tests::enumerator::LitmusOutcomes enumerated;
};

/// The solver is asked only when the enumerator stays within its limits.
LitmusComparison compare_ways(const checker::LitmusJob& job, const checker::LitmusOptions& options,
                              const tests::enumerator::Limits& limits);

/// A bound given by an environment variable, else `fallback`.
std::uint64_t limit_from_environment(const char* variable, std::uint64_t fallback);

/// Seeds of random tests: from TLBCHECK_CROSS_FIRST (else 1) on, as many as the variable `count` says (else
/// `usual`); or as many as TLBCHECK_CROSS_SECONDS allow.
class Seeds {
  public:
    Seeds(const char* count, std::uint64_t usual);
    std::optional<std::uint64_t> next();

  private:
    std::uint64_t next_, end_;
    std::optional<std::chrono::steady_clock::time_point> until_;
};

}  // namespace tlbcheck::tests
