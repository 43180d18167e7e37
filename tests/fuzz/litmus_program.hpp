// SPDX-License-Identifier: Apache-2.0
//
// What the fuzz targets of the readers of litmus tests do with what they read.
#pragma once

#include <cstdlib>

#include "litmus/diagnostics.hpp"
#include "litmus/herd/print.hpp"
#include "model/graph/litmus/litmus_graph.hpp"

namespace tlbcheck::fuzz {

/// Aborts unless it is a program with a bounded graph, or an error with a text.
inline void try_program(const litmus::Result<model::LitmusProgram>& program) {
    if (!program.ok()) {
        if (litmus::render(program.diagnostics()).empty()) std::abort();
        return;
    }
    if (litmus::herd::print_condition(program.value()).empty()) std::abort();
    model::LitmusGraphLimits limits;
    limits.instances = 24;
    limits.events = 240;
    limits.values = 8;
    const model::LitmusGraph graph = model::build_litmus_graph(program.value(), limits);
    if (graph.finals.size() != program.value().displayed().size()) std::abort();
}

}  // namespace tlbcheck::fuzz
