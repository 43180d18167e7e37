// SPDX-License-Identifier: Apache-2.0
//
// The event graph: every execution a program may have, before the axioms, as one structure. Events carry
// guards; what is known before solving is a constant, the rest a formula over the choices of an execution.
//
// Convention: the formula of an edge (a, b), of a set membership, a location or a value is meant where the
// events it speaks of execute; it need not repeat their guards.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/logic/formula.hpp"

namespace tlbcheck::model {

using logic::Formula;
using logic::FormulaPool;

using EventId = std::uint32_t;
using LocationId = std::uint32_t;  ///< index in EventGraph::locations
using ValueId =
    std::uint32_t;  ///< index of an interned value; the front end of the program knows what it means
inline constexpr int initial_thread = -1;

template <class T>
struct Alternative {
    T what;
    Formula when;  ///< alternatives of one event exclude each other; one holds whenever the event executes
};

/// A memory location (or other place that `loc` compares, such as a register). Locations are equal iff their
/// ids are.
struct Location {
    std::string name;    ///< "x", "PTE(x)", "P0:X1", "level 3 descriptor of 0x..."
    bool memory = true;  ///< takes part in rf and co; false for registers and TLBI operands
    std::uint32_t low_order =
        0;  ///< class of equal low-order bits (cat same-low-order-bits): equal number, related
};

struct Event {
    int thread = initial_thread;
    int instruction = -1;  ///< number of the instruction instance on its thread; same-instance compares it
    Formula exec = logic::true_formula;
    std::vector<Alternative<LocationId>> location;  ///< empty: the event has none
    std::vector<Alternative<ValueId>> value;  ///< empty: none. For memory reads filled in by the builder
    std::string label;                        ///< "R[x]", "TLBI VAAE1IS", for people
    std::uint32_t source = 0;                 ///< index for the front end: line or instruction
};

struct Edge {
    EventId from = 0, to = 0;
    Formula when;
};

struct Member {
    EventId event = 0;
    Formula when;
};

/// A read and the writes it may read from, with the choice variable of each.
struct ReadsFrom {
    EventId read;
    std::vector<std::pair<EventId, Formula>> writes;
};

class EventGraph {
  public:
    /// Whether sets and relations must be of the vocabulary (model/graph/vocabulary.hpp): asking for another
    /// is a fault of the program (std::logic_error). Graphs that stand for no program may use names of their
    /// own.
    enum class Names : std::uint8_t { vocabulary, any };

    explicit EventGraph(Names names = Names::vocabulary)
        : names_(names), pool_(std::make_unique<FormulaPool>()) {}

    FormulaPool& pool() { return *pool_; }
    const FormulaPool& pool() const { return *pool_; }

    EventId add(Event event);
    void add_to(std::string_view cat_set, EventId event, Formula when = logic::true_formula);
    void add_edge(std::string_view cat_relation, EventId from, EventId to,
                  Formula when = logic::true_formula);
    LocationId add_location(Location location);
    /// Joins each edge of the relation into `middle` with each one out of it, so that its closure stays the
    /// same between other events when `middle` is removed.
    void contract(std::string_view cat_relation, EventId middle);
    /// Takes events out, with their memberships, edges and choices; the rest is numbered anew in the same
    /// order. Facts stay as they are. Call once the graph is complete.
    void remove(const std::vector<bool>& gone);
    /// A fact about every execution (before the axioms), e.g. "exactly one alternative".
    void require(Formula f) { constraints_.push_back(f); }

    std::size_t size() const { return events_.size(); }
    const Event& event(EventId e) const { return events_[e]; }
    Event& event(EventId e) { return events_[e]; }
    const std::vector<Event>& events() const { return events_; }
    const Location& location(LocationId l) const { return locations_[l]; }
    std::size_t location_count() const { return locations_.size(); }
    const std::vector<Formula>& constraints() const { return constraints_; }
    /// Members of a primitive set, by event; empty when the graph has no such set.
    const std::vector<Member>& members(std::string_view cat_set) const;
    const std::vector<Edge>& edges(std::string_view cat_relation) const;
    const std::map<std::string, std::vector<Member>, std::less<>>& sets() const { return sets_; }
    const std::map<std::string, std::vector<Edge>, std::less<>>& relations() const { return relations_; }
    Formula in(std::string_view cat_set, EventId event) const;

    /// Formula for "a and b access the same location" (false where one has none).
    Formula same_location(EventId a, EventId b) const;
    Formula same_low_order(EventId a, EventId b) const;
    /// Formula for "the event's value is `value`".
    Formula has_value(EventId e, ValueId value) const;
    Formula at_location(EventId e, LocationId location) const;

    /// Makes the reads-from choice of `read`: one variable for each candidate write, exactly one when `read`
    /// executes, only writes that execute, at the same location and with the value that the read has.
    /// Candidates that cannot meet these are left out. A read without value alternatives gets those of its
    /// candidates.
    void add_reads_from(EventId read, const std::vector<EventId>& candidates);
    /// The same choice with the conditions given: the variable of each write implies its formula; place and
    /// value of the read are the caller's business. Returns the variables, parallel to `sources`.
    std::vector<Formula> choose_source(EventId read, const std::vector<std::pair<EventId, Formula>>& sources);
    /// Makes the coherence order of all writes in `writes` (set W): total for each location, initial writes
    /// first, program order on one location for one thread where `program_order_first` (cat cos-opt's
    /// cobase); with `explicit_only` not of what hardware writes, which internal visibility (coWW) is not
    /// about. Call once, last; fills the relation "co".
    void add_coherence(bool program_order_first, bool explicit_only = false);
    /// One formula of `alternatives` holds exactly when `exec` does; they are variables of one fresh group.
    std::vector<Formula> choose_one(Formula exec, const std::vector<std::string>& names);
    /// Program order (cat po): same thread, an earlier instruction instance, guards compatible.
    bool program_order(EventId a, EventId b) const;
    bool same_thread(EventId a, EventId b) const { return events_[a].thread == events_[b].thread; }

    const std::vector<ReadsFrom>& reads_from() const { return reads_from_; }
    /// Facts "not both", kept apart from constraints() since a pool simplifies what its groups already
    /// exclude. Each group of variables made by anyone must be stated here or by other means.
    void exclude(Formula a, Formula b) { exclusions_.emplace_back(a, b); }
    const std::vector<std::pair<Formula, Formula>>& exclusions() const { return exclusions_; }

    /// Set names that split the events of each walk (section 3): "Walk 0", "Walk 1", ...
    std::vector<std::string> walks;
    /// True when value sets were cut off: answers other than a found witness are then undecided.
    bool incomplete = false;
    std::string incomplete_reason;

  private:
    void check_set(std::string_view name) const;
    void check_relation(std::string_view name) const;

    Names names_;
    std::unique_ptr<FormulaPool> pool_;
    std::vector<Event> events_;
    std::vector<Location> locations_;
    std::map<std::string, std::vector<Member>, std::less<>> sets_;
    std::map<std::string, std::vector<Edge>, std::less<>> relations_;
    std::vector<Formula> constraints_;
    std::vector<ReadsFrom> reads_from_;
    std::vector<std::pair<Formula, Formula>> exclusions_;
};

}  // namespace tlbcheck::model
