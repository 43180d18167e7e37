// SPDX-License-Identifier: Apache-2.0
//
// One concrete execution of an event graph: which events happened, where and with which values, what each
// read read from, the coherence order, and how the model's pair choices went.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/graph/event_graph.hpp"
#include "model/relations/bit_matrix.hpp"

namespace tlbcheck::model {

struct Execution {
    BitRow executed;
    std::vector<std::optional<LocationId>> location;
    std::vector<std::optional<ValueId>> value;
    std::vector<std::optional<EventId>> reads_from;  ///< by event, for reads
    BitMatrix co;                                    ///< coherence, total for each location
    std::map<std::string, BitMatrix> chosen;         ///< by the name of the pair choice
    std::map<std::string, BitMatrix> edges;          ///< primitive relations of the graph
    std::map<std::string, BitRow> sets;              ///< primitive sets of the graph
};

/// Reads the execution off an assignment of the graph's variables (chosen relations are added by the caller).
Execution concretise(const EventGraph& graph, logic::Assignment& assignment);

/// What is wrong with an execution before any axiom: a read without a source or with another value or place
/// than it, coherence not a total order for a location, an event with two places. Empty when well-formed.
std::vector<std::string> well_formedness_errors(const EventGraph& graph, const Execution& execution);

}  // namespace tlbcheck::model
