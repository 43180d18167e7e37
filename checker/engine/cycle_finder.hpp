// SPDX-License-Identifier: Apache-2.0
//
// Why something cannot happen: the candidate executions that would show it, each with the cycle of orderings
// that forbids it. The choices that a cycle rests on are excluded and the next candidate is asked for, until
// none is left; what was collected is then a proof by cases.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "checker/report/explanation.hpp"
#include "encoder/model_formulas.hpp"
#include "encoder/solver.hpp"
#include "model/axioms/definitions.hpp"

namespace tlbcheck::checker {

struct CycleSearch {
    model::EventGraph& graph;
    const model::axioms::Definitions& definitions;
    encoder::ModelFormulas& formulas;
    std::function<std::string(model::EventId, const model::Execution&)> event_text;
    std::function<Place(model::EventId)> event_place;
    std::size_t most = 64;  ///< cycles at the most; beyond that the proof says that it was cut
};

struct FoundCycles {
    std::vector<ProofCycle> cycles;
    bool complete = false;  ///< the cycles refute every candidate
    bool possible = false;  ///< some candidate breaks no rule: the assumption is satisfiable
    std::string reason;     ///< when neither
};

/// Cycles that forbid every execution in which `assumption` holds.
FoundCycles find_cycles(const CycleSearch& search, const std::vector<model::Formula>& assumption);

}  // namespace tlbcheck::checker
