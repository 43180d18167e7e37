// SPDX-License-Identifier: Apache-2.0
//
// What the schedule graph is built from and the machine runs: a small schedule (every iteration of a run
// written out) and the addresses one of which is judged. A whole schedule can be brought into this form, and
// so can one slice of it (docs/formal-model.md section 8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// One instruction of a judged schedule; `index` is its number in the original thread's execution (from 0),
/// by which the witness is replayed and reported.
struct PlainInstruction {
    Operation operation;
    SourcePlace place, helper_place;
    std::uint64_t index = 0;
    std::uint32_t kernel = no_kernel_stack;  ///< index in ScheduleProgram::kernel_stacks
};

struct JudgedThread {
    std::string name;
    /// The thread maintains tables (`maintains`): its PE is a scheduling PE, an observer of its own. A slice
    /// may have left out the instructions that make it one.
    bool maintains = false;
    std::vector<PlainInstruction> code;
    PeStart starts_in = {};  ///< as ScheduleThread has it
};

/// A schedule to judge one access by. The solver chooses the address among `candidates`.
struct JudgedSchedule {
    const ScheduleProgram* program = nullptr;  ///< initial tables, regions, flags; its code is not looked at
    HardwareParameters hardware;
    Judging judging;
    std::vector<JudgedThread> threads;
    /// Addresses to judge, ascending: one page-aligned VA for each leaf (of the finest kind it ever has).
    std::vector<std::uint64_t> candidates;
};

/// Every instruction that the program's threads execute, with the program's own hardware and no candidates.
/// The program must outlive it. Needs memory for all of them.
JudgedSchedule unrolled(const ScheduleProgram& program);
/// What the thread executes, in order; it must outlive them.
std::vector<const Operation*> operations_of(const JudgedThread& thread);
/// Instructions of all threads.
std::uint64_t instruction_count(const JudgedSchedule& schedule);
/// Some thread goes by what it reads.
bool has_branch(const JudgedSchedule& schedule);

}  // namespace tlbcheck::model
