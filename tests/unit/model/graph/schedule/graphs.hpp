// SPDX-License-Identifier: Apache-2.0
//
// Graphs of small schedules, and what of them holds under some choices.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "model/graph/schedule/schedule_graph.hpp"
#include "model/slice/slicing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

namespace tlbcheck::tests {

/// The builder's schedule for the leaves of its first region that are given; all, where none is.
inline model::JudgedSchedule judged(const ScheduleBuilder& b, model::PropertyKind kind,
                                    const std::vector<int>& leaves = {}) {
    model::JudgedSchedule schedule = model::whole(b.program(), b.property(kind));
    if (leaves.empty()) return schedule;
    schedule.candidates.clear();
    for (const int leaf : leaves) schedule.candidates.push_back(b.leaf_va(0, leaf));
    return schedule;
}

inline std::vector<model::EventId> labelled(const model::EventGraph& graph, const std::string& label) {
    std::vector<model::EventId> result;
    for (model::EventId e = 0; e < graph.size(); ++e) {
        if (graph.event(e).label == label) result.push_back(e);
    }
    return result;
}

/// The only one with the label.
inline model::EventId one(const model::EventGraph& graph, const std::string& label) {
    const auto found = labelled(graph, label);
    INFO(label);
    REQUIRE(found.size() == 1);
    return found.front();
}

inline model::Formula edge(const model::EventGraph& graph, const char* relation, model::EventId from,
                           model::EventId to) {
    for (const model::Edge& e : graph.edges(relation)) {
        if (e.from == from && e.to == to) return e.when;
    }
    return model::logic::false_formula;
}

/// The graph states that the two never hold together.
inline bool excluded(model::ScheduleGraph& made, model::Formula a, model::Formula b) {
    model::FormulaPool& pool = made.graph.pool();
    const model::Formula together = pool.both(a, b);
    return std::ranges::any_of(made.graph.constraints(),
                               [&](model::Formula fact) { return pool.under(fact, together).is_false(); });
}

}  // namespace tlbcheck::tests
