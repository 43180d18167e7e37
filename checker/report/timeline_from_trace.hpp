// SPDX-License-Identifier: Apache-2.0
//
// The operational machine's replay of a witness (model/machine/trace.hpp) as the timeline that writers show:
// slots get names, places get file names, and the orderings that matter get arrows.
#pragma once

#include <string>
#include <string_view>

#include "checker/report/timeline.hpp"
#include "model/machine/trace.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

/// `hardware`: that of the question the trace answers; `cause`: one sentence.
Timeline timeline_from_trace(const model::Trace& trace, const model::ScheduleProgram& program,
                             const model::HardwareParameters& hardware, std::string_view cause);

/// "rw", "ro, Device-nGnRE", ...: what a leaf permits and its memory type; empty for other descriptors.
std::string attribute_text(const model::Descriptor& descriptor);
/// A place of a program with its file's name; an unknown one when the file is out of range.
Place place_of(const model::ScheduleProgram& program, const model::SourcePlace& place);

}  // namespace tlbcheck::checker
