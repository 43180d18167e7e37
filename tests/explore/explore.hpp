// SPDX-License-Identifier: Apache-2.0
//
// The second opinion on small schedules (docs/formal-model.md section 7): every run of the operational TLB
// machine, for every address, observer and source of an entry that a property is about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/machine/timeline.hpp"
#include "model/machine/witness.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::tests {

using namespace model;  // NOLINT(google-build-using-namespace): it runs the machine of the model.

struct ExploreLimits {
    std::uint64_t instructions = 20'000;  ///< of all threads, unrolled
    std::uint64_t states_per_search = 200'000;
    std::uint64_t states = 5'000'000;  ///< over all searches
    bool timeline = true;              ///< build the timeline of a violation
};

struct MachineVerdict {
    enum class Answer : std::uint8_t { not_violated, violated, undecided } answer = Answer::undecided;
    std::string reason;                ///< of an undecided answer
    std::optional<Timeline> timeline;  ///< of a violation, if asked for
    std::optional<Witness> witness;    ///< of a violation
    std::uint64_t va = 0;              ///< of a violation: the judged address
    Observer observer;                 ///< of a violation
    std::uint64_t states = 0;          ///< distinct states over all searches
    std::uint64_t searches = 0;
};

/// Explores all runs of `program` for `property`, on property.hardware.
MachineVerdict explore(const ScheduleProgram& program, const Property& property,
                       const ExploreLimits& limits = {});

/// The addresses a property judges: one for each thing that can tell two addresses of a region apart,
/// ascending.
std::vector<std::uint64_t> judged_addresses(const ScheduleProgram& program, const Property& property);

}  // namespace tlbcheck::tests
