// SPDX-License-Identifier: Apache-2.0
//
// `tlbcheck gate`: runs a plan through an engine, applies the expectations of tlbcheck.toml and the baseline,
// and says what changed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "checker/gate/plan.hpp"
#include "checker/report/answer.hpp"
#include "checker/text/color.hpp"

namespace tlbcheck::checker {

/// What judges files; the gate itself knows no solver.
struct GateEngine {
    /// Everything that is wrong with the inputs; called first, over all jobs, so that bad input stops the run
    /// at once.
    std::function<std::vector<litmus::Diagnostic>(const std::vector<GateJob>&)> parse;
    /// One report a job, in the order of the jobs (whatever runs in parallel).
    std::function<std::vector<FileReport>(const std::vector<GateJob>&)> run;
};
/// An engine's `run` that judges one job after another.
std::function<std::vector<FileReport>(const std::vector<GateJob>&)> one_by_one(
    std::function<FileReport(const std::string& file, const RunOptions& options)> run);

struct GateResult {
    std::vector<FileReport> files;  ///< one a file: the questions of all its configurations, equal ones once
    std::vector<std::string> gone;  ///< "file: question" that the baseline has and the file no longer
    bool has_baseline = false;
    std::string baseline_path;
    Baseline new_baseline;  ///< what --update-baseline writes
};

/// Fails when an input or an expectation is wrong (exit 2).
litmus::Result<GateResult> run_gate(const GatePlan& plan, const GateEngine& engine);

/// As exit_code() of the files; a question gone from a file that the baseline knows fails too.
ExitCode exit_code(const GateResult& result);

/// What changed and what fails, short: new and changed failures with their cause and place, what is fixed,
/// what is undecided, how many are known; then one line of totals. `verbose` lists every question.
std::string gate_summary(const GateResult& result, const Painter& paint, bool verbose = false);

/// Schema "tlbcheck.gate/1": the check document with the baseline's part.
std::string gate_json(const GateResult& result);

}  // namespace tlbcheck::checker
