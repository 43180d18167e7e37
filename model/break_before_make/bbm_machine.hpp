// SPDX-License-Identifier: Apache-2.0
//
// The timeline of what one PE may have cached, for no_bbm_violation: a machine that fills its TLB with all it
// can and evicts nothing by itself. A cached translation goes only by: the value it came from can no longer
// be read, a TLBI in scope is issued, and a DSB completes that TLBI (docs/formal-model.md sections 4 and 5).
// TLBIs that one DSB completes take effect in any order: each by itself has to remove the translation and all
// that it could be filled through again.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <boost/dynamic_bitset.hpp>

#include "model/break_before_make/bbm.hpp"
#include "model/program/observed_pe.hpp"

namespace tlbcheck::model {

class BbmMachine {
  public:
    /// The TLB is that PE's.
    BbmMachine(const JudgedSchedule& schedule, ObservedPe pe);

    /// Threads whose next instruction can execute, ascending.
    std::vector<std::uint32_t> ready() const;
    /// Executes the next instruction of a thread; a store that needed break-before-make is the result.
    std::optional<BbmViolation> step(std::uint32_t thread);
    /// Equal digests: equal states.
    std::vector<std::uint64_t> digest() const;

  private:
    using Addresses = boost::dynamic_bitset<>;  ///< of the candidates, by index
    /// By TLBI not yet complete, what it alone removes for certain. An empty set has no bits at all.
    using Doomed = std::vector<Addresses>;

    /// A TLBI not yet complete. Its place in the list says which set of a Doomed is its own.
    struct IssuedTlbi {
        std::uint32_t thread;
        TlbiInstruction instruction;
        TlbiScope scope;
        std::vector<SpaceId> vms;  ///< that VTTBR may name; empty: the schedule has none
    };

    /// One value of one slot: initial, or written by a store.
    struct Source {
        DescriptorSlot slot;
        Descriptor value;
        std::optional<std::uint32_t> thread;
        std::uint64_t index = 0;
        SourcePlace place;
        std::uint32_t kernel = no_kernel_stack;
        Addresses serves;        ///< addresses that an entry from it may translate
        Addresses live;          ///< that one may translate now
        Addresses in_completed;  ///< of those, in scope of a TLBI that the latest DSB completed
        Addresses survived;      ///< a TLBI in scope and one of a descriptor above took effect, in this order
        Doomed doomed;           ///< of those live
        Addresses combined;      ///< of a VM's leaf: an entry that combines it with stage 1 may be left for
        Doomed combined_doomed;  ///< of those combined
        bool published = true;   ///< its store is ordered before what its thread does next
        std::uint64_t published_at = 0;  ///< from that instruction of its thread on
        bool barred = true;              ///< by a barrier, not by a store-release alone
        bool readable = true;            ///< false: by walks no more (docs/slicing.md, "Break-before-make")
    };
    /// The instruction that stored to a flag; none: it has its initial value.
    struct FlagStore {
        std::optional<std::uint32_t> thread;
        std::uint64_t index = 0;
    };
    struct Reach {
        Addresses any;
        Doomed doomed;  ///< reached through such entries only
    };

    void add_initial_values();
    void add_initial(const DescriptorSlot& slot);
    std::size_t add_source(Source source);
    Addresses served_by(const DescriptorSlot& slot, const Descriptor& value) const;
    Addresses own_addresses(const DescriptorSlot& slot) const;

    void fill();
    void fill_table(int level, std::uint32_t generation, const Reach& reach,
                    std::map<std::uint32_t, Reach>& next);
    void add_left_behind(int level, std::map<std::uint32_t, Reach>& tables) const;
    Addresses by_walk(const Source& source, const Addresses& walks) const;
    Addresses none() const { return Addresses(schedule_->candidates.size()); }
    void merge(Reach& into, const Addresses& any, const Doomed& doomed) const;
    void fill_source(Source& source, const Reach& reach);
    void combine(Source& source) const;
    void doom_combined(std::size_t place);
    Addresses removed_combined(const IssuedTlbi& tlbi, const Source& source, const Addresses& of) const;
    void remove_combined(Source& source, std::size_t place) const;

    std::optional<BbmViolation> store(std::uint32_t thread, const PlainInstruction& instruction);
    Addresses spanned(const Source& source) const;
    std::optional<BbmViolation> check(const Source& fresh) const;
    std::optional<BbmViolation> check_slot(const Source& fresh) const;
    bool open(const Source& earlier, std::uint32_t thread, const Source& latest) const;
    std::optional<BbmViolation> check_earlier(std::uint32_t thread, std::size_t id);
    std::optional<BbmViolation> check_unhooked(std::uint32_t thread, std::size_t id) const;
    Addresses counted(const Source& old) const;
    bool concerned(const Source& old, const Source& cause) const;
    std::optional<BbmViolation> check_leaf(const Source& fresh, const Source& cause,
                                           const Addresses& where) const;
    std::optional<BbmViolation> check_below(const Source& cause, int level, std::uint32_t generation,
                                            const Addresses& where) const;
    BbmViolation violation(const Source& old, const Source& fresh, std::uint64_t va, BbmChange change) const;
    const Source* unhooked_above(const Source& old, std::size_t candidate) const;
    std::string missing(const Source& old, std::size_t candidate) const;
    LeafTranslation translation(const Source& source, std::uint64_t va) const;

    void tlbi(std::uint32_t thread, const TlbiInstruction& instruction);
    bool removes(const IssuedTlbi& tlbi, const Source& source, std::size_t candidate) const;
    Addresses removed_by(const IssuedTlbi& tlbi, const Source& source, const Addresses& of) const;
    void complete(std::uint32_t thread, const Barrier& barrier);
    void barrier(std::uint32_t thread, const Barrier& barrier);
    void free(std::uint32_t thread, const Free& what);
    void publish(std::uint32_t thread);
    void awaited(std::uint32_t thread, std::uint32_t flag);
    template <typename Is>
    void hide_replaced(const Is& is_visible);
    void hook_up(const Source& hook, std::size_t position);
    bool may_be_in_memory(const Source& source) const;

    const JudgedSchedule* schedule_;
    ObservedPe pe_;
    Geometry geometry_;
    std::vector<IssuedTlbi> issued_;  ///< not yet complete
    std::vector<std::size_t> next_;   ///< by thread
    std::vector<std::uint64_t> flags_;
    std::vector<FlagStore> flag_stores_;  ///< by flag, the latest
    std::vector<Source> sources_;         ///< initial ones first, then as stores execute
    std::vector<Addresses> only_;         ///< by source, the entries that a check is about; empty: all
    std::map<DescriptorSlot, std::vector<std::size_t>> by_slot_;  ///< oldest first; the last is in memory
    std::map<std::pair<int, std::uint32_t>, Reach> reached_;      ///< tables, by level and generation
};

}  // namespace tlbcheck::model
