// SPDX-License-Identifier: Apache-2.0
//
// One small schedule judged in every way the program has (docs/formal-model.md): the operational TLB machine,
// the axioms on the whole schedule, the axioms slice by slice. Shrinks a schedule on which they differ.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::tests {

enum class Opinion : std::uint8_t { safe, unsafe, undecided, wrong };

/// Answers by what gave them. `wrong`: the solver's execution was refused by the evaluator.
struct Opinions {
    Opinion machine = Opinion::undecided;
    Opinion whole = Opinion::undecided;
    Opinion sliced = Opinion::undecided;
    Opinion machine_replay = Opinion::undecided;  ///< unsafe: the machine realises the solver's witness

    /// Two answers that exclude each other.
    bool disagree() const;
    bool decided() const { return machine != Opinion::undecided && whole != Opinion::undecided; }
};

Opinions opinions_on(const model::ScheduleProgram& program, const model::Property& property);
std::string to_string(const Opinions& opinions);

/// Verdicts alone, of the whole schedule and of its slices.
struct SliceVerdicts {
    Opinion whole = Opinion::undecided;
    Opinion sliced = Opinion::undecided;
    /// There are several slices, or the one has fewer instructions than the whole; else nothing is asked.
    bool cut = false;

    bool decided() const { return whole != Opinion::undecided && sliced != Opinion::undecided; }
    bool differ() const { return decided() && whole != sliced; }
};
SliceVerdicts verdicts_on(const model::ScheduleProgram& program, const model::Property& property);

/// The machine's violating run, one step a line; empty when it has none.
std::string machine_run(const model::ScheduleProgram& program, const model::Property& property);
/// What the walk of the axioms' violating execution reads, and the TLBIs it meets; empty when there is none.
std::string axioms_witness(const model::ScheduleProgram& program, const model::Property& property);
Opinion by_machine(const model::ScheduleProgram& program, const model::Property& property);
/// By the axioms on the whole schedule.
Opinion by_axioms(const model::ScheduleProgram& program, const model::Property& property);

using SchedulePredicate = std::function<bool(const model::ScheduleProgram&)>;
/// Leaves out instructions and threads as long as `keep` holds of what remains.
model::ScheduleProgram shrink(model::ScheduleProgram program, const SchedulePredicate& keep);

}  // namespace tlbcheck::tests
