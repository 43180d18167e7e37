// SPDX-License-Identifier: Apache-2.0
//
// Tries changes on a schedule with a violation: applies them, asks the engine again, and cuts a set of
// changes that helps down to those that are needed.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "checker/advice/change.hpp"

namespace tlbcheck::checker {

/// How much must be gone for changes to count.
enum class Gone : std::uint8_t {
    unit,     ///< the property holds for every address of the unit and every observer
    address,  ///< for the judged address and every observer
};

class Trial {
  public:
    /// `program` and `property` must outlive the trial.
    Trial(const model::ScheduleProgram& program, const model::Property& property, std::uint64_t va);

    /// True iff the engine finds the property to hold after the edit. Undecided counts as no. Throws
    /// LimitReached where time or memory run out.
    bool holds(const Edit& edit, Gone gone);
    bool holds(const std::vector<Change>& changes, Gone gone);
    /// Some edit was undecided: that none helps is not known then.
    bool undecided() const { return undecided_; }
    /// The changes of a helping set that are needed: none can be left out. The earlier ones are preferred.
    std::vector<Change> needed(const std::vector<Change>& changes, Gone gone);
    /// False: the bound on the number of solves, or the share of the time that is left, is used up.
    bool more() const;

  private:
    std::vector<Change> search(const std::vector<Change>& fixed, bool added, const std::vector<Change>& from,
                               Gone gone);

    const model::ScheduleProgram& program_;
    const model::Property& property_;
    std::uint64_t va_;
    int solves_ = 0;
    bool undecided_ = false;
    std::optional<std::chrono::milliseconds> reserve_;  ///< of the file's time, not to be used
};

/// All steps of the changes in their order.
Edit edit_of(const std::vector<Change>& changes);

}  // namespace tlbcheck::checker
