// SPDX-License-Identifier: Apache-2.0
//
// Names of outcomes, and the exit code of each.
#include "checker/report/advice.hpp"

namespace tlbcheck::checker {

std::string_view to_string(AdviceOutcome outcome) {
    switch (outcome) {
        case AdviceOutcome::done:
            return "done";
        case AdviceOutcome::nothing_to_do:
            return "nothing_to_do";
        case AdviceOutcome::not_safe:
            return "not_safe";
        case AdviceOutcome::none_found:
            return "none_found";
        case AdviceOutcome::no_questions:
            return "no_questions";
        case AdviceOutcome::undecided:
            return "undecided";
    }
    return "?";
}

namespace {

ExitCode code_of(AdviceOutcome outcome, const std::string& internal_error) {
    if (!internal_error.empty()) return ExitCode::internal_error;
    switch (outcome) {
        case AdviceOutcome::done:
        case AdviceOutcome::nothing_to_do:
            return ExitCode::ok;
        case AdviceOutcome::not_safe:
        case AdviceOutcome::none_found:
            return ExitCode::failed;
        case AdviceOutcome::no_questions:
            return ExitCode::bad_input;
        case AdviceOutcome::undecided:
            return ExitCode::undecided;
    }
    return ExitCode::undecided;
}

}  // namespace

AdviceOutcome outcome_of(const RepairReport& report) {
    if (!report.repairs.empty()) return AdviceOutcome::done;
    return report.unfinished.empty() ? AdviceOutcome::none_found : AdviceOutcome::undecided;
}

ExitCode exit_code(const MinimizeReport& report) {
    return code_of(report.outcome, report.internal_error);
}

ExitCode exit_code(const RepairReport& report) {
    return code_of(report.outcome, report.internal_error);
}

}  // namespace tlbcheck::checker
