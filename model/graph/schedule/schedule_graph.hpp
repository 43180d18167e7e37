// SPDX-License-Identifier: Apache-2.0
//
// The event graph of a judged schedule: its instructions, the judged accesses with every level of their walks
// (docs/formal-model.md sections 2 and 3), and the question as a formula (section 6).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/graph/event_graph.hpp"
#include "model/graph/judged.hpp"

namespace tlbcheck::model {

/// A write to a descriptor: of a schedule's instruction, initial, or by the new owner of a freed table page.
struct DescriptorWrite {
    EventId event = 0;
    DescriptorSlot slot;
    Descriptor value;
    int thread = initial_thread;
    std::uint64_t index = 0;  ///< PlainInstruction::index; meaningless for initial writes
    bool by_new_owner = false;
};

/// One write that the T of a level may read.
struct WalkSource {
    std::size_t write = 0;  ///< index in ScheduleGraph::writes
    Formula chosen;         ///< rf variable
    bool own_only = true;   ///< false: a valid leaf with Contiguous = 1, which also serves its neighbours
};

/// The T of one level of one walk.
struct WalkLevel {
    int level = 0;
    EventId event = 0;
    std::vector<WalkSource> sources;
    Formula shattered;  ///< where it fills from a Contiguous = 1 leaf: the entry is for one page or block
};

struct JudgedAccess {
    int thread = 0;
    bool store = false;
    std::vector<WalkLevel> walk;  ///< from the start level down
    EventId access = 0;           ///< the explicit access, if it does not fault
    EventId fault = 0;
    EventId branch = 0;  ///< translates or faults
    int instruction = 0;
};

/// Which observer makes the judged access (docs/formal-model.md section 6).
enum class ObserverKind : std::uint8_t {
    same_pe,            ///< directly after the schedule on a scheduling PE
    other_pe,           ///< on another PE, after all flags were read as set, DSB ISH; ISB
    other_pe_any_time,  ///< on another PE, unsynchronised
};

struct ScheduleQuestion {
    PropertyKind property = PropertyKind::no_stale_entry;
    ObserverKind observer = ObserverKind::same_pe;
    int thread = 0;         ///< the scheduling PE that observes (same_pe)
    bool store = false;     ///< the judged access is a store
    bool conflict = false;  ///< asks for two conflicting entries live at the access instead of a wrong result
    bool without_tlbi = false;  ///< vacuity: the same with every TLBI taken out
};

struct ScheduleGraph {
    EventGraph graph;
    std::vector<DescriptorWrite> writes;
    std::vector<std::pair<std::uint64_t, Formula>> judged;  ///< candidate VA and "this one is judged"
    std::vector<JudgedAccess> accesses;                     ///< the judged access; two for a conflict
    Formula violated;                                       ///< the question
    std::map<ValueId, Descriptor> descriptors;              ///< meaning of descriptor values
};

/// Builds graph and question. Throws std::runtime_error only on inconsistent input (an internal error).
ScheduleGraph build_schedule_graph(const JudgedSchedule& schedule, const ScheduleQuestion& question);

/// True when conflicting entries (docs/formal-model.md section 5) could exist at all: values of different
/// nominal size or result can serve one candidate. Cheap, static.
bool conflict_conceivable(const JudgedSchedule& schedule);

}  // namespace tlbcheck::model
