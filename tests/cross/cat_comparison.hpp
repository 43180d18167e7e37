// SPDX-License-Identifier: Apache-2.0
//
// Arm's cat text against model/axioms: every definition, choice, check and flag that both have, evaluated
// side by side on one execution after another.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "litmus/cat/cat_reader.hpp"
#include "model/axioms/arm_model.hpp"
#include "tests/support/random_execution.hpp"

namespace tlbcheck::tests {

class CatComparison {
  public:
    CatComparison(const litmus::cat::CatModel& cat, const model::axioms::Definitions& ours);

    /// Labels of what the two do not agree on: "definition DSB-ob", "check external".
    std::vector<std::string> disagreements(const model::EventGraph& graph,
                                           const model::Execution& execution) const;
    std::size_t size() const { return pairs_.size(); }
    /// What only one side has: "definition cobase", "flag ...". Flags that cannot be raised are left out.
    const std::set<std::string>& only_in_cat() const { return only_in_cat_; }
    const std::set<std::string>& only_in_ours() const { return only_in_ours_; }
    const Primitives& primitives() const { return primitives_; }

  private:
    struct Pair {
        std::string label;
        model::Rel cat, ours;
    };
    void add(const std::string& label, const model::NodePointer& cat, const model::NodePointer& ours);
    void add_definitions(const litmus::cat::CatModel& cat, const model::axioms::Definitions& ours);
    void add_choices(const model::MemoryModel& cat, const model::MemoryModel& ours);
    void add_checks(const model::MemoryModel& cat, const model::MemoryModel& ours);
    void add_flags(const model::MemoryModel& cat, const model::MemoryModel& ours);

    std::vector<Pair> pairs_;
    std::set<std::string> only_in_cat_, only_in_ours_;
    Primitives primitives_;
};

/// The aarch64.cat of the herdtools7 checkout there is (herdtools7_dir); "" without one.
std::string aarch64_cat();

}  // namespace tlbcheck::tests
