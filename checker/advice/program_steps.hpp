// SPDX-License-Identifier: Apache-2.0
//
// The barriers, TLBIs and ISBs of a schedule that runs compiled kernel code. There is no text to edit: the
// unit is what one line of the kernel (or one statement of the schedule) executes, and an edit changes all of
// it in the expanded programs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/report/advice.hpp"
#include "litmus/sched/schedule.hpp"

namespace tlbcheck::checker {

/// Where an instruction comes from: the kernel's line that a header's code is expanded at, and the line in
/// the header; of the schedule's own, the statement and the innermost one.
struct Origin {
    model::KernelFrame shown, inner;
    model::SourcePlace place, helper_place;
    friend bool operator==(const Origin&, const Origin&) = default;
};
Origin origin_of(const model::ScheduleProgram& program, const model::Instruction& instruction);

struct ProgramStep {
    Origin origin;
    model::Operation first;  ///< as met first; its kind and form, not its operand, are the step's
    std::uint64_t executed = 0;
};
/// A barrier or TLBI, or nothing, in place of all that a step executes.
struct ProgramEdit {
    Origin origin;
    model::Operation from;                  ///< barriers equal to this one, TLBIs of this operation
    std::optional<model::Barrier> barrier;  ///< instead
    std::optional<model::TlbiOp> tlbi;      ///< instead
};

/// The steps of all programs, in the order of execution.
std::vector<ProgramStep> program_steps(const std::vector<litmus::sched::Question>& questions);
/// The questions with the edits made in each program.
std::vector<litmus::sched::Question> edited(const std::vector<litmus::sched::Question>& questions,
                                            const std::vector<ProgramEdit>& edits);

}  // namespace tlbcheck::checker
