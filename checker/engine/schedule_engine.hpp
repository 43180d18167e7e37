// SPDX-License-Identifier: Apache-2.0
//
// Answers the questions of a schedule file: expands it for each hardware configuration asked about, slices,
// solves each distinct slice once, and reports for the whole (docs/formal-model.md sections 6 and 8).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "checker/report/answer.hpp"
#include "checker/report/comparison.hpp"
#include "checker/report/explanation.hpp"
#include "litmus/sched/schedule.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

class Certificate;

/// Which unsafe answers get a tested cause: further solves.
enum class Causes : std::uint8_t {
    all,
    failed,  ///< those that were expected to be safe
    none,
};

struct ScheduleOptions {
    litmus::sched::ExpandOptions expand;
    model::Limits limits;                     ///< for each file, from reading to the last answer
    std::optional<std::string> include_root;  ///< includes may also lie below this folder
    bool slicing = true;
    bool any_size = false;
    bool vacuity = true;
    bool flows = false;                  ///< the witness of an unsafe answer goes into its report
    bool smt2 = false;                   ///< the questions as SMT-LIB 2 go into the report
    Certificate* certificate = nullptr;  ///< safe answers are certified there; must outlive the work
    Causes causes = Causes::all;
    std::string kernel_source;  ///< folder of a kernel's tree; lines of it are shown. Empty: none
};

/// A parsed schedule file with its questions, ready to be answered.
struct ScheduleJob {
    std::string file;
    litmus::sched::ScheduleFile parsed;
    std::vector<litmus::sched::Question> questions;
    model::ScheduleProgram program;  ///< for the machine block
    std::vector<litmus::sched::EmptyStatement> empty_statements;
    std::shared_ptr<model::Budget>
        budget;  ///< what reading has left for the answers; not for two threads at once
    FrontEnd front_end = FrontEnd::sched;  ///< sched, or casemate for a recorded run
    std::vector<std::string> notes = {};   ///< about the file as a whole
};

/// Parses and expands, or reads a recorded run; nothing is solved. Out of time or memory:
/// model::LimitReached.
litmus::Result<ScheduleJob> load_schedule(const std::string& file, const ScheduleOptions& options);

/// Out of time or memory, a question is undecided.
FileReport check_schedule(const ScheduleJob& job, const ScheduleOptions& options);
/// One question, with its timeline or proof. An internal error goes into the report.
QuestionExplanation explain_question(const litmus::sched::Question& question, const ScheduleOptions& options,
                                     FileReport& report);
Explanation explain_schedule(const ScheduleJob& job, const ScheduleOptions& options, FileReport& report);
ComparedSchedule cost_of_schedule(const ScheduleJob& job, const ScheduleOptions& options);

}  // namespace tlbcheck::checker
