// SPDX-License-Identifier: Apache-2.0
//
// Address spaces as a schedule declares them, and the one a thread starts in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "litmus/sched/syntax_tree.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::sched {

/// The declared space of that name.
std::optional<model::SpaceId> space_named(const SyntaxTree& tree, const std::string& name);

/// `thread P0 in A`, `in none`, `in V`, `in host`, `in A, temp`; nothing where the file does not say. Throws
/// InputError where two of the names are for one register.
model::PeStart starting_space(const SyntaxTree& tree, const model::ScheduleProgram& program,
                              const ThreadItem& thread);

/// Gives the regions their asid. Where a file declares no space and regions of different ASIDs overlap in VA,
/// each ASID gets a space of its own. Throws InputError for regions of spaces that do not fit together.
void place_in_spaces(const SyntaxTree& tree, model::ScheduleProgram& program,
                     std::vector<model::Region>& regions);

/// Throws InputError where the arm of a condition on a value read changes a PE's context, or synchronises a
/// change: which contexts a PE has been in may not depend on what it reads.
void check_arms(const SyntaxTree& tree, const model::ScheduleProgram& program);

}  // namespace tlbcheck::litmus::sched
