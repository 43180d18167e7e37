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
    /// The element or a stronger one is taken.
    bool has(std::size_t element) const {
        return std::ranges::any_of(set_, [&](std::size_t other) {
            return other == element ||
                   (!problem_.exceeds.empty() &&
                    std::ranges::find(problem_.exceeds[other], element) != problem_.exceeds[other].end());
        });
    }
    bool excluded(std::size_t element) const {
        return std::ranges::any_of(problem_.excluded[element],
                                   [&](std::size_t other) { return taken(other); });
    }
    bool unmet(std::size_t clause) const {
        const auto is_taken = [&](std::size_t element) { return taken(element); };
        if (!problem_.only_with.empty() && !std::ranges::all_of(problem_.only_with[clause], is_taken))
            return false;
        return std::ranges::none_of(problem_.must_meet[clause], is_taken);
    }
    /// As many of the element's kind are taken as the set has.
    bool has_alike(std::size_t element, const std::vector<std::size_t>& all) const {
        if (problem_.kinds.empty()) return false;
        const auto same = [&](std::size_t other) { return problem_.kinds[other] == problem_.kinds[element]; };
        return std::ranges::count_if(set_, same) >= std::ranges::count_if(all, same);
    }
    bool holds_forbidden() const {
        return std::ranges::any_of(problem_.not_within, [&](const std::vector<std::size_t>& all) {
            return std::ranges::all_of(
                all, [&](std::size_t element) { return has(element) || has_alike(element, all); });
        });
    }

    void extend(int weight) {
        model::poll();
        if (weight >= bound_ || holds_forbidden()) return;
        std::size_t clause = 0;
        while (clause < problem_.must_meet.size() && !unmet(clause)) ++clause;
        if (clause == problem_.must_meet.size()) {
            bound_ = weight;
            best_ = set_;
            std::ranges::sort(*best_);
            return;
        }
        for (const std::size_t element : problem_.must_meet[clause]) {
            if (excluded(element)) continue;
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
