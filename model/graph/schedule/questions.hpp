// SPDX-License-Identifier: Apache-2.0
//
// A question about a schedule: the observer with the judged access, and when the question's answer is yes.
#pragma once

#include <functional>
#include <vector>

#include "model/arch/leaf_change.hpp"
#include "model/graph/schedule/events.hpp"
#include "model/graph/schedule/walks.hpp"

namespace tlbcheck::model {

class ScheduleQuestionBuilder {
  public:
    /// `candidates`: the addresses that may be judged, one of them chosen.
    ScheduleQuestionBuilder(ScheduleEvents& events, ScheduleWalks& walks, const ScheduleQuestion& question,
                            std::vector<WalkAddress> candidates);

    /// Adds the observer's events and the judged access (observers.cpp).
    void add_observers();
    /// The question as a formula; once the graph has its reads and coherence.
    Formula violated();

  private:
    // observers.cpp
    void add_judged_access();
    void add_flag_handshake(int except_thread);
    void add_amalgam_reads();
    void enter_space();

    // questions.cpp
    /// Of a guest's address: the leaves of both stages that give it.
    struct FinalLeaves {
        Descriptor stage1, stage2;
        std::uint64_t ipa = 0;  ///< as an address of the VM
    };
    /// What a walk of the final tables gives, in the case that `when` holds.
    struct FinalResult {
        bool valid = false;
        PhysicalPage page = 0;
        Descriptor value;
        bool by_new_owner = false;
        Formula when;
        std::optional<FinalLeaves> leaves = std::nullopt;
    };
    /// Reads by what conflicting entries give, each of one new owner's write's location (bbm_level 0).
    struct AmalgamRead {
        EventId read, write;
        int instruction;  ///< of the free
    };
    /// A combined entry that an access of a guest may hit.
    struct EntryOfGuest {
        LeafTranslation leaf;
        const StaticWrite* stage1 = nullptr;
        const StaticWrite* stage2 = nullptr;
        std::uint64_t va = 0, accessed = 0;  ///< of the walk, with its space; of the access
        Formula when;
    };
    Formula stale();
    Formula used_after_free();
    Formula met_fault();
    // hardware_updates.cpp
    Formula lost_update();
    Formula leaves_clear(std::size_t write, std::uint64_t accessed, const std::vector<FinalResult>& finals);
    Formula guest_leaves_clear(const EntryOfGuest& entry, const std::vector<FinalResult>& finals);
    Formula follows_at_once(EventId update, const StaticWrite& later);
    Formula conflict();
    Formula conflict(const std::vector<WalkAddress>& addresses,
                     const std::function<bool(const StaticWrite&, const StaticWrite&)>& which);
    Formula used_after_free_through_amalgam();
    bool reaches(std::uint64_t va, EventId new_owner_write);
    Formula read_from(EventId read, EventId write) const;
    Formula final_write(std::size_t write);
    Formula coherence_before(EventId a, EventId b);
    std::vector<FinalResult> final_results(std::uint64_t va);
    Formula known(int thread, int instruction);
    Formula may_be_current(std::size_t write);
    bool agrees(const StaticWrite& write, std::uint64_t va, const FinalResult& final) const;
    bool agrees(const FinalResult& seen, const FinalResult& final) const;

    // guest_questions.cpp
    bool of_guest() const;
    std::vector<FinalResult> guest_results(std::uint64_t va);
    Formula guest_stale();
    Formula guest_used_after_free();
    Formula guest_met_fault();
    std::vector<EntryOfGuest> guest_entries(const JudgedAccess& access) const;
    Formula guest_conflict(const std::vector<WalkAddress>& addresses,
                           const std::function<bool(const StaticWrite&, const StaticWrite&)>& which);
    Formula ends_in_garbage(const JudgedAccess& access, std::uint64_t accessed);
    Formula meets(EventId new_owner_write);
    Formula fresh_walk_agrees(const StaticWrite& write, std::uint64_t va,
                              const std::vector<FinalResult>& finals);

    ScheduleEvents& events_;
    ScheduleWalks& walks_;
    const JudgedSchedule& schedule_;
    const ReachableTables& tables_;
    ScheduleQuestion question_;
    std::vector<WalkAddress> candidates_;
    ScheduleGraph& out_;
    EventGraph& graph_;
    FormulaPool& pool_;
    std::vector<AmalgamRead> amalgam_reads_;
    std::map<EventId, Formula> knows_;  ///< of a knowing read: it is before the moment judged
};

}  // namespace tlbcheck::model
