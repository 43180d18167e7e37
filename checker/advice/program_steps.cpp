// SPDX-License-Identifier: Apache-2.0
//
// Instructions that came from one line, gathered and edited together.
#include "checker/advice/program_steps.hpp"

#include <algorithm>
#include <map>

#include "checker/report/kernel_place.hpp"

namespace tlbcheck::checker {

namespace {

using litmus::sched::Question;

bool same_kind(const model::Operation& a, const model::Operation& b) {
    const auto* barrier = std::get_if<model::Barrier>(&a);
    const auto* other = std::get_if<model::Barrier>(&b);
    if (barrier != nullptr && other != nullptr) return *barrier == *other;
    const auto* tlbi = std::get_if<model::TlbiInstruction>(&a);
    const auto* another = std::get_if<model::TlbiInstruction>(&b);
    return tlbi != nullptr && another != nullptr && tlbi->op == another->op;
}

bool is_step(const model::Operation& operation) {
    return std::holds_alternative<model::Barrier>(operation) ||
           std::holds_alternative<model::TlbiInstruction>(operation);
}

std::shared_ptr<const model::ScheduleProgram> edited_program(const model::ScheduleProgram& program,
                                                             const std::vector<ProgramEdit>& edits) {
    auto result = std::make_shared<model::ScheduleProgram>(program);
    for (model::ScheduleThread& thread : result->threads) {
        for (model::Run& run : thread.code) {
            std::vector<model::Instruction> body;
            for (model::Instruction& i : run.body) {
                bool kept = true;
                const ProgramEdit* edit = nullptr;
                if (is_step(i.operation)) {
                    const Origin origin = origin_of(program, i);
                    for (const ProgramEdit& candidate : edits)
                        if (candidate.origin == origin && same_kind(candidate.from, i.operation))
                            edit = &candidate;
                }
                if (edit != nullptr && edit->barrier) {
                    i.operation = *edit->barrier;
                } else if (edit != nullptr && edit->tlbi) {
                    std::get<model::TlbiInstruction>(i.operation).op = *edit->tlbi;
                } else if (edit != nullptr) {
                    kept = false;
                }
                if (kept) body.push_back(std::move(i));
            }
            run.body = std::move(body);
        }
        std::erase_if(thread.code, [](const model::Run& run) { return run.body.empty(); });
    }
    return result;
}

}  // namespace

Origin origin_of(const model::ScheduleProgram& program, const model::Instruction& instruction) {
    const auto* stack = kernel_stack(program, instruction.kernel);
    if (stack == nullptr) return {{}, {}, instruction.place, instruction.helper_place};
    return {shown_frame(*stack), stack->front(), {}, {}};
}

std::vector<ProgramStep> program_steps(const std::vector<Question>& questions) {
    std::vector<ProgramStep> steps;
    std::vector<const model::ScheduleProgram*> seen;
    for (const Question& question : questions) {
        if (std::ranges::find(seen, question.program.get()) != seen.end()) continue;
        const bool counted = seen.empty();
        seen.push_back(question.program.get());
        for (const model::ScheduleThread& thread : question.program->threads) {
            for (const model::Run& run : thread.code) {
                for (const model::Instruction& i : run.body) {
                    if (!is_step(i.operation)) continue;
                    const Origin origin = origin_of(*question.program, i);
                    auto found = std::ranges::find_if(steps, [&](const ProgramStep& step) {
                        return step.origin == origin && same_kind(step.first, i.operation);
                    });
                    if (found == steps.end()) found = steps.insert(steps.end(), {origin, i.operation, 0});
                    if (counted) found->executed += run.count;
                }
            }
        }
    }
    return steps;
}

std::vector<Question> edited(const std::vector<Question>& questions, const std::vector<ProgramEdit>& edits) {
    std::map<const model::ScheduleProgram*, std::shared_ptr<const model::ScheduleProgram>> made;
    std::vector<Question> result;
    for (const Question& question : questions) {
        auto& program = made[question.program.get()];
        if (!program) program = edited_program(*question.program, edits);
        result.push_back({question.property, program});
    }
    return result;
}

}  // namespace tlbcheck::checker
