// SPDX-License-Identifier: Apache-2.0
//
// What `minimize` and `repair` answer, as values; the writers read these and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/report/answer.hpp"
#include "checker/report/comparison.hpp"
#include "checker/report/explanation.hpp"

namespace tlbcheck::checker {

struct Counterexample {
    std::string question;  ///< with its hardware: "no_stale_entry(linear) {ets = 2}"
    std::string sentence;
};

struct StepReport {
    Place place;        ///< of the statement: a helper's, or the kernel's line
    Place called_from;  ///< of the statement in the file that leads there; the same where there is none
    std::string statement;
    std::uint64_t executed = 0;  ///< instructions, in all iterations, for the machine block
    Need need = Need::undecided;
    std::vector<std::string> weaker;        ///< what could stand there; or where the statement could be
    std::optional<Counterexample> without;  ///< of needed and could_be_weaker: with the step left out
    std::string note;
    std::optional<std::size_t> explained;  ///< index in MinimizeReport::explained
};

/// What became of the advice as a whole.
enum class AdviceOutcome : std::uint8_t {
    done,
    nothing_to_do,  ///< minimize: every step is needed; repair: nothing is violated
    not_safe,       ///< minimize: an assertion is violated
    none_found,     ///< repair: no repair within the bound
    no_questions,   ///< there is nothing that must hold
    undecided,
};
std::string_view to_string(AdviceOutcome outcome);

/// An edited schedule.
struct AdvisedSchedule {
    std::vector<std::string> changes;  ///< a sentence each
    std::string text;                  ///< of the whole file; empty for changes of kernel code
    std::string diff;                  ///< unified, against the file
    ScheduleCost cost;
    bool whole_judged = false;  ///< the unsliced engine has found it safe as well
};

struct MinimizeReport {
    std::string file, title;
    AdviceOutcome outcome = AdviceOutcome::undecided;
    std::string reason;          ///< of not_safe, undecided
    std::string internal_error;  ///< non-empty: two judges disagree (exit 4)
    std::vector<std::string> questions;
    std::vector<std::string> warnings;  ///< vacuous answers, steps that were not tried
    std::vector<StepReport> steps;
    ScheduleCost cost;
    std::optional<AdvisedSchedule> cheapest;     ///< where it differs from the file
    std::vector<QuestionExplanation> explained;  ///< counterexamples of steps left out, where asked for
};

struct RepairReport {
    std::string file, title;
    AdviceOutcome outcome = AdviceOutcome::undecided;
    std::string reason;
    std::string internal_error;
    std::vector<std::string> questions;
    std::vector<Counterexample> violated;
    std::vector<std::string> warnings;
    std::string bound;  ///< what was looked at
    std::string
        unfinished;  ///< why the search ended before its bound; what is shown was verified. Else empty
    ScheduleCost cost;
    std::vector<AdvisedSchedule> repairs;  ///< the better first
};

/// Of a search that has ended: done, none_found, or undecided where it ended early without a repair.
AdviceOutcome outcome_of(const RepairReport& report);

ExitCode exit_code(const MinimizeReport& report);
ExitCode exit_code(const RepairReport& report);

}  // namespace tlbcheck::checker
