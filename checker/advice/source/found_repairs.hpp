// SPDX-License-Identifier: Apache-2.0
//
// The repairs that were found, and which of them are worth showing: so the search knows what it need not
// judge.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checker/advice/source/told_change.hpp"
#include "checker/report/comparison.hpp"

namespace tlbcheck::checker {

inline constexpr int most_changes = 4;  ///< of one repair, moves included
inline constexpr std::size_t most_repairs = 3;

struct FoundRepair {
    std::string text;
    std::vector<ToldChange> changes;
    int count = 0;   ///< of edits
    int weight = 0;  ///< among those that count and cost the same: the lighter first
    ScheduleCost cost;
};

class FoundRepairs {
  public:
    void add(FoundRepair found);
    bool empty() const { return found_.empty(); }
    /// The better first: fewer edits, then those that do not flush everything, then cheaper, then lighter.
    const std::vector<FoundRepair>& all() const { return found_; }
    /// One before it makes do with some of its changes, with less of them, or with the same elsewhere.
    bool dispensable(std::size_t k) const;
    /// Whether it would be among those shown, were it one: if not, it need not be judged.
    bool wanted(const FoundRepair& candidate) const;
    /// More edits than that are of no use: than the last has that would be shown, or much more than the best.
    int most_useful() const;

  private:
    std::vector<std::size_t> shown() const;

    std::vector<FoundRepair> found_;
};

}  // namespace tlbcheck::checker
