// SPDX-License-Identifier: Apache-2.0
//
// From a litmus program to its event graph: every candidate execution under herd7's AArch64 semantics with
// the VMSA variant, before the axioms. Also what the test asks about an execution: final values, faults,
// condition.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/graph/event_graph.hpp"
#include "model/graph/litmus/symbolic.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::model {

/// A location of final states and what it may hold; arrays have one entry of `elements` for each element.
struct FinalValue {
    LitmusLocation location;
    LitmusType type;
    std::vector<Symbolic> elements;
};

/// A fault as final states list it.
struct LitmusFault {
    int thread = 0;
    std::vector<std::string> labels;  ///< of the faulting instruction, sorted
    std::optional<LitmusValue> address;
    int order = 0;       ///< position of the type in listings
    std::string type;    ///< "D-MMU:Translation"
    std::string detail;  ///< what herd7 prints after the type: "EL0" for a descriptor accessed from there
    friend auto operator<=>(const LitmusFault&, const LitmusFault&) = default;
};

struct PossibleFault {
    LitmusFault fault;
    Formula when;  ///< some event raises it
};

/// An execution with this formula is an error of the test (an address times three), to be reported with the
/// message.
struct LitmusError {
    Formula when;
    std::string message;
    TextPlace place;
};

struct LitmusGraph {
    EventGraph graph;
    ValueTable values;
    std::vector<FinalValue> finals;     ///< displayed locations, in the order of states
    std::vector<PossibleFault> faults;  ///< that match a pattern of the test, sorted, each once
    Formula condition = logic::true_formula;
    std::optional<Formula> filter;
    /// Executions cut off by the unrolling limit. They do not count (state !cutoff), but the answer is marked
    /// `Loop` when some candidate has it.
    Formula cutoff = logic::false_formula;
    /// Candidates that are left out since an exception is taken to where the test has no code.
    Formula left_out = logic::false_formula;
    /// Errors of the test. State !any_error in queries; one that is satisfiable before the axioms is to be
    /// reported.
    Formula any_error = logic::false_formula;
    std::vector<LitmusError> errors;
    /// For each event: the instruction as written and its place; "" and none for initial and spontaneous
    /// events.
    std::vector<std::pair<std::string, TextPlace>> sources;
};

/// Limits that keep a hostile test from exhausting memory; beyond them the graph is marked incomplete.
struct LitmusGraphLimits {
    std::size_t instances = 4000;  ///< instruction instances of one thread
    std::size_t events = 20000;
    std::size_t values = 512;  ///< values of one location
    bool any_origin =
        false;  ///< keep values that come from themselves in no allowed execution: for comparison
};

LitmusGraph build_litmus_graph(const LitmusProgram& program, const LitmusGraphLimits& limits = {});

/// True when the fault is one that the pattern speaks of.
bool matches(const LitmusFault& fault, const FaultPattern& pattern);

/// Where memory that the location names really is: PA(x) for x, PTE(x) for PTE(x).
LitmusValue memory_place(const LitmusValue& address);

}  // namespace tlbcheck::model
