// SPDX-License-Identifier: Apache-2.0
//
// Small event graphs whose guards, sets, edges and places hang on a few variables, and every execution of
// one: what is evaluated into formulas is compared with bit matrices.
#pragma once

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "model/execution/concrete_evaluator.hpp"
#include "tests/unit/encoder/random_formulas.hpp"

namespace tlbcheck::tests {

constexpr std::size_t graph_variables = 5;

/// Sets "s" and "t", relations "a", "b" and (against event numbers only) "up", walks "Walk 0" and "Walk 1".
inline std::unique_ptr<model::EventGraph> random_graph(std::mt19937_64& random) {
    using model::EventId;
    auto graph = std::make_unique<model::EventGraph>(model::EventGraph::Names::any);
    auto& pool = graph->pool();
    for (std::size_t v = 0; v < graph_variables; ++v) pool.variable("v" + std::to_string(v));
    const auto open = [&] {
        return random() % 2 == 0 ? random_formula(pool, random, 2) : model::logic::true_formula;
    };
    for (const char* name : {"x", "y"})
        graph->add_location({name, true, static_cast<std::uint32_t>(random() % 2)});
    const std::size_t size = 4 + random() % 4;
    for (EventId e = 0; e < size; ++e) {
        model::Event event;
        event.thread = static_cast<int>(random() % 3) - 1;
        event.instruction = static_cast<int>(random() % 3);
        if (random() % 2 == 0) event.exec = random_formula(pool, random, 1);
        const model::Formula where = open();
        if (random() % 4 != 0) event.location = {{0, where}, {1, !where}};
        graph->add(std::move(event));
        for (const char* name : {"s", "t", "TLBI", "Walk 0", "Walk 1"}) {
            if (random() % 2 == 0) graph->add_to(name, e, open());
        }
    }
    graph->walks = {"Walk 0", "Walk 1"};
    for (const char* name : {"a", "b"}) {
        for (std::size_t n = 0; n < 2 * size; ++n) {
            graph->add_edge(name, static_cast<EventId>(random() % size),
                            static_cast<EventId>(random() % size), open());
        }
    }
    for (std::size_t n = 0; n < size; ++n) {
        const auto from = static_cast<EventId>(random() % size), to = static_cast<EventId>(random() % size);
        if (from < to) graph->add_edge("up", from, to, open());
    }
    return graph;
}

/// Calls `look` with each assignment of the first graph_variables variables; others are false.
inline void for_each_assignment(const model::EventGraph& graph,
                                const std::function<void(model::logic::Assignment&)>& look) {
    for (std::uint64_t n = 0; n < (1U << graph_variables); ++n) {
        std::vector<bool> values = assignment_number(graph_variables, n);
        values.resize(graph.pool().variable_count());
        model::logic::Assignment assignment(graph.pool(), values);
        look(assignment);
    }
}

}  // namespace tlbcheck::tests
