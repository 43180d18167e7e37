// SPDX-License-Identifier: Apache-2.0
//
// Answers litmus tests: all final states with herd7's summary, the verdict of the condition, and why.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/report/answer.hpp"
#include "checker/report/explanation.hpp"
#include "litmus/herd/print.hpp"
#include "litmus/herd/reader.hpp"
#include "model/axioms/definitions.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

struct LitmusOptions {
    litmus::herd::ReadOptions read;
    model::Limits limits;  ///< for each file, from reading to the last answer
    std::optional<std::string>
        model_file;  ///< --model FILE.cat: judge by this model instead of the built-in one
    std::optional<std::string> include_root;  ///< what it includes may also lie below this folder
    bool reduction = true;  ///< leave out what cannot matter (model/graph/litmus/reduction.hpp)
};

/// A parsed litmus test and the model that judges it.
struct LitmusJob {
    std::string file;
    litmus::Source source;
    model::LitmusProgram program;
    std::shared_ptr<const model::axioms::Definitions> definitions;
    std::shared_ptr<model::Budget>
        budget;             ///< what reading has left for the answers; not for two threads at once
    bool reduction = true;  ///< off for a model from a file: the reduction is argued for the built-in one
};

/// Out of time or memory: model::LimitReached.
litmus::Result<LitmusJob> load_litmus(const std::string& file, const LitmusOptions& options);
/// The same from text that is there already.
litmus::Result<LitmusJob> litmus_job(const litmus::Source& source, const LitmusOptions& options);

struct LitmusStates {
    std::set<litmus::herd::FinalState> states;
    litmus::herd::ResultSummary summary;
    bool undecided = false;
    std::string reason;  ///< of an undecided answer
    std::string error;   ///< of the test: as of unreadable input, with line and caret
    std::string internal_error;
};

/// Out of time or memory, the answer of each of these is undecided.
LitmusStates all_states(const LitmusJob& job);
/// On another budget than the job's own.
LitmusStates all_states(const LitmusJob& job, model::Budget& budget);
FileReport check_litmus(const LitmusJob& job);
Explanation explain_litmus(const LitmusJob& job, FileReport& report);

/// "vmsa,fatal,ets2": the variants in force.
std::string variant_text(const model::LitmusProgram& program);

}  // namespace tlbcheck::checker
