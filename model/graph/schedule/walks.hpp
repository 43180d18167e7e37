// SPDX-License-Identifier: Apache-2.0
//
// Accesses by virtual address with every level of their walk, and what relates a walk to TLBIs and to other
// walks.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/graph/schedule/events.hpp"
#include "model/program/pe_contexts.hpp"

namespace tlbcheck::model {

class ScheduleWalks {
  public:
    explicit ScheduleWalks(ScheduleEvents& events);

    /// The schedule's own accesses by virtual address. After all other instructions: their walks may read
    /// from any store, of a later instruction too.
    void add_instructions();
    /// An access at the events' position, to one of the addresses.
    JudgedAccess add_access(const std::vector<WalkAddress>& addresses, bool store,
                            std::uint64_t stored_value);
    /// The contexts of the PE at the events' position, for accesses made there.
    void set_contexts(PeContexts contexts) { contexts_ = std::move(contexts); }
    /// Hardware sets the flags that the judged access needs in the leaf it read (hardware_updates.cpp).
    void follow_updates(bool follow) { follow_updates_ = follow; }
    /// The judged access's walk ends with an entry of stage 2.
    void stop_at_stage2(bool stop) { stop_at_stage2_ = stop; }
    /// Two entries are live at once: a TLBI that one of them came before finds the other filled as well.
    void link_co_live(const JudgedAccess& first, const JudgedAccess& second);
    /// What each TLBI has in scope, and which T are of one page; once all accesses are there.
    void finish();

  private:
    void add_operation(const Access& access);
    void add_operation(const Await& await);
    // two_stages.cpp
    bool of_stage2(const JudgedAccess& access) const;
    void add_combined(JudgedAccess& access, const std::string& walk_name);
    Formula combined_covered(const IssuedTlbi& tlbi, const JudgedAccess& access);

    // hardware_updates.cpp
    void add_update(WalkLevel& level, const JudgedAccess& access);

    // contexts.cpp
    PeContexts own_contexts(std::uint64_t va) const;
    std::vector<WalkAddress> in_contexts(JudgedAccess& access, const std::vector<WalkAddress>& addresses);
    void add_context_order(const JudgedAccess& access);
    void restrict_to_hits(const JudgedAccess& access);
    void add_level(JudgedAccess& access, int level, const std::vector<WalkAddress>& addresses);
    Formula source_condition(const StaticWrite& write, const WalkLevel* parent,
                             const std::vector<WalkAddress>& addresses);
    void put_in_sets(const WalkLevel& level, const std::string& walk_name, bool combined);
    std::map<PhysicalPage, std::vector<Formula>> pages_through(const std::vector<WalkSource>& sources,
                                                               const std::vector<WalkAddress>& addresses);
    void add_explicit_access(JudgedAccess& access, const std::vector<WalkAddress>& addresses,
                             std::uint64_t stored_value);
    Formula any_source(const WalkLevel& level, const std::function<bool(const StaticWrite&)>& which);
    void add_scopes();
    Formula covered(const IssuedTlbi& tlbi, const WalkLevel& level, const std::vector<WalkAddress>& addresses,
                    const JudgedAccess& access);
    Formula covered_by_kind(const IssuedTlbi& tlbi, int level, bool leaf, bool set_span,
                            std::optional<bool> global, const std::vector<WalkAddress>& addresses);
    Formula covered_per_page(const IssuedTlbi& tlbi, const JudgedAccess& access, int level,
                             const std::vector<WalkAddress>& addresses);
    void add_same_page_pairs();

    struct MadeAccess {
        JudgedAccess access;
        std::vector<WalkAddress> addresses;
    };

    ScheduleEvents& events_;
    const JudgedSchedule& schedule_;
    const ReachableTables& tables_;
    ScheduleGraph& out_;
    EventGraph& graph_;
    FormulaPool& pool_;
    std::vector<MadeAccess> made_;  ///< every access by VA
    PeContexts contexts_;           ///< of the judged access
    bool stop_at_stage2_ = false;
    bool follow_updates_ = false;
};

}  // namespace tlbcheck::model
