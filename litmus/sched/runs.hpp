// SPDX-License-Identifier: Apache-2.0
//
// Builds a thread's runs: straight code, repeated bodies, and iterations that turn out to be alike.
#pragma once

#include <cstdint>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::sched {

/// Adds one straight instruction: it goes on the last run when that is straight code.
void add_straight(std::vector<model::Run>& runs, model::Instruction instruction);
void add_run(std::vector<model::Run>& runs, model::Run run);
/// Adds the code of one iteration; when the last run is straight or repeated code of which this is the next
/// repetition, that run grows (and the result is true).
bool add_iteration(std::vector<model::Run>& runs, std::vector<model::Run> iteration);
/// Adds finished code; `code` is straight code then joined with straight code before it.
void add_code(std::vector<model::Run>& runs, std::vector<model::Run> code);
/// Instructions held, not executed.
std::uint64_t held_instructions(const std::vector<model::Run>& runs);

}  // namespace tlbcheck::litmus::sched
