// SPDX-License-Identifier: Apache-2.0
//
// What is decided so far of an execution: each formula of the graph's pool is true, false or still open.
// Assuming one derives what follows at once from the graph's constraints; steps can be taken back.
#pragma once

#include <cstdint>
#include <vector>

#include "model/graph/event_graph.hpp"

namespace tlbcheck::tests::enumerator {

using namespace model;  // NOLINT(google-build-using-namespace): it is another reading of the model.

enum class Truth : std::int8_t { open = -1, no = 0, yes = 1 };

class PartialAssignment {
  public:
    /// Everything open, then the graph's constraints assumed. The pool must not grow afterwards.
    explicit PartialAssignment(const EventGraph& graph);

    /// False once what was assumed contradicts itself; take it back with undo().
    bool consistent() const { return consistent_; }
    /// Assumes `f` and what follows; returns consistent().
    bool assume(Formula f);
    /// A point to come back to.
    std::size_t mark() const { return trail_.size(); }
    void undo(std::size_t mark);

    Truth truth(Formula f) const {
        const Truth t = nodes_[f.node()].truth;
        if (t == Truth::open || !f.negated()) return t;
        return t == Truth::yes ? Truth::no : Truth::yes;
    }
    bool is(Formula f) const { return truth(f) == Truth::yes; }
    bool may(Formula f) const { return truth(f) != Truth::no; }
    bool open(Formula f) const { return truth(f) == Truth::open; }
    /// A variable that an open formula waits for: a yes-or-no choice before one among several sources or
    /// values.
    Formula open_variable(Formula f) const;
    /// True when the open variables may all be false beside what is decided; else an open formula to decide.
    Formula open_reason() const;
    /// Values of all variables, open ones false.
    std::vector<bool> values() const;

  private:
    struct NodeState {
        Truth truth = Truth::open;
        std::uint32_t arity = 0, true_operands = 0, false_operands = 0;
    };
    struct Parent {
        std::uint32_t node;
        bool negated;
    };
    void link_operands();
    void set(Formula f);
    void settle(std::uint32_t node);
    void force_last_operand(Formula conjunction);

    const EventGraph* graph_;
    const FormulaPool* pool_;
    std::vector<NodeState> nodes_;
    std::vector<std::vector<Parent>> parents_;
    std::vector<std::vector<Formula>> excluded_;  ///< by code of a literal: what cannot hold beside it
    std::vector<std::uint32_t> trail_;
    std::vector<std::uint32_t> queue_;
    bool consistent_ = true;
};

}  // namespace tlbcheck::tests::enumerator
