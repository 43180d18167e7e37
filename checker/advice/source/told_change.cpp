// SPDX-License-Identifier: Apache-2.0
//
// Changes compared by their sentences and by their kin.
#include "checker/advice/source/told_change.hpp"

#include <algorithm>

namespace tlbcheck::checker {

bool alike(const ChangeName& a, const ChangeName& b) {
    return a.what == b.what || (a.kin && a.kin == b.kin);
}

bool includes(const std::vector<ToldChange>& changes, const std::vector<ToldChange>& others) {
    return std::ranges::all_of(others, [&](const ToldChange& other) {
        const auto same = [&](const ToldChange& own) { return alike(own.name, other.name); };
        if (std::ranges::count_if(changes, same) >= std::ranges::count_if(others, same)) return true;
        return std::ranges::any_of(changes, [&](const ToldChange& own) {
            return std::ranges::any_of(own.exceeds,
                                       [&](const ChangeName& less) { return alike(less, other.name); });
        });
    });
}

}  // namespace tlbcheck::checker
