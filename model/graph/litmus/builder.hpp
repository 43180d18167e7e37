// SPDX-License-Identifier: Apache-2.0
//
// One round of building: the graph under given sets of values that memory locations may hold. Rounds are
// repeated until the writes of a round put nothing new there (memory_values.hpp).
#pragma once

#include <map>
#include <memory>

#include "model/graph/litmus/computation.hpp"
#include "model/graph/litmus/litmus_graph.hpp"
#include "model/graph/litmus/memory_values.hpp"
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

/// What an event of the graph is, for all that follows from it.
struct PlacedEvent {
    EventId id = 0;
    LocalEvent local;
    bool initial = false, spontaneous = false;
    int thread = initial_thread;
    int instruction = -1;
    std::vector<std::string> labels;
    std::vector<int> occurrence;  ///< program point and how it was come to: the same in every round
};

/// As messages and drawings call it: "PTE(x)", "x+4".
std::string place_name(const LitmusValue& place);

class LitmusGraphBuilder {
  public:
    LitmusGraphBuilder(const LitmusProgram& program, const LitmusGraphLimits& limits, MemoryValues& memory);

    void build();
    /// Gives what the writes of this round put into memory to the values it began with; true if that is more.
    bool write_values();
    bool incomplete() const { return result_.graph.incomplete; }
    std::size_t reads() const;
    /// Those of the initial state left out.
    std::size_t writes() const;
    /// Reads-from, coherence, derived sets and relations, final state; ends the round.
    LitmusGraph finish();

  private:
    friend class LitmusThreadBuilder;

    // builder.cpp
    void add_initial_writes();
    void add_spontaneous_updates();
    LocationId location(const LitmusValue& place);
    LocationId register_location(int thread, RegisterId reg);
    std::uint32_t low_order_class(std::int64_t offset);
    void check_size(const PlacedEvent& e);
    void check_place(const PlacedEvent& e, Formula exec, const std::string& text, const TextPlace& at);
    void check_hint(const PlacedEvent& e, Formula exec, const std::string& text, const TextPlace& at);
    bool add_code_word(const LitmusValue& place);
    void add_initial_word(const LitmusValue& place, int size);
    void report(Formula when, std::string message, const TextPlace& at);
    void stop(const std::string& why);
    EventId place(PlacedEvent event, Formula exec, const std::string& text, const TextPlace& at);

    // event_sets.cpp
    void add_sets(const PlacedEvent& e);
    void add_access_sets(const PlacedEvent& e);
    void add_descriptor_sets(const PlacedEvent& e);
    void add_fault_sets(const PlacedEvent& e);

    // table_words.cpp: of tests whose tables are written out
    const TranslationTable* table_page(const LitmusValue& place) const;
    void check_word(const PlacedEvent& e, std::uint64_t place, Formula when, const std::string& text,
                    const TextPlace& at);
    void add_word_sets(const PlacedEvent& e);
    void add_scopes();
    // symbol_walks.cpp: of tests whose symbols are laid out
    bool laid_out() const { return program_.variants.mlpt || program_.variants.contig; }
    void add_symbol_walk_sets(const PlacedEvent& e);
    void add_symbol_scopes();
    void add_symbol_walks();
    template <class Test>
    Formula named_by(const Symbolic& a, const Symbolic& b, const Test& test);
    Formula walk_in_scope(const PlacedEvent& tlbi, const PlacedEvent& read);
    Formula place_in_scope(const PlacedEvent& tlbi, const PlacedEvent& access);
    bool in_one_block(const LitmusValue& a, const LitmusValue& b) const;
    Formula same_page(const Symbolic& a, const Symbolic& b);
    // table_walks.cpp: how the reads of one walk hang together
    void add_walks();
    void add_walk_edges(const std::vector<const PlacedEvent*>& walk);
    void add_context_edges();
    Formula in_scope(const PlacedEvent& tlbi, const PlacedEvent& read);
    void relate_words(const PlacedEvent& a, const PlacedEvent& b, Formula a_is_descriptor);

    // values.cpp
    std::map<std::uint32_t, MemoryValues::ReadValue> read_values();
    /// Of a thread: whether all that a value depends on is in ob before it; whether comparisons are as well.
    struct Dependencies {
        bool kept = true, ordered = true;
    };
    void add_written(const PlacedEvent& e, Dependencies dependencies,
                     std::vector<MemoryValues::Written>& written);

    // relations.cpp
    void add_reads_from();
    void add_atomic_pairs();
    void add_exclusive_pairs();
    void add_invalidation_domain();
    void add_descriptor_relations();
    void relate_descriptor(const PlacedEvent& a, const PlacedEvent& b, Formula a_is_descriptor);
    void relate_values(const PlacedEvent& a, const PlacedEvent& b);
    Formula same_place(const PlacedEvent& a, const PlacedEvent& b);

    // questions.cpp
    void add_finals();
    Symbolic final_memory(const LitmusValue& place);
    Symbolic final_value(const LitmusLocation& location);
    void add_faults();
    Formula holds(const Proposition& p);
    Formula value_holds(const Proposition& p);
    const FinalValue* known_final(const LitmusLocation& location) const;

    const LitmusProgram& program_;
    const LitmusGraphLimits& limits_;
    MemoryValues& memory_;
    LitmusGraph result_;
    ValueAlgebra algebra_;
    std::vector<PlacedEvent> events_;
    std::map<LitmusValue, LocationId> locations_;
    std::map<std::pair<int, RegisterId>, LocationId> registers_;
    std::map<std::int64_t, std::uint32_t> low_orders_;
    std::map<LitmusValue, int> sizes_;            // of initial writes, in bits
    std::map<LitmusValue, LitmusValue> initial_;  // memory place to initial value
    std::map<std::pair<int, RegisterId>, Symbolic> final_registers_;
    std::vector<Formula> cutoffs_;
    std::vector<PossibleFault> all_faults_;
};

}  // namespace tlbcheck::model
