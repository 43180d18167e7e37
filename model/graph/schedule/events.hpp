// SPDX-License-Identifier: Apache-2.0
//
// The events of a schedule's own instructions: stores to descriptors, TLBIs, barriers, accesses of flags,
// frees; and what all events of the graph share: locations, values, the reads whose sources are chosen at the
// end.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/arch/barrier.hpp"
#include "model/arch/tlbi.hpp"
#include "model/graph/schedule/schedule_graph.hpp"
#include "model/graph/schedule/tables.hpp"

namespace tlbcheck::model {

/// A TLBI of the schedule; its scope is decoded once, since every T is compared with it.
struct IssuedTlbi {
    EventId event = 0;
    TlbiOp op;
    TlbiScope scope;
    std::vector<SpaceId> vms;  ///< that VTTBR may name; empty: the schedule has none
};

/// A read whose value a thread goes by: what its source's thread had done it knows of from then on.
struct KnowingRead {
    EventId event = 0;
    int thread = 0, instruction = 0;
};
/// Whatever VTTBR holds, the operation names the VMID of what is at the address.
bool names_vmid(const ScheduleProgram& program, const IssuedTlbi& tlbi, std::uint64_t address);

/// The write of a new owner, with the number of the instruction that freed its page.
struct NewOwnerWrite {
    EventId event = 0;
    int instruction = 0;
    bool by_guest = false;  ///< Free::by_guest
};

class ScheduleEvents {
  public:
    /// Where the next events go: a thread and the number of an instruction on it.
    struct Position {
        int thread = initial_thread;
        int instruction = -1;
        Formula guard = logic::true_formula;  ///< the thread comes so far
    };

    /// `pages`: the data pages that some walk may come to.
    ScheduleEvents(const JudgedSchedule& schedule, const ReachableTables& tables,
                   std::set<PhysicalPage> pages, ScheduleGraph& out);

    void add_initial_writes();
    /// All instructions of the schedule but those that walk (translated()). `without_tlbi` leaves out TLBIs.
    void add_instructions(bool without_tlbi);
    /// A load reads `value`, which may be any_value; a store writes it.
    EventId add_flag_access(std::uint32_t flag, bool store, std::uint64_t value, const char* ordering);
    EventId add_barrier(const Barrier& barrier);
    /// What a guest's stage 1 gives: it does not change.
    LocationId location_of_stage1();
    /// Completion of TLBIs, sources of reads and coherence; once all events are there.
    void finish();

    /// MSR TTBR0 on the PE, by its number there (pe_contexts.hpp).
    void add_switch(SpaceId space, std::size_t number);
    void note_synchronization(std::size_t number, EventId event) {
        context_events_[{at.thread, number}] = event;
    }
    /// The switch or context synchronisation event of that number on the thread.
    EventId context_event(int thread, std::size_t number) const {
        return context_events_.at({thread, number});
    }

    EventId add(const std::string& label, std::initializer_list<const char*> sets);
    LocationId location_of_slot(const DescriptorSlot& slot);
    LocationId location_of_page(PhysicalPage page);
    LocationId location_of_flag(std::uint32_t flag);
    ValueId value_of(const Descriptor& descriptor);
    ValueId value_of_number(std::uint64_t number);
    /// Where finish() looks for the source of a read, which then has the value (any_value: any).
    void note_read(EventId read, std::uint64_t value) { reads_[read] = value; }
    void note_write(EventId write, LocationId location) { writes_at_[location].push_back(write); }

    const JudgedSchedule& schedule() const { return schedule_; }
    const ReachableTables& tables() const { return tables_; }
    ScheduleGraph& out() { return out_; }
    const std::vector<IssuedTlbi>& tlbis() const { return tlbis_; }
    /// Goes to an instruction of a thread, or to its end, once add_instructions() has been there.
    void go_to(std::size_t thread, std::size_t instruction) {
        const auto number = out_.number_of(static_cast<int>(thread), static_cast<int>(instruction));
        at = {static_cast<int>(thread), number, guards_[thread][instruction]};
    }
    /// The thread waits at an await before the instruction, which is yet to come.
    Formula stopped_before(int thread, int instruction);
    const std::vector<KnowingRead>& knowing_reads() const { return knowing_reads_; }
    void note_knowing(EventId read) { knowing_reads_.push_back({read, at.thread, at.instruction}); }
    /// Of data pages and of slots of table pages.
    const std::vector<NewOwnerWrite>& new_owner_writes() const { return new_owner_writes_; }
    const std::vector<NewOwnerWrite>& new_owner_table_writes() const { return new_owner_table_writes_; }

    Position at;

  private:
    void add_write(EventId write, LocationId location, ValueId value);
    void add_operation(const StoreDescriptor& store, std::uint64_t index);
    void add_operation(const TlbiInstruction& tlbi, std::uint64_t index);
    void add_operation(const Barrier& barrier, std::uint64_t index);
    void add_operation(const Access& access, std::uint64_t index);
    void add_operation(const Await& await, std::uint64_t index);
    void add_operation(const Free& free, std::uint64_t index);
    void add_new_owner(const Free& free, std::uint64_t index);
    void add_new_owner_of_table(DescriptorWrite& write);
    void add_unreached_store();
    void add_operation(const Branch& branch, std::uint64_t index);
    void add_operation(const Otherwise& otherwise, std::uint64_t index);
    void add_operation(const EndBranch& end, std::uint64_t index);
    void decide_branches();
    void add_operation(const ContextChange& change, std::uint64_t index);
    void add_completing_dsbs();
    /// Chooses whether the thread comes past this place, where it need not.
    void may_stop_here();
    bool goes_by_reads() const;
    bool dsb_st_follows() const;

    const JudgedSchedule& schedule_;
    const ReachableTables& tables_;
    std::set<PhysicalPage> pages_;
    ScheduleGraph& out_;
    EventGraph& graph_;
    std::map<DescriptorSlot, LocationId> slot_locations_;
    std::map<PhysicalPage, LocationId> page_locations_;
    std::map<std::uint32_t, LocationId> flag_locations_;
    std::optional<LocationId> stage1_location_;
    std::map<int, LocationId> unreached_locations_;  ///< by thread
    std::optional<EventId> unreached_store_;         ///< the last that was added
    std::map<Descriptor, ValueId> descriptor_values_;
    std::map<std::uint64_t, ValueId> number_values_;
    std::map<LocationId, std::vector<EventId>> writes_at_;
    std::map<EventId, std::uint64_t> reads_;  ///< reads of flags and data, and the value each must have
    std::vector<IssuedTlbi> tlbis_;
    struct Stop {
        int thread = 0, instruction = 0;
        Formula waits;
    };
    std::vector<Stop> stops_;
    std::vector<KnowingRead> knowing_reads_;
    /// A branch that the thread at hand is in: when its other arm is executed, and when its first one ended.
    struct OpenBranch {
        Formula other;
        Formula ended = logic::false_formula;
    };
    std::vector<OpenBranch> open_;
    struct DecidedBranch {
        EventId read = 0;
        Branch branch;
        Formula taken;
    };
    std::vector<DecidedBranch> branches_;
    std::vector<std::vector<Formula>> guards_;  ///< by thread and instruction, the end last: it comes so far
    std::vector<std::pair<EventId, Barrier>> barriers_;
    std::map<std::pair<int, std::size_t>, EventId> context_events_;
    std::vector<NewOwnerWrite> new_owner_writes_, new_owner_table_writes_;
    bool without_tlbi_ = false;
    std::size_t number_ = 0;  ///< of the instruction that is added
    ValueId next_value_ = 0;
};

/// For a read whose value nothing fixes.
inline constexpr std::uint64_t any_value = ~std::uint64_t{0};

/// True for what accesses memory by a virtual address.
bool translated(const Operation& operation);

/// The cat set of an access that orders others: A (acquire) or L (release); nullptr for plain ones.
const char* ordering_set(AccessKind kind);

/// Flag index (beyond the schedule's own) that thread `t` sets when its part is done.
inline std::uint32_t done_flag(const JudgedSchedule& schedule, std::size_t t) {
    return static_cast<std::uint32_t>(schedule.program->flags.size() + t);
}

}  // namespace tlbcheck::model
