// SPDX-License-Identifier: Apache-2.0
//
// Evaluates relational expressions over one concrete execution with bit sets, no solver: the check that every
// witness passes before it is shown, and the engine of the small-case enumerator (formal-model.md section 7).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/execution/execution.hpp"
#include "model/relations/memory_model.hpp"

namespace tlbcheck::model {

class ConcreteEvaluator {
  public:
    ConcreteEvaluator(const EventGraph& graph, const Execution& execution);
    const BitMatrix& evaluate(const Rel& r) { return relation(r.node()); }
    const BitRow& evaluate(const Set& s) { return set(s.node()); }
    void bind(std::string name, BitMatrix relation);

  private:
    const BitMatrix& relation(const NodePointer& n);
    const BitRow& set(const NodePointer& n);
    BitMatrix compute(const NodePointer& n);
    std::function<bool(EventId, EventId)> derived(const std::string& name) const;
    BitMatrix compute_primitive(const std::string& name) const;
    BitMatrix compute_sequence(const NodePointer& n);
    BitMatrix compute_fixpoint(const NodePointer& n);
    BitRow compute_set(const NodePointer& n);

    const EventGraph* graph_;
    const Execution* execution_;
    std::unordered_map<const Node*, std::pair<NodePointer, std::unique_ptr<BitMatrix>>> relations_;
    std::unordered_map<const Node*, std::pair<NodePointer, std::unique_ptr<BitRow>>> sets_;
    std::unordered_map<std::string, std::unique_ptr<BitMatrix>> primitives_;
};

/// A constraint that an execution breaks, with the events of one shortest cycle (or the pair that should not
/// be there).
struct Violation {
    std::string check;
    std::vector<EventId> events;
};

struct Judgement {
    std::vector<std::string> ill_formed;  ///< errors of the candidate itself
    std::vector<Violation> violations;
    std::vector<std::string> flags;  ///< raised, in the model's order
    bool allowed() const { return ill_formed.empty() && violations.empty(); }
};

/// Judges an execution by a model, its pair choices included. `all`: every violated check, else the first
/// only.
Judgement judge(const MemoryModel& model, const EventGraph& graph, const Execution& execution,
                bool all = false);

/// Shortest cycle in `r` through executed events; empty when there is none.
std::vector<EventId> shortest_cycle(const BitMatrix& r);

}  // namespace tlbcheck::model
