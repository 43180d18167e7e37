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
#include "model/program/guest.hpp"
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
    void set_contexts(PeContexts contexts, PeContexts of_vm = {}) {
        contexts_ = std::move(contexts);
        vm_contexts_ = std::move(of_vm);
    }
    /// Hardware sets the flags that the judged access needs in the leaf it read (hardware_updates.cpp).
    void follow_updates(bool follow) { follow_updates_ = follow; }
    /// The judged access's walk ends with an entry of stage 2.
    void stop_at_stage2(bool stop) { stop_at_stage2_ = stop; }
    /// Two entries are live at once: a TLBI that one of them came before finds the other filled as well.
    void link_co_live(const JudgedAccess& first, const JudgedAccess& second);
    /// What each TLBI has in scope, and which T are of one page; once all accesses are there.
    void finish();

    /// A leaf of stage 2 that translates an IPA for the access, and when.
    struct Output {
        std::size_t write = 0;
        Formula when;
    };
    /// What the walk gives for one of its IPAs.
    std::vector<Output> outputs(const Stage2Walk& under, std::uint64_t ipa) const;
    /// IPA, as an address of the VM, that a leaf of a guest's stage 1 gives for one of its addresses.
    std::uint64_t ipa_of(const StaticWrite& leaf, std::uint64_t va) const;
    const GuestTables& guest_tables() const { return guest_tables_; }
    /// Each pair of a leaf of a guest's stage 1 and one of stage 2 for what that gives, and when the access
    /// goes by both.
    void for_each_output(const JudgedAccess& access,
                         const std::function<void(const StaticWrite& leaf, std::uint64_t va,
                                                  const StaticWrite& output, Formula when)>& each) const;

  private:
    void add_operation(const Access& access);
    void add_operation(const Await& await);
    // two_stages.cpp
    bool of_stage2(const JudgedAccess& access) const;
    EventId add_combined_entry(JudgedAccess& access, const std::string& walk_name);
    void add_combined(JudgedAccess& access, const std::string& walk_name);
    Formula combined_covered(const IssuedTlbi& tlbi, const JudgedAccess& access);
    // guest_walks.cpp
    JudgedAccess add_guest_access(const std::vector<WalkAddress>& accessed, bool store,
                                  std::uint64_t stored_value);
    void add_under(JudgedAccess& access, int for_level, std::vector<WalkAddress> ipas);
    std::vector<WalkAddress> table_ipas(const JudgedAccess& access, int level) const;
    std::vector<WalkAddress> output_ipas(const JudgedAccess& access) const;
    std::optional<std::size_t> fixed_leaf(std::uint64_t ipa) const;
    int first_level(const Stage2Walk& under) const;
    void choose_context(JudgedAccess& access, Stage2Walk& under);
    void link_under(JudgedAccess& access, const Stage2Walk& under);
    void add_guest_combined(JudgedAccess& access, const std::string& walk_name);
    void add_guest_result(JudgedAccess& access, std::uint64_t stored_value);
    Formula guest_combined_covered(const IssuedTlbi& tlbi, const JudgedAccess& access);
    void add_guest_scopes(const JudgedAccess& access);

    // hardware_updates.cpp
    void add_update(WalkLevel& level, const JudgedAccess& access);

    // contexts.cpp
    PeContexts own_contexts(std::uint64_t va) const;
    PeContexts own_contexts_of(SpaceId space) const;
    PeContexts own_vm_contexts(std::uint64_t va) const;
    std::vector<WalkAddress> in_contexts(JudgedAccess& access, const std::vector<WalkAddress>& addresses);
    void add_context_order(const JudgedAccess& access);
    void order_in_contexts(int thread, EventId first, const PeContexts& contexts,
                           const std::vector<Formula>& choice);
    void restrict_to_hits(const JudgedAccess& access);
    /// `when`: it is made at all, beside the level above being a table.
    void add_level(std::vector<WalkLevel>& walk, int level, const std::vector<WalkAddress>& addresses,
                   const std::string& label, Formula when);
    Formula source_condition(const StaticWrite& write, const WalkLevel* parent,
                             const std::vector<WalkAddress>& addresses);
    /// `used`: such a leaf is used by what comes after it in the walk, as a table descriptor is.
    void put_in_sets(const WalkLevel& level, const std::string& walk_name,
                     const std::function<bool(const StaticWrite&)>& used);
    std::map<PhysicalPage, std::vector<Formula>> pages_through(const std::vector<WalkSource>& sources,
                                                               const std::vector<WalkAddress>& addresses);
    void add_explicit_access(JudgedAccess& access, const std::vector<WalkAddress>& addresses,
                             std::uint64_t stored_value);
    Formula any_source(const WalkLevel& level, const std::function<bool(const StaticWrite&)>& which) const;
    void add_scopes();
    Formula covered(const IssuedTlbi& tlbi, const WalkLevel& level, const std::vector<WalkAddress>& addresses,
                    const std::vector<WalkLevel>& walk);
    Formula covered_by_kind(const IssuedTlbi& tlbi, int level, bool leaf, bool set_span,
                            std::optional<bool> global, const std::vector<WalkAddress>& addresses);
    Formula covered_per_page(const IssuedTlbi& tlbi, const std::vector<WalkLevel>& walk, int level,
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
    PeContexts vm_contexts_;        ///< of VTTBR, where that is of a guest
    GuestTables guest_tables_;
    bool stop_at_stage2_ = false;
    bool follow_updates_ = false;
};

}  // namespace tlbcheck::model
