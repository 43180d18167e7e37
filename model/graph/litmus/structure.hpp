// SPDX-License-Identifier: Apache-2.0
//
// Events of one instruction with their causality: intra-instruction data, control and order edges (cat
// iico_data, iico_ctrl, iico_order), and the ways to compose such structures that the AArch64 semantics is
// written in. A structure may set its inputs and outputs explicitly; otherwise they are its minimal and
// maximal events.
#pragma once

#include <optional>
#include <utility>
#include <vector>

namespace tlbcheck::model {

/// Number of an event among those of one instruction.
using LocalEventId = int;
using LocalEvents = std::vector<LocalEventId>;                          // sorted
using LocalEdges = std::vector<std::pair<LocalEventId, LocalEventId>>;  // sorted

struct EventStructure {
    LocalEvents events;
    LocalEvents commits;  ///< those of `events` that are branching events
    LocalEdges data, control, order;
    std::vector<LocalEvents> atomic_groups;  ///< accesses of one single-copy atomic unit (cat sm)
    std::optional<LocalEvents> input, data_input, output, control_output;

    bool empty() const { return events.empty(); }
    LocalEvents minimal() const;
    LocalEvents minimal_data() const;
    LocalEvents maximal() const;
    LocalEvents data_output() const;      ///< explicit output, else maximal in data
    LocalEvents control_outputs() const;  ///< explicit control output, else maximal
    LocalEvents control_commits() const;  ///< branching events among control_outputs()
};

LocalEvents unite(const LocalEvents& a, const LocalEvents& b);
void add_product(LocalEdges& edges, const LocalEvents& from, const LocalEvents& to);
EventStructure unite(const EventStructure& a, const EventStructure& b);

// Sequential compositions: an edge kind, from what of `a` to what of `b`, and where the result's outputs are.

/// Data from outputs to data-minimal events.
EventStructure data_sequence(const EventStructure& a, const EventStructure& b);
/// The same; the outputs stay with `a`.
EventStructure data_sequence_keep_output(const EventStructure& a, const EventStructure& b);
/// The same as data_sequence; the inputs are those of `b`.
EventStructure data_sequence_input_next(const EventStructure& a, const EventStructure& b);
/// Data from outputs to minimal events.
EventStructure data_to_minimals(const EventStructure& a, const EventStructure& b);
/// Control from control outputs to minimal events; the outputs are those of `b`.
EventStructure control_sequence(const EventStructure& a, const EventStructure& b);
/// The same, with the data inputs of `a` alone.
EventStructure control_sequence_data_input_first(const EventStructure& a, const EventStructure& b);
/// Data from the outputs of `a` and `b` and control from the branching events of `a`, to the minimal events
/// of `c`.
EventStructure control_data_sequence(const EventStructure& a, const EventStructure& b,
                                     const EventStructure& c);
/// The same without `b`.
EventStructure control_data(const EventStructure& a, const EventStructure& c);
/// Data from outputs, control from branching outputs, to `b`; both outputs stay with `a`.
EventStructure control_data_keep_outputs(const EventStructure& a, const EventStructure& b);

/// Side by side.
EventStructure parallel(const EventStructure& a, const EventStructure& b);

/// Atomic read-modify-write: address, memory read, operand, memory write, register write. An operation (not a
/// plain exchange) has data from the read to the write, an exchange only order.
EventStructure read_modify_write(bool translated, bool operation, const EventStructure& address,
                                 const EventStructure& read, const EventStructure& operand,
                                 const EventStructure& write, const EventStructure& result);

/// Compare and swap. `result_from`: what the register write takes its data from, the compared register or the
/// read.
enum class CompareMode { success_from_register, success_from_memory, failure };
struct CompareParts {
    EventStructure address, expected, desired, result, read, write, branch;
};
EventStructure compare_and_swap(bool translated, CompareMode mode, const CompareParts& parts);

/// Store exclusive: reservation read, data, address, reservation write, status write, memory write (empty on
/// failure).
struct StoreExclusiveParts {
    EventStructure reservation, data, address, clear, status, write;
};
EventStructure store_exclusive(const StoreExclusiveParts& parts);

}  // namespace tlbcheck::model
