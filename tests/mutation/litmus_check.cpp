// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/litmus_check.hpp"

#include <algorithm>
#include <filesystem>

namespace tlbcheck::tests {

std::vector<LitmusTest> litmus_tests_below(const std::string& folder) {
    std::vector<LitmusTest> tests;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".litmus")
            tests.push_back({entry.path().stem().string(), entry.path().string()});
    }
    std::ranges::sort(tests, {}, &LitmusTest::path);
    return tests;
}

LitmusCheck::LitmusCheck(model::MemoryModel model, std::vector<LitmusTest> tests, Judge judge)
    : model_(std::move(model)),
      tests_(std::move(tests)),
      judge_(std::move(judge)),
      baseline_(tests_.size()),
      known_(tests_.size()) {
    for (std::size_t i = 0; i < tests_.size(); ++i) order_.push_back(i);
}

bool LitmusCheck::changes(std::size_t test, const model::MemoryModel& mutant) {
    if (!known_[test]) {
        baseline_[test] = judge_(tests_[test], model_);
        known_[test] = true;
        ++runs_;
    }
    if (baseline_[test].empty()) return false;
    ++runs_;
    const Outcome outcome = judge_(tests_[test], mutant);
    return !outcome.empty() && outcome != baseline_[test];
}

std::string LitmusCheck::noticed(const Clause& clause) {
    const model::MemoryModel mutant = without_clause(model_, clause);
    std::vector<std::size_t> candidates = noticed_in_[clause.where];
    for (const std::size_t test : order_) {
        if (std::ranges::find(candidates, test) == candidates.end()) candidates.push_back(test);
    }
    for (const std::size_t test : candidates) {
        if (!changes(test, mutant)) continue;
        auto& favourites = noticed_in_[clause.where];
        if (std::ranges::find(favourites, test) == favourites.end()) favourites.push_back(test);
        const auto at = std::ranges::find(order_, test);
        std::rotate(order_.begin(), at, at + 1);
        return tests_[test].name;
    }
    return "";
}

}  // namespace tlbcheck::tests
