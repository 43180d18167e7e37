// SPDX-License-Identifier: Apache-2.0
//
// Rebuilds a counterexample of the solver as a run of the machine (docs/formal-model.md section 7): the
// judged walk must read the descriptors and stores the witness names and must break the property. Where no
// run does, solver and machine disagree, which is an internal error: there is no timeline without a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/machine/timeline.hpp"
#include "model/machine/witness.hpp"
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model {

struct ReplayLimits {
    std::uint64_t instructions = 100'000;  ///< of all threads
    std::uint64_t states = 1'000'000;
};

struct Replay {
    enum class Result : std::uint8_t {
        realised,    ///< `timeline` is the run
        impossible,  ///< no run of the machine realises the witness
        undecided,   ///< a limit was reached
    } result = Result::impossible;
    std::string reason;                ///< unless realised
    std::optional<Timeline> timeline;  ///< when realised; without its cause
    std::uint64_t states = 0;
};

/// Of the witness, instructions are numbered by their position in `schedule`; hardware and judging are the
/// property's.
Replay replay(const JudgedSchedule& schedule, const Property& property, const Witness& witness,
              const ReplayLimits& limits = {});

}  // namespace tlbcheck::model
