// SPDX-License-Identifier: Apache-2.0
//
// How many random cases a test takes: some in every run, others in `./dev test --long`, or as the environment
// says (docs/internals.md, "Tests").
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace tlbcheck::tests {

/// The bound given by an environment variable, else `fallback`.
std::uint64_t limit_from_environment(const char* variable, std::uint64_t fallback);

/// Whether this is the second, long pass over a test case tagged `[long]` (TLBCHECK_LONG=1).
bool long_pass();

/// Seeds of random tests, each once: from 1 on, `usual` in every run; in the long pass the `more` that follow
/// them. The variable `count` says another number for either, TLBCHECK_CROSS_FIRST another first seed,
/// TLBCHECK_CROSS_SECONDS for how long instead of how many. With TLBCHECK_LONG_SECONDS the long pass ends
/// after that long, but has as many seeds as every run.
class Seeds {
  public:
    Seeds(const char* count, std::uint64_t usual, std::uint64_t more);
    std::optional<std::uint64_t> next();

  private:
    std::uint64_t next_, least_;        ///< least_: the first that the time can leave out
    std::optional<std::uint64_t> end_;  ///< behind the last; none: until the time is over
    std::optional<std::chrono::steady_clock::time_point> until_;
};

}  // namespace tlbcheck::tests
