// SPDX-License-Identifier: Apache-2.0
//
// A program brought into the form that is judged.
#include "model/program/judged_schedule.hpp"

#include <algorithm>
#include <utility>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

JudgedSchedule unrolled(const ScheduleProgram& program) {
    for (const ScheduleThread& thread : program.threads)
        need_memory(instruction_count(thread) * sizeof(PlainInstruction));
    JudgedSchedule schedule;
    schedule.program = &program;
    schedule.hardware = program.hardware;
    for (const ScheduleThread& thread : program.threads) {
        JudgedThread judged{thread.name, maintains(thread), {}, thread.starts_in};
        std::uint64_t index = 0;
        for (const Run& run : thread.code) {
            for (std::uint64_t i = 0; i < run.count; ++i) {
                for (const Instruction& instruction : run.body) {
                    poll();
                    Instruction at = instantiate(instruction, i);
                    judged.code.push_back(
                        {std::move(at.operation), at.place, at.helper_place, index++, at.kernel});
                }
            }
        }
        schedule.threads.push_back(std::move(judged));
    }
    return schedule;
}

std::vector<const Operation*> operations_of(const JudgedThread& thread) {
    std::vector<const Operation*> operations;
    for (const PlainInstruction& i : thread.code) operations.push_back(&i.operation);
    return operations;
}

std::uint64_t instruction_count(const JudgedSchedule& schedule) {
    std::uint64_t count = 0;
    for (const JudgedThread& thread : schedule.threads) count += thread.code.size();
    return count;
}

bool has_branch(const JudgedSchedule& schedule) {
    return std::ranges::any_of(schedule.threads, [](const JudgedThread& thread) {
        return std::ranges::any_of(thread.code, [](const PlainInstruction& instruction) {
            return std::holds_alternative<Branch>(instruction.operation);
        });
    });
}

}  // namespace tlbcheck::model
