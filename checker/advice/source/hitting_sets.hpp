// SPDX-License-Identifier: Apache-2.0
//
// The lightest set that meets each of several sets: which changes to try next, when each set that failed says
// that one of the changes outside of it is needed.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace tlbcheck::checker {

struct HittingProblem {
    std::vector<int> weights;                          ///< of the elements, each at least 1
    std::vector<std::vector<std::size_t>> excluded;    ///< by element: others that are not taken beside it
    std::vector<std::vector<std::size_t>> must_meet;   ///< elements; an empty one cannot be met
    std::vector<std::vector<std::size_t>> not_within;  ///< no result has all elements of one of these
    int most_weight = 0;                               ///< heavier ones do not count
    /// By element: others than which it is at least as strong. In `not_within` it stands for them. Empty:
    /// none has any.
    std::vector<std::vector<std::size_t>> exceeds = {};
    /// By element: those of one kind stand for each other in `not_within`, one for one. Empty: none does.
    std::vector<std::size_t> kinds = {};
    /// Parallel to `must_meet`: only sets with all of these have to meet it. Empty: every set has to meet
    /// all.
    std::vector<std::vector<std::size_t>> only_with = {};
};

/// Ascending elements; of equally light sets the lexicographically first. nullopt where there is none.
std::optional<std::vector<std::size_t>> lightest_hitting_set(const HittingProblem& problem);

}  // namespace tlbcheck::checker
