// SPDX-License-Identifier: Apache-2.0
//
// One instruction of a schedule in words, as the timeline has them.
#pragma once

#include <string>

#include "model/program/judged_schedule.hpp"

namespace tlbcheck::checker {

/// "linear[0] = invalid", "DSB ISH", "TLBI VAALE1IS, 0xffff000080000000", "free 0x80000000-0x80000fff".
std::string instruction_text(const model::ScheduleProgram& program, const model::HardwareParameters& hardware,
                             const model::PlainInstruction& instruction);

/// The same with its place: "DSB ISH (line 12)", "TLBI VAALE1IS, 0x... (vmemmap.sched:9)". The one place
/// where sentences take a place from.
std::string placed_instruction(const model::ScheduleProgram& program,
                               const model::HardwareParameters& hardware,
                               const model::PlainInstruction& instruction);

/// "linear[0] (level 3, 0xffff000080000000)".
std::string descriptor_text(const model::ScheduleProgram& program, const model::HardwareParameters& hardware,
                            const model::DescriptorSlot& slot);

}  // namespace tlbcheck::checker
