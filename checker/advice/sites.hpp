// SPDX-License-Identifier: Apache-2.0
//
// The text of a schedule's threads around an instruction: what stands before and after it, and where
// something can be put in so that it stands behind a group or a loop.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "checker/advice/edit.hpp"
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::checker {

bool is_store(const model::Operation& operation);  ///< of a descriptor
bool is_tlbi(const model::Operation& operation);
bool is_free(const model::Operation& operation);
bool is_signal(const model::Operation& operation);  ///< a store to a flag
bool is_wait(const model::Operation& operation);    ///< await of a flag
const model::Barrier* barrier_of(const model::Operation& operation);

using OperationTest = bool (*)(const model::Operation&);

class SiteText {
  public:
    explicit SiteText(const model::ScheduleProgram& program) : program_(program) {}

    const model::Operation& operation(const Spot& spot) const {
        return instruction_at(program_, spot).operation;
    }
    std::optional<Spot> next(Spot spot) const;
    std::optional<Spot> previous(Spot spot) const;
    std::optional<Spot> last(std::uint32_t thread) const;

    /// Behind the group of neighbours of `spot` that pass the test; behind the loop where its body has
    /// nothing else.
    Gap behind(Spot spot, OperationTest test) const;
    Gap before(Spot spot, OperationTest test) const;
    /// Behind the whole loop that the spot is in; in straight code directly behind the group.
    Gap behind_loop(const Spot& spot, OperationTest test) const;
    Gap before_loop(const Spot& spot, OperationTest test) const;
    Gap end_of(std::uint32_t thread) const;
    /// The instruction of the first iteration.
    model::PlainInstruction plain(const Spot& spot) const;

  private:
    bool alone(const Spot& spot, OperationTest test) const;

    const model::ScheduleProgram& program_;
};

/// The spots of a slice's instructions that pass the test, in the order of the text, each once.
std::vector<Spot> sites(const model::ScheduleProgram& program, const model::JudgedSchedule& slice,
                        OperationTest test);

}  // namespace tlbcheck::checker
