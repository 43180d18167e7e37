// SPDX-License-Identifier: Apache-2.0
//
// The cause of a violation: what was misread, and the changes that take it away. Every cause is tested: the
// changes are applied and the engine is asked again (docs/internals.md, "Causes").
#pragma once

#include <string>
#include <vector>

#include "checker/advice/change.hpp"

namespace tlbcheck::checker {

enum class Remedy : std::uint8_t {
    changes,   ///< with these changes this violation is gone, and without any one of them it is not
    no_flush,  ///< with a flush of everything after every step it is still there: no barrier or flush helps
    unknown,   ///< no change could be tested, for want of time or memory, or none of those tried helps
};

struct Cause {
    Remedy remedy = Remedy::unknown;
    std::vector<Change> changes;  ///< Remedy::changes; with no_flush the other stores that help, if some do
    bool tested = false;
    std::string sentence;
    std::vector<std::string> to_do;                    ///< a sentence for each change
    std::optional<model::PlainInstruction> offending;  ///< the instruction a fix would touch
};

/// `slice` is the one that `misread` is of, with its addresses. Never throws for want of time or memory.
Cause find_cause(const model::ScheduleProgram& program, const model::Property& property,
                 const model::JudgedSchedule& slice, const Misread& misread);
/// The same without asking the engine: the sentence says what was misread and no more.
Cause untested_cause(const model::ScheduleProgram& program, const model::Property& property,
                     const Misread& misread);

}  // namespace tlbcheck::checker
