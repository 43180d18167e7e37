// SPDX-License-Identifier: Apache-2.0
//
// The counterexample of a slice, judged on the whole schedule (docs/slicing.md, "Witnesses").
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checker/engine/question_engine.hpp"

namespace tlbcheck::checker {

/// Instructions and leaves of the largest schedule that a witness is judged and replayed on as a whole. Up to
/// here that takes less than a second; it grows faster than the square.
inline constexpr std::uint64_t most_judged_whole = 220;

/// Asks the whole schedule, where it is small enough, whether the witness's address can be violated. If so,
/// its witness takes the place of the slice's. If not, slicing is wrong, which is answer.internal_error.
/// Undecided: the slice's witness stays, and its timeline is completed by what it leaves out
/// (whole_timeline.hpp), as that of a larger schedule is.
void judge_whole(QuestionAnswer& answer, const model::ScheduleProgram& program,
                 const model::Property& property);

/// The whole schedule, if it is small enough and the slice lacks something of it.
std::optional<model::JudgedSchedule> small_whole(const model::ScheduleProgram& program,
                                                 const model::Property& property,
                                                 const model::JudgedSchedule& slice);
/// The internal error: the whole schedule is safe where its slice is not.
std::string refuted(const model::Property& property, std::uint64_t va);

}  // namespace tlbcheck::checker
