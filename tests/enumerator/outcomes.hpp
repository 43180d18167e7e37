// SPDX-License-Identifier: Apache-2.0
//
// Answers by enumeration: all outcomes of a litmus test, and whether a schedule's question can come true.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/graph/litmus/litmus_graph.hpp"
#include "model/graph/schedule/schedule_graph.hpp"
#include "tests/enumerator/enumerator.hpp"

namespace tlbcheck::tests::enumerator {

/// Values of the displayed locations in order, and the faults that match a pattern of the test.
struct LitmusOutcome {
    std::vector<std::vector<LitmusValue>> values;
    std::vector<LitmusFault> faults;
    friend auto operator<=>(const LitmusOutcome&, const LitmusOutcome&) = default;
    friend bool operator==(const LitmusOutcome&, const LitmusOutcome&) = default;
};

struct LitmusOutcomes {
    Extent extent = Extent::too_large;   ///< unless `complete` nothing below is an answer
    std::set<LitmusOutcome> satisfying;  ///< final states for which the condition's proposition holds
    std::set<LitmusOutcome> others;
    std::vector<std::string> flags;   ///< raised by some allowed execution, in the model's order
    bool loop = false;                ///< some candidate is cut off by the unrolling limit
    std::vector<std::string> errors;  ///< of the test, that some candidate runs into (litmus_graph.hpp)
    std::uint64_t steps = 0;
    std::uint64_t judged = 0;  ///< complete candidates judged
    std::string internal_error;
};

LitmusOutcomes litmus_outcomes(const LitmusGraph& built, const MemoryModel& model, const Limits& limits = {});

struct ScheduleSearch {
    enum class Answer : std::uint8_t { violated, not_violated, too_large };
    Answer answer = Answer::too_large;
    std::optional<Execution> execution;  ///< the first one found that violates
    std::uint64_t steps = 0;
    std::string internal_error;
};

/// Whether some allowed execution makes the question of the graph true.
ScheduleSearch find_violation(const ScheduleGraph& built, const MemoryModel& model,
                              const Limits& limits = {});

}  // namespace tlbcheck::tests::enumerator
