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
    std::vector<std::size_t> groups;                   ///< at most one element of each group is taken
    std::vector<std::vector<std::size_t>> must_meet;   ///< elements; an empty one cannot be met
    std::vector<std::vector<std::size_t>> not_within;  ///< no result has all elements of one of these
    int most_weight = 0;                               ///< heavier ones do not count
};

/// Ascending elements; of equally light sets the lexicographically first. nullopt where there is none.
std::optional<std::vector<std::size_t>> lightest_hitting_set(const HittingProblem& problem);

}  // namespace tlbcheck::checker
