// SPDX-License-Identifier: Apache-2.0
//
// What a schedule's threads execute, instruction by instruction: above all what kernel code called by it did,
// with the place in the kernel's source of each.
#pragma once

#include <string>

#include "checker/text/color.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

/// Repeats are shown once, with how often and how the addresses grow; with `whole`, every instruction's call
/// stack and all that shaped the run.
std::string extract_text(const model::ScheduleProgram& program, const std::string& file, bool whole,
                         const Painter& painter);
/// Schema "tlbcheck.extract/1" (docs/schema/extract-1.schema.json).
std::string extract_json(const model::ScheduleProgram& program, const std::string& file);

/// A schedule in the language that executes the same instructions, to be edited by hand. Throws
/// litmus::InputError, with the instruction, for what the language has no statement for.
std::string extract_schedule(const model::ScheduleProgram& program);

}  // namespace tlbcheck::checker
