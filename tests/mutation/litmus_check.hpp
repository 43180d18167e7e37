// SPDX-License-Identifier: Apache-2.0
//
// The second way to notice a dropped clause: a litmus test has another outcome under the model without it.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/mutation/clauses.hpp"

namespace tlbcheck::tests {

struct LitmusTest {
    std::string name;
    std::string path;
};

/// All that a test says under a model: final states and flags, as text. "" when there is no answer.
using Outcome = std::string;
using Judge = std::function<Outcome(const LitmusTest&, const model::MemoryModel&)>;

/// The .litmus files below a folder, by name.
std::vector<LitmusTest> litmus_tests_below(const std::string& folder);

class LitmusCheck {
  public:
    LitmusCheck(model::MemoryModel model, std::vector<LitmusTest> tests, Judge judge);

    /// The name of a test whose outcome changes without the clause, or "".
    std::string noticed(const Clause& clause);
    std::size_t runs() const { return runs_; }

  private:
    bool changes(std::size_t test, const model::MemoryModel& mutant);

    model::MemoryModel model_;
    std::vector<LitmusTest> tests_;
    Judge judge_;
    std::vector<std::string> baseline_;  ///< by test; filled in when first asked
    std::vector<bool> known_;
    std::vector<std::size_t> order_;  ///< tests that noticed something lately come first
    std::map<std::string, std::vector<std::size_t>>
        noticed_in_;  ///< by definition: the tests that noticed a clause of it
    std::size_t runs_ = 0;
};

}  // namespace tlbcheck::tests
