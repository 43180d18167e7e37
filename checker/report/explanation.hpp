// SPDX-License-Identifier: Apache-2.0
//
// What `explain` answers: a counterexample (timeline and execution graph) or, for a safe schedule or a
// forbidden outcome, the cycles of orderings that exclude every bad reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/report/answer.hpp"
#include "checker/report/timeline.hpp"

namespace tlbcheck::checker {

/// One edge of a cycle of orderings. Texts are whole: "a: W linear[0] = invalid (P0)".
struct ProofEdge {
    std::string from, to;
    RuleName rule;
    Place from_place, to_place;
};
/// A cycle: edges[i].to == edges[i+1].from, and the last goes back to the first. No execution may contain it.
struct ProofCycle {
    std::vector<ProofEdge> edges;
    std::string assumption;  ///< the choice this cycle refutes: "TLBI b before T"; empty when unconditional
};
/// A bad reading and what forbids it; `cycles` holds one cycle for each choice the hardware has.
struct ExcludedReading {
    std::string reading;  ///< "PE1's load of 0x... reads the initial value of linear[0]"
    std::vector<ProofCycle> cycles;
    std::uint64_t stands_for = 1;  ///< equal readings in other slices
};
struct Proof {
    std::string summary;  ///< one sentence
    std::vector<ExcludedReading> excluded;
};

/// An execution as herd7 users know it.
struct GraphEvent {
    std::string id;    ///< "a", "b", ...
    std::string text;  ///< "W[x]=1", "Imp TTD R(PTE(x))=..."
    int thread = -1;   ///< index in ExecutionGraph::threads; -1: initial writes and the environment
    bool implicit = false;
    Place place;
};
struct GraphEdge {
    std::uint32_t from = 0, to = 0;  ///< indices in ExecutionGraph::events
    RuleName relation;               ///< "po", "rf", "co", "fr", "tr-ib", ...
};
struct ExecutionGraph {
    std::string title;
    std::vector<std::string> threads;
    std::vector<GraphEvent> events;
    std::vector<GraphEdge> edges;
};

struct QuestionExplanation {
    QuestionReport question;
    std::optional<Timeline> timeline;     ///< violated schedule properties
    std::optional<ExecutionGraph> graph;  ///< any witness
    std::optional<Proof> proof;           ///< safe and forbidden answers
};

/// Text of an input file, for showing statements where they stand.
struct SourceText {
    std::string file;
    std::vector<std::string> lines;
};

/// A row of the table of `minimize`.
struct ExplainedStep {
    StepNote step;
    std::string without;                  ///< what is violated without it, in a sentence; empty: nothing
    std::optional<std::size_t> question;  ///< index in Explanation::questions: the counterexample
};
/// What `minimize` found out of the file.
struct ExplainedMinimum {
    std::vector<ExplainedStep> steps;
    std::vector<std::string> changes;  ///< that lead to the cheapest schedule; empty: there is no cheaper one
    std::string diff;
};

struct Explanation {
    std::string file;
    FrontEnd front_end = FrontEnd::sched;
    std::string title, variant;
    std::vector<QuestionExplanation> questions;
    std::vector<SourceText> sources;  ///< the file first, then includes that places name
    std::optional<ExplainedMinimum> minimum;
};

}  // namespace tlbcheck::checker
