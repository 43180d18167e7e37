// SPDX-License-Identifier: Apache-2.0
//
// Working state while a schedule graph is built; shared by the parts of the builder.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/graph/schedule/schedule_graph.hpp"
#include "model/graph/schedule/tables.hpp"

namespace tlbcheck::model {

class ScheduleGraphBuilder {
  public:
    ScheduleGraphBuilder(const JudgedSchedule& schedule, const ScheduleQuestion& question);
    ScheduleGraph build();

  private:
    /// One address of a walk and the formula "the walk is for it".
    struct Address {
        std::uint64_t va;
        Formula chosen;
    };
    /// A completed TLBI is compared with every later or earlier T; its scope is decoded once.
    struct IssuedTlbi {
        EventId event = 0;
        TlbiScope scope;
    };

    // events (events.cpp)
    void add_initial_writes();
    void add_threads();
    void add_operation(const StoreDescriptor& store, const PlainInstruction& at);
    void add_operation(const TlbiInstruction& tlbi, const PlainInstruction& at);
    void add_operation(const Barrier& barrier, const PlainInstruction& at);
    void add_operation(const Access& access, const PlainInstruction& at);
    void add_operation(const Await& await, const PlainInstruction& at);
    void add_operation(const Free& free, const PlainInstruction& at);
    EventId add_event(const std::string& label, std::initializer_list<const char*> sets);
    EventId add_flag_access(std::uint32_t flag, bool store, std::uint64_t value, const char* ordering);
    void add_barrier(const Barrier& barrier);
    void finish_reads_and_coherence();
    void add_completing_dsbs();

    // observers and walks (walks.cpp)
    void add_observers();
    void add_flag_handshake(int except_thread);
    void add_judged_access();
    void collect_pages();
    JudgedAccess add_access(const std::vector<Address>& addresses, bool store, std::uint64_t stored_value);
    void add_level(JudgedAccess& access, int level, const std::vector<Address>& addresses);
    Formula source_condition(const StaticWrite& write, const WalkLevel* parent,
                             const std::vector<Address>& addresses);
    void put_in_sets(const WalkLevel& level, const std::string& walk_name);
    void add_scopes();
    void add_same_page_pairs();
    std::map<PhysicalPage, std::vector<Formula>> pages_through(const std::vector<WalkSource>& sources,
                                                               const std::vector<Address>& addresses);
    void add_explicit_access(JudgedAccess& access, const std::vector<Address>& addresses,
                             std::uint64_t stored_value);
    Formula any_source(const WalkLevel& level, const std::function<bool(const StaticWrite&)>& which);
    Formula covered(const IssuedTlbi& tlbi, const WalkLevel& level, const std::vector<Address>& addresses,
                    const JudgedAccess& access);
    Formula covered_by_kind(const IssuedTlbi& tlbi, int level, bool leaf, bool set_span,
                            std::optional<bool> global, const std::vector<Address>& addresses);
    Formula covered_per_page(const IssuedTlbi& tlbi, const JudgedAccess& access, int level,
                             const std::vector<Address>& addresses);
    void link_co_live(const JudgedAccess& first, const JudgedAccess& second);

    // questions (questions.cpp)
    Formula stale();
    Formula used_after_free();
    Formula conflict();
    Formula conflict(const std::vector<Address>& addresses,
                     const std::function<bool(const StaticWrite&, const StaticWrite&)>& which);
    Formula used_after_free_through_amalgam();
    void add_amalgam_reads();
    bool reaches(std::uint64_t va, EventId new_owner_write);
    std::vector<Address> candidates_;
    Formula read_from(EventId read, EventId write) const;
    Formula final_write(std::size_t write);
    Formula coherence_before(EventId a, EventId b);
    struct FinalResult {
        bool valid = false;
        PhysicalPage page = 0;
        Descriptor value;
        bool by_new_owner = false;
        Formula when;
    };
    std::vector<FinalResult> final_results(std::uint64_t va);
    Formula fresh_walk_agrees(const StaticWrite& write, std::uint64_t va,
                              const std::vector<FinalResult>& finals);

    LocationId location_of_slot(const DescriptorSlot& slot);
    LocationId location_of_page(PhysicalPage page);
    LocationId location_of_flag(std::uint32_t flag);
    ValueId value_of(const Descriptor& descriptor);
    ValueId value_of_number(std::uint64_t number);
    bool hides_tlbi() const { return question_.without_tlbi; }

    const JudgedSchedule& schedule_;
    ScheduleQuestion question_;
    ScheduleGraph out_;
    EventGraph& graph_;
    FormulaPool& pool_;
    ReachableTables tables_;
    std::map<DescriptorSlot, LocationId> slot_locations_;
    std::map<PhysicalPage, LocationId> page_locations_;
    std::map<std::uint32_t, LocationId> flag_locations_;
    std::map<Descriptor, ValueId> descriptor_values_;
    std::map<std::uint64_t, ValueId> number_values_;
    std::map<LocationId, std::vector<EventId>> writes_at_;
    std::map<EventId, std::uint64_t>
        reads_;  ///< reads of flags and data, and the value each must have; ~0: any
    struct MadeAccess {
        JudgedAccess access;
        std::vector<Address> addresses;
    };
    std::vector<MadeAccess> made_;  ///< every access by VA; scopes are added once all TLBIs are known
    std::vector<IssuedTlbi> tlbis_;
    std::vector<std::pair<EventId, Barrier>> barriers_;
    std::vector<std::pair<EventId, int>> new_owner_writes_;  ///< data pages: write and its instruction number
    std::vector<std::pair<EventId, int>> new_owner_table_writes_;  ///< the same for the slots of table pages
    /// Reads by what conflicting entries give, each of one new owner's write's location (bbm_level 0).
    struct AmalgamRead {
        EventId read, write;
        int instruction;  ///< of the free
    };
    std::vector<AmalgamRead> amalgam_reads_;
    std::map<PhysicalPage, bool> pages_;  ///< data pages that matter
    int thread_ = 0;
    int instruction_ = 0;
    ValueId next_value_ = 0;
};

/// For a read whose value nothing fixes.
inline constexpr std::uint64_t any_value = ~std::uint64_t{0};

/// Flag index (beyond the schedule's own) that thread `t` sets when its part is done (model.md section 6).
inline std::uint32_t done_flag(const JudgedSchedule& schedule, std::size_t t) {
    return static_cast<std::uint32_t>(schedule.program->flags.size() + t);
}

}  // namespace tlbcheck::model
