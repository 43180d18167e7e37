// SPDX-License-Identifier: Apache-2.0
//
// Relational expressions over an execution of which only a part is decided: each relation between what it
// surely holds and what it may hold, as bit matrices. A constraint that what is sure already breaks stays
// broken however the rest is decided. Once all is decided the two are equal, and are the value.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "model/relations/bit_matrix.hpp"
#include "model/relations/memory_model.hpp"
#include "tests/enumerator/partial_assignment.hpp"

namespace tlbcheck::tests::enumerator {

struct SetBounds {
    BitRow must, may;
    friend bool operator==(const SetBounds&, const SetBounds&) = default;
};

struct RelationBounds {
    BitMatrix must, may;
    friend bool operator==(const RelationBounds&, const RelationBounds&) = default;
};

/// Number of an expression in a Bounds; equal expressions have one number.
using Slot = std::uint32_t;

/// Expressions compiled once and evaluated again after each decision; only what changed is computed anew.
class Bounds {
  public:
    explicit Bounds(const EventGraph& graph);

    /// Throws std::invalid_argument for a recursive definition (cat `let rec`).
    Slot compile(const Rel& r) { return compile(r.node()); }
    Slot compile(const Set& s) { return compile(s.node()); }
    /// Makes the primitive relation `name` stand for what `provide()` gives it.
    Slot provided(const std::string& name);
    void provide(Slot slot, RelationBounds value);

    /// Reads the primitives off the assignment; results of earlier calls are then out of date.
    void refresh(const PartialAssignment& assignment);
    /// To be called after provide() when the primitives are as they were.
    void provided_anew() { ++looks_; }
    const RelationBounds& relation(Slot slot);
    const SetBounds& set(Slot slot);
    /// Another number whenever the value has changed; meant for slots brought up to date.
    std::uint64_t version(Slot slot) const { return entries_[slot].version; }
    std::size_t size() const { return size_; }

  private:
    struct Entry {
        Op op = Op::set_empty;
        std::string name;
        std::vector<Slot> operands;
        RelationBounds relation;
        SetBounds set;
        std::uint64_t version = 0;        ///< counts changes of the value
        std::uint64_t looked_at = 0;      ///< when it was last brought up to date, in looks_
        std::uint64_t refreshed_at = 0;   ///< the same in refreshes_
        std::vector<std::uint64_t> seen;  ///< versions of the operands it was computed from
        bool provided = false;
    };

    Slot compile(const NodePointer& n);
    void bring_up_to_date(Slot slot);
    bool operands_changed(Entry& e);
    RelationBounds compute_relation(const Entry& e);
    RelationBounds compute_sequence(const Entry& e);
    SetBounds compute_set(const Entry& e);
    RelationBounds primitive_relation(const std::string& name) const;
    SetBounds primitive_set(const std::string& name) const;
    RelationBounds same_class(bool low_order) const;
    RelationBounds where_executed(const BitMatrix& always) const;

    const EventGraph* graph_;
    const PartialAssignment* assignment_ = nullptr;
    std::size_t size_;
    std::vector<Entry> entries_;
    std::map<std::string, Slot> by_text_;
    std::map<const Node*, std::pair<NodePointer, Slot>> by_node_;
    std::map<std::string, BitMatrix, std::less<>> fixed_;  ///< po, ext, int, same-instance of all events
    SetBounds executed_;
    std::uint64_t looks_ = 0, refreshes_ = 0;
};

}  // namespace tlbcheck::tests::enumerator
