// SPDX-License-Identifier: Apache-2.0
//
// What tests of the schedule language need: expand a text, and show a program as text, one line an
// instruction.
#pragma once

#include <string>

#include "litmus/sched/schedule.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::tests {

/// The rendered diagnostics, or "" when the text parses and expands.
std::string sched_errors(const std::string& text, const litmus::sched::ExpandOptions& options = {});

/// Whether the rendered diagnostics have that part.
bool says(const std::string& text, const std::string& part, const litmus::sched::ExpandOptions& options = {});

/// Fails the test when there are errors.
model::ScheduleProgram sched_program(const std::string& text,
                                     const litmus::sched::ExpandOptions& options = {});

/// "x3 { ... }" for a run: each instruction with its steps, "+va" and "+pa" in hexadecimal.
std::string show(const model::ScheduleThread& thread);
std::string show(const model::Instruction& instruction);

/// The thread's first `most` instructions as executed, one a line, steps applied.
std::string executed(const model::ScheduleThread& thread, std::size_t most = 100);

/// A 64K region of 4K pages named `linear` (with the extra settings), then `rest`.
std::string with_region(const std::string& rest, const std::string& settings = "");

}  // namespace tlbcheck::tests
