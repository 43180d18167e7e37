// SPDX-License-Identifier: Apache-2.0
//
// Static reduction of litmus tests: events that change neither final states, faults, flags nor the condition
// are taken out of the graph before the model is applied to it (docs/litmus.md, "What is left out", with the
// argument why the states stay exact). Holds for the built-in model, not for a .cat file.
#pragma once

#include <cstddef>

#include "model/graph/litmus/litmus_graph.hpp"

namespace tlbcheck::model {

/// How many events went, by reason.
struct LitmusReduction {
    std::size_t fixed_walks = 0;   ///< reads of descriptors that nothing writes
    std::size_t silent_reads = 0;  ///< reads at the end of a thread that nothing looks at
    std::size_t unobserved = 0;    ///< all events of threads that nothing looks at and nothing meets
    std::size_t total() const { return fixed_walks + silent_reads + unobserved; }
};

LitmusReduction reduce(LitmusGraph& built);

}  // namespace tlbcheck::model
