// SPDX-License-Identifier: Apache-2.0
//
// One question of a schedule on one hardware configuration, answered for the whole range.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "checker/engine/schedule_engine.hpp"
#include "checker/engine/slice_solver.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::checker {

struct QuestionAnswer {
    QuestionReport report;
    std::optional<FoundWitness> witness;
    std::shared_ptr<const model::JudgedSchedule> witness_schedule;  ///< the slice that the witness is of
    std::shared_ptr<const model::Slicing> slicing;                  ///< none where there was no room for it
    std::string internal_error;
};

QuestionAnswer answer_question(const model::ScheduleProgram& program, const model::Property& property,
                               const ScheduleOptions& options);

/// Whether the verdict holds for every size of the region (issue: --any-size).
AnySize any_size_of(const ScheduleJob& job, const litmus::sched::Question& question,
                    const ScheduleOptions& options, const QuestionAnswer& answer);

}  // namespace tlbcheck::checker
