// SPDX-License-Identifier: Apache-2.0
//
// The flush that a line of kernel code makes in each iteration of a loop, made once behind the loop or once
// for each contiguous set, in an expanded program.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

enum class FlushPlace : std::uint8_t { behind_loop, behind_set };

/// A call in kernel code that flushes and does not store: the frames that lead to it, outermost first. The
/// last is the line in the function that does both.
using FlushCall = std::vector<model::KernelFrame>;

/// The calls that execute TLBIs more than once, in the order of execution.
std::vector<FlushCall> repeated_flushes(const model::ScheduleProgram& program);
/// The program with that call's flush moved; nullopt where it cannot be.
std::optional<model::ScheduleProgram> flush_moved(const model::ScheduleProgram& program,
                                                  const FlushCall& call, FlushPlace place);

}  // namespace tlbcheck::checker
