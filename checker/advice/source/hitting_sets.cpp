// SPDX-License-Identifier: Apache-2.0
//
// Branch and bound: each element of the first set that is not met is tried.
#include "checker/advice/source/hitting_sets.hpp"

#include <algorithm>

#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

class Search {
  public:
    explicit Search(const HittingProblem& problem) : problem_(problem), bound_(problem.most_weight + 1) {}

    std::optional<std::vector<std::size_t>> run() {
        extend(0);
        return best_;
    }

  private:
    bool taken(std::size_t element) const { return std::ranges::find(set_, element) != set_.end(); }
    bool group_taken(std::size_t element) const {
        return std::ranges::any_of(
            set_, [&](std::size_t other) { return problem_.groups[other] == problem_.groups[element]; });
    }
    bool holds_forbidden() const {
        return std::ranges::any_of(problem_.not_within, [&](const std::vector<std::size_t>& all) {
            return std::ranges::all_of(all, [&](std::size_t element) { return taken(element); });
        });
    }

    void extend(int weight) {
        model::poll();
        if (weight >= bound_ || holds_forbidden()) return;
        const auto unmet = std::ranges::find_if(problem_.must_meet, [&](const auto& clause) {
            return std::ranges::none_of(clause, [&](std::size_t element) { return taken(element); });
        });
        if (unmet == problem_.must_meet.end()) {
            bound_ = weight;
            best_ = set_;
            std::ranges::sort(*best_);
            return;
        }
        for (const std::size_t element : *unmet) {
            if (group_taken(element)) continue;
            set_.push_back(element);
            extend(weight + problem_.weights[element]);
            set_.pop_back();
        }
    }

    const HittingProblem& problem_;
    int bound_;
    std::vector<std::size_t> set_;
    std::optional<std::vector<std::size_t>> best_;
};

}  // namespace

std::optional<std::vector<std::size_t>> lightest_hitting_set(const HittingProblem& problem) {
    return Search(problem).run();
}

}  // namespace tlbcheck::checker
