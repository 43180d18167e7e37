// SPDX-License-Identifier: Apache-2.0
//
// The question no_bbm_violation as propositional formulas, for solvers and their proofs: a store that needs
// break-before-make against an entry that may still be held (docs/formal-model.md section 5). Nothing is
// shared with the timeline machine but the rules of the architecture: no states are walked, what is chosen is
// the order of the threads' instructions, when each descriptor on the way to the entry was read, and the
// moment of the store.
#pragma once

#include <string>
#include <vector>

#include "model/logic/formula.hpp"
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model {

/// An instruction that the formulas speak of; `name` is "P0#3", thread and position in the judged thread.
struct BbmEvent {
    std::uint32_t thread = 0;
    std::size_t position = 0;
    const PlainInstruction* instruction = nullptr;
    std::string name;
};

struct BbmFormulas {
    logic::FormulaPool pool;
    std::vector<logic::Formula> required;  ///< of every choice
    logic::Formula violated = logic::false_formula;
    std::vector<BbmEvent> events;
};

/// Satisfiable is `required` with `violated`: some order of the threads has a violation. Refers to
/// `schedule`. Keeps to the running thread's budget (LimitReached).
BbmFormulas bbm_formulas(const JudgedSchedule& schedule);

}  // namespace tlbcheck::model
