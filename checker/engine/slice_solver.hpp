// SPDX-License-Identifier: Apache-2.0
//
// One slice of a schedule, one property: is there an execution that violates it? Builds the event graph for
// each observer, asks the solver, and has every witness judged over bit sets (docs/formal-model.md).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/advice/misread.hpp"
#include "checker/report/answer.hpp"
#include "checker/report/explanation.hpp"
#include "encoder/solver.hpp"
#include "model/graph/schedule/schedule_graph.hpp"
#include "model/machine/witness.hpp"

namespace tlbcheck::checker {

/// A violating execution, as far as people and the machine's replay need it.
struct FoundWitness {
    model::Witness witness;  ///< instruction indices are positions in the slice's own threads
    Misread misread;
    ExecutionGraph graph;
};

/// Where a violation was met: who made the access, and to which candidate.
struct MetViolation {
    model::ScheduleQuestion observer;
    std::uint64_t va = 0;

    friend bool operator==(const MetViolation&, const MetViolation&) = default;
};

struct SliceAnswer {
    Verdict verdict = Verdict::undecided;
    std::optional<MetViolation> met;   ///< of an unsafe verdict_only
    std::set<std::uint64_t> affected;  ///< candidates that can be violated
    std::optional<FoundWitness> witness;
    std::string reason;          ///< for undecided
    std::string internal_error;  ///< solver and evaluator disagree
    bool no_execution = false;   ///< no execution is allowed at all
};

struct SolveOptions {
    bool without_tlbi = false;   ///< vacuity question
    bool all_candidates = true;  ///< find every affected candidate, not only the first
    bool verdict_only = false;   ///< no witness is described, nor judged again: for trials of an edit
};

/// The questions (observers) that decide `kind` for a schedule of that many threads, in the order asked.
std::vector<model::ScheduleQuestion> questions_for(model::PropertyKind kind,
                                                   const model::JudgedSchedule& schedule);

SliceAnswer solve_slice(const model::JudgedSchedule& schedule, model::PropertyKind kind,
                        const SolveOptions& options);

/// Whether this observer can meet a violation; false where the solver gives up. Throws LimitReached.
bool violated_for(const model::JudgedSchedule& schedule, const model::ScheduleQuestion& observer);
/// Whether some execution is allowed at all, whatever is judged. Throws LimitReached.
bool has_execution(const model::JudgedSchedule& schedule, model::PropertyKind kind);

}  // namespace tlbcheck::checker
