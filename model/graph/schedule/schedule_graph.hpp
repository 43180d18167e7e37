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
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model {

/// A write to a descriptor: of a schedule's instruction, initial, or by the new owner of a freed table page.
struct DescriptorWrite {
    EventId event = 0;
    DescriptorSlot slot;
    Descriptor value;
    int thread = initial_thread;
    std::uint64_t index = 0;  ///< PlainInstruction::index; meaningless for initial writes
    bool by_new_owner = false;
    bool atomic = false;  ///< by a read-modify-write
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
    /// Where updates are followed: what hardware writes to the leaf that was read.
    std::optional<EventId> update = std::nullopt;
};

/// One address a walk may be for, and the formula "it is": the accessed one or, of an address space, the same
/// address in another space whose entries can be hit.
struct WalkAddress {
    std::uint64_t va = 0;
    Formula chosen;
    std::uint64_t accessed = 0;  ///< the address of the access
    /// Of a space of the upper half: the ASID of the context it is walked for in, where it is known.
    std::optional<std::uint16_t> asid = std::nullopt;
};

/// A walk of stage 2 that a guest's walk needs: for a page that holds tables of its stage 1, or for what its
/// leaf gives.
struct Stage2Walk {
    static constexpr int output = 4;
    int for_level = output;  ///< of the stage 1 descriptors in the page
    /// IPAs, as addresses of the VM, with when each is walked for.
    std::vector<WalkAddress> addresses;
    /// IPAs whose translation nothing changes, and the write that their leaf is: no T.
    std::vector<std::pair<WalkAddress, std::size_t>> fixed;
    std::vector<WalkLevel> levels;  ///< of addresses
    std::vector<Formula> contexts;  ///< in which of VTTBR's contexts it begins; empty: there is but one
};

struct JudgedAccess {
    int thread = 0;
    bool store = false;
    std::vector<WalkLevel> walk;    ///< from the start level down; of a guest's address, of stage 1
    std::vector<Stage2Walk> under;  ///< of a guest's address: in the order of the walk
    /// Of two stages: the entry that combines them, made last.
    std::optional<EventId> combined = std::nullopt;
    EventId access = 0;  ///< the explicit access, if it does not fault
    EventId fault = 0;
    EventId branch = 0;  ///< translates or faults
    int instruction = 0;
    std::vector<WalkAddress> addresses;
    /// Which of the PE's contexts (pe_contexts.hpp) the walk begins in; empty: there is but one.
    std::vector<Formula> contexts;
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
    bool any_time = false;  ///< a passing window counts: the access waits for no other thread
    bool without_tlbi = false;  ///< vacuity: the same with every TLBI taken out
    std::optional<SpaceId> space =
        std::nullopt;  ///< of a schedule with spaces: the one judged; none: what all share
    /// Of a VM: what is met is an entry of stage 2 by itself, none that combines both stages.
    bool stage2_entry = false;
    std::optional<SpaceId> starts_in = std::nullopt;  ///< same_pe, where the thread does not say
    /// same_pe: the access is made before that instruction of the thread; none: after the last.
    std::optional<std::uint64_t> position = std::nullopt;

    friend bool operator==(const ScheduleQuestion&, const ScheduleQuestion&) = default;
};

struct ScheduleGraph {
    EventGraph graph;
    std::vector<DescriptorWrite> writes;
    std::vector<std::pair<std::uint64_t, Formula>> judged;  ///< candidate VA and "this one is judged"
    std::vector<JudgedAccess> accesses;                     ///< the judged access; two for a conflict
    Formula violated;                                       ///< the question
    /// Writes that lose a hardware update, by index, with when.
    std::vector<std::pair<std::size_t, Formula>> losing;
    std::map<ValueId, Descriptor> descriptors;  ///< meaning of descriptor values
    /// An access inside a thread stands before its instruction of that number.
    std::optional<std::pair<int, int>> gap;

    static constexpr int gap_width = 4;
    /// Number in its event of a thread's instruction, and back.
    int number_of(int thread, int index) const {
        return index + (gap && gap->first == thread && index >= gap->second ? gap_width : 0);
    }
    int index_of(int thread, int number) const {
        return number - (gap && gap->first == thread && number >= gap->second + gap_width ? gap_width : 0);
    }
};

/// Builds graph and question. Throws std::runtime_error only on inconsistent input (an internal error).
ScheduleGraph build_schedule_graph(const JudgedSchedule& schedule, const ScheduleQuestion& question);

/// True when conflicting entries (docs/formal-model.md section 5) could exist at all: values of different
/// nominal size or result can serve one candidate. Cheap, static.
bool conflict_conceivable(const JudgedSchedule& schedule);

}  // namespace tlbcheck::model
