// SPDX-License-Identifier: Apache-2.0
//
// Entry point of the front end for logs of casemate, a recorded run of a hypervisor: text to a schedule with
// the questions that are asked of every log (docs/casemate.md).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/diagnostics.hpp"
#include "litmus/sched/schedule.hpp"

namespace tlbcheck::litmus::casemate {

/// A log as a schedule has it.
struct LogProgram {
    sched::ScheduleFile file;  ///< the text alone
    std::shared_ptr<const model::ScheduleProgram> program;
    std::vector<sched::Question> questions;  ///< none where the log has no tables to judge
    /// What the user should know of the log, each one line.
    std::vector<std::string> notes;
};

/// Reads a log; errors carry their place. Throws model::OutOfTime for a log of too many places.
Result<LogProgram> read_log(const Source& source, const sched::HardwareOverrides& hardware = {});

/// True when the file's name ends in .casemate, or in .log and the text begins with a record.
bool is_log(const std::string& path);

}  // namespace tlbcheck::litmus::casemate
