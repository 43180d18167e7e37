// SPDX-License-Identifier: Apache-2.0
//
// Kept in the order in which they would be shown.
#include "checker/advice/source/found_repairs.hpp"

#include <algorithm>

#include "checker/advice/minimize.hpp"

namespace tlbcheck::checker {

namespace {

bool flushes_everything(const FoundRepair& found) {
    return std::ranges::find(found.changes, ChangeForm::everything_put_in, &ToldChange::form) !=
           found.changes.end();
}

bool better(const FoundRepair& a, const FoundRepair& b) {
    if (a.count != b.count) return a.count < b.count;
    // What it removes without need has to be walked for again, which is in no figure.
    if (flushes_everything(a) != flushes_everything(b)) return flushes_everything(b);
    if (cheaper(a.cost, b.cost) || cheaper(b.cost, a.cost)) return cheaper(a.cost, b.cost);
    return a.weight < b.weight;
}

}  // namespace

void FoundRepairs::add(FoundRepair found) {
    found_.insert(std::upper_bound(found_.begin(), found_.end(), found, better), std::move(found));
}

bool FoundRepairs::dispensable(std::size_t k) const {
    return std::any_of(
        found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(k),
        [&](const FoundRepair& before) { return includes(found_[k].changes, before.changes); });
}

std::vector<std::size_t> FoundRepairs::shown() const {
    std::vector<std::size_t> result;
    for (std::size_t k = 0; k < found_.size() && result.size() < most_repairs; ++k)
        if (!dispensable(k)) result.push_back(k);
    return result;
}

bool FoundRepairs::wanted(const FoundRepair& candidate) const {
    const auto dispensed = [&](const FoundRepair& found) {
        return !better(candidate, found) && includes(candidate.changes, found.changes);
    };
    if (std::ranges::any_of(found_, dispensed)) return false;
    const std::vector<std::size_t> best = shown();
    return best.size() < most_repairs || better(candidate, found_[best.back()]);
}

int FoundRepairs::most_useful() const {
    if (found_.empty()) return most_changes;
    const std::vector<std::size_t> best = shown();
    const int most = std::min(most_changes, found_.front().count + 1);
    return best.size() < most_repairs ? most : std::min(most, found_[best.back()].count);
}

}  // namespace tlbcheck::checker
