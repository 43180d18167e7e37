// SPDX-License-Identifier: Apache-2.0
//
// What a property says besides its region: when it is judged (`at LABEL`), on which PEs (`by P0, P1`), and
// what is let pass (`tolerate = restrictive`).
#pragma once

#include "litmus/sched/syntax_tree.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::sched {

/// In `by`: a PE that runs no thread.
inline constexpr std::string_view other_pe = "other";

/// Labels are unique and stand in no loop; `at`, `by` and `tolerate` name what there is.
void check_judging(const SyntaxTree& tree);

/// Fills in Property::judging and its text; `program` has the labels.
void set_judging(model::Property& property, const SyntaxTree& tree, const PropertyItem& item,
                 const model::ScheduleProgram& program);

/// The program as far as the label that the property is judged at: its thread ends there.
model::ScheduleProgram cut_at_label(model::ScheduleProgram program, std::size_t property);

}  // namespace tlbcheck::litmus::sched
