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

/// `thread P0 in A`, `in none`, `in V`, `in host`; nothing where the file does not say.
model::PeStart starting_space(const SyntaxTree& tree, const model::ScheduleProgram& program,
                              const ThreadItem& thread);

/// Gives the regions their asid. Where a file declares no space and regions of different ASIDs overlap in VA,
/// each ASID gets a space of its own. Throws InputError for regions of spaces that do not fit together.
void place_in_spaces(const SyntaxTree& tree, model::ScheduleProgram& program,
                     std::vector<model::Region>& regions);

/// Throws InputError where threads go by what they read and there are spaces, VMs, `cpus` or changes of a
/// PE's context: such a schedule is not judged.
void check_no_conditions(const SyntaxTree& tree, const model::ScheduleProgram& program);

}  // namespace tlbcheck::litmus::sched
