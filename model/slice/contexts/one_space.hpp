// SPDX-License-Identifier: Apache-2.0
//
// A schedule with one space, or one VM, and no change of context: the arithmetic over loops (docs/slicing.md,
// theorem 2) is that of plain addresses.
#pragma once

#include <vector>

#include "model/slice/arithmetic/plan.hpp"

namespace tlbcheck::model {

class OneSpace {
  public:
    explicit OneSpace(const SliceContext& context);

    /// The program has one space, and nothing about contexts is different from one part of it to another.
    static bool is(const ScheduleProgram& program);
    /// An instruction that does not advance evenly in a loop; empty: there is none.
    const std::string& irregular() const { return lines_.irregular; }
    std::vector<Segment> segments(const SliceCell& cell, bool every_unit) const;

  private:
    ScheduleProgram plain_;  ///< the same at plain addresses
    SliceContext context_;
    Lines lines_;
};

/// Some thread writes a register that leads to tables, or enters or leaves an exception.
bool changes_context(const ScheduleProgram& program);
/// Entries made in one space may be hit in another.
bool tags_shared(const ScheduleProgram& program);

}  // namespace tlbcheck::model
