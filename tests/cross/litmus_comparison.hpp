// SPDX-License-Identifier: Apache-2.0
//
// One litmus test answered in two ways that were coded apart: by the solver, and by the small-case enumerator
// (docs/formal-model.md section 7). Final states, which of them satisfy the condition, flags, Loop and errors
// must be the same.
#pragma once

#include <cstdint>
#include <string>

#include "checker/engine/litmus_engine.hpp"
#include "tests/enumerator/outcomes.hpp"
#include "tests/support/seeds.hpp"

namespace tlbcheck::tests {

enum class Ways : std::uint8_t { agree, differ, too_large, undecided };

struct LitmusComparison {
    Ways ways = Ways::undecided;
    std::string why;  ///< of a difference; of `undecided`, the solver's reason
    tests::enumerator::LitmusOutcomes enumerated;
};

/// The solver is asked only when the enumerator stays within its limits. `graph_limits`: of the graph that is
/// enumerated; the solver has the one that it always has.
LitmusComparison compare_ways(const checker::LitmusJob& job, const checker::LitmusOptions& options,
                              const tests::enumerator::Limits& limits,
                              const model::LitmusGraphLimits& graph_limits = {});

}  // namespace tlbcheck::tests
