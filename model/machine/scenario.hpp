// SPDX-License-Identifier: Apache-2.0
//
// What one judged access can depend on, made ready for the machine (formal-model.md): the instructions of
// every thread, the memory locations its walks can read, and which TLBIs reach the PE it runs on.
//
// The machine keeps one PE's TLB, the judged one's: entries of other PEs are read by no judged access. Of
// that TLB it keeps, for each judged walk, the one entry the walk goes on from: a leaf entry stays when the
// walk-cache entry it was filled through is removed, and eviction is free, so any run can be thinned out to
// this without losing its judged access. Sibling fills are explored one source slot at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/arch/hardware_update.hpp"
#include "model/machine/program_order.hpp"
#include "model/machine/timeline.hpp"
#include "model/machine/witness.hpp"
#include "model/program/guest.hpp"
#include "model/program/judged_schedule.hpp"
#include "model/program/pe_contexts.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// Why the machine cannot run the program; empty when it can.
std::string unsupported(const JudgedSchedule& schedule);

/// Of a walk of stage 2: the guest's walk that needs it, and for what.
struct UnderWalk {
    static constexpr int output = 4;
    std::uint32_t of = 0;    ///< index among the targets
    int for_level = output;  ///< of the stage 1 descriptors in the page; output: what the leaf gives
    friend bool operator==(const UnderWalk&, const UnderWalk&) = default;
};

/// What a guest's walk needs of stage 2: an IPA, as an address of the VM.
struct Stage2Need {
    int for_level = UnderWalk::output;
    std::uint64_t ipa = 0;
    friend auto operator<=>(const Stage2Need&, const Stage2Need&) = default;
};

/// One walk whose entry the machine follows: for `va`, through its own descriptors or, at one level, a
/// sibling's.
struct WalkTarget {
    std::uint64_t va = 0;
    std::optional<int> sibling_level;  ///< the level at which the leaf is read from a neighbour's slot
    std::uint64_t sibling_va = 0;      ///< that slot's VA
    std::uint64_t walked_for = 0;      ///< the page whose walk it is (own, or one in the sibling's slot)
    /// Of an address space: which of the judged PE's contexts the walk begins in. `va` is in that one's
    /// space.
    std::optional<std::uint32_t> context = std::nullopt;
    /// It is of stage 2, `va` is an IPA, and `context` one of VTTBR's.
    std::optional<UnderWalk> under = std::nullopt;
    friend bool operator==(const WalkTarget&, const WalkTarget&) = default;
};

/// What is asked of one scenario.
struct Question {
    PropertyKind kind = PropertyKind::no_stale_entry;
    HardwareParameters hardware;
    Observer observer;
    bool amalgam = false;  ///< judged by a conflict of two entries at the access (bbm_level 0)
    /// One, or two for conflicts; then what they need of stage 2, where they are a guest's.
    std::vector<WalkTarget> targets;
    Judging judging = {};
    std::optional<std::uint64_t> judged_va = std::nullopt;  ///< where it is not that of the first target
    bool stage2_entry = false;  ///< of a VM: entries of stage 2 by themselves are met, none that combine

    std::size_t mains() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(targets, [](const WalkTarget& t) { return !t.under; }));
    }
};

/// True where the question is about an access and not about the tables or the TLB.
constexpr bool judges_access(PropertyKind kind) {
    return kind == PropertyKind::no_stale_entry || kind == PropertyKind::no_use_after_free ||
           kind == PropertyKind::never_invalid || kind == PropertyKind::no_lost_update;
}

struct MachineLocation {
    enum class Kind : std::uint8_t { slot, flag, freed } kind = Kind::slot;
    DescriptorSlot slot;
    Descriptor initial;      ///< of a slot
    std::uint32_t flag = 0;  ///< of a flag: index in the program, or past its flags: thread's end flag
    std::uint64_t pa = 0, bytes = 0;  ///< of freed memory
    bool branching = false;           ///< when its stores become visible must be explored
};

/// What a location holds: 0 is the value at the start, n + 1 the value of stores[n].
using StoredId = std::uint32_t;

struct MachineStore {
    std::uint32_t thread = 0, position = 0;
    std::uint32_t epoch =
        0;  ///< number of store-ordering barriers before it in program order, those of arms included
    bool release = false;
    int location = -1;  ///< index in locations; -1: read by no judged walk
    Descriptor value;
    std::uint64_t flag_value = 0;
    bool garbage = false;   ///< the write of a new owner to a table slot
    bool by_guest = false;  ///< Free::by_guest
    bool atomic = false;    ///< a read-modify-write, which is made when it becomes visible
};

struct MachineTlbi {
    std::uint32_t thread = 0, position = 0;
    TlbiOp op;
    TlbiScope scope;
    bool reaches = false;  ///< is sent to the judged PE
    /// An earlier one of the thread, and the position of a DSB that completed it at the judged PE before this
    /// was issued.
    struct Repeat {
        std::uint32_t earlier = 0, dsb = 0;
    };
    std::vector<Repeat> repeats = {};  ///< filled where the hardware has the erratum of repeat_tlbi
    std::vector<SpaceId> vms = {};     ///< that VTTBR may name when it is issued; no_space: the host
};

/// Whether a DSB on the TLBI's own PE completes it at the judged PE. The machine's own reading of what
/// model/arch/completion.hpp says, since each is to show a fault of the other.
bool completes(const Barrier& dsb, const MachineTlbi& tlbi, bool same_pe);
/// A DSB or DMB that keeps stores on its two sides in order.
bool orders_stores(const Barrier& barrier);
/// ISB discards translations taken early; with ETS2 or ETS3 so does a DSB (cat: IFB-ob, DSB-ob).
bool discards_latch(const Barrier& barrier, int ets);
/// A DSB that may execute before its thread's earlier loads, and what it orders with it.
bool waits_for_stores_only(const Barrier& barrier);

struct MachineInstruction {
    enum class Kind : std::uint8_t { store, tlbi, barrier, await, branch, jump, nop } kind = Kind::nop;
    std::uint32_t first = 0;  ///< first store, or the TLBI
    std::uint32_t count = 0;  ///< stores
    Barrier barrier;
    int location = -1;  ///< awaited flag; of a branch, the flag or descriptor read
    std::uint64_t value = 0;
    bool equal = true;         ///< of a branch: it goes on where the value is read, else where another is
    std::uint32_t target = 0;  ///< of a branch that does not go on, and of a jump
    bool loads = false;        ///< an explicit load, which a DSB LD waits for; one that may fault is none
    bool acquire = false;      ///< a load-acquire
    bool release = false;      ///< a store-release that no buffer holds: its address is translated
};
/// Where a thread is that passes the label at which its code ends.
inline constexpr std::uint32_t left_thread = ~std::uint32_t{0};

/// What a walk yields for the judged address, as far as a reader can tell (docs/formal-model.md section 6).
struct Translation {
    bool valid = false, af = false, garbage = false;
    std::uint64_t oa = 0;
    bool writable = false, el0 = false;
    bool global = false;  ///< it serves every ASID
    Attr attributes = Attr::none;
    friend bool operator==(const Translation&, const Translation&) = default;
};

/// Where a fresh walk through the judged address's own descriptors ends.
struct FreshLeaf {
    int level = -1;  ///< -1: at a slot that does not exist
    Descriptor value;
    bool garbage = false;       ///< written by a new owner
    std::array<int, 4> path{};  ///< location read at each level; -1 where none was
};

/// The leaves of both stages that a fresh walk of a guest's comes to.
struct GuestLeaves {
    Descriptor stage1, stage2;
    std::uint64_t ipa = 0;  ///< as an address of the VM
};

/// The VM's IPAs that a walk for `va` of a guest may need: of the table pages it may come to, of what leaves
/// of its slots, neighbours included, may give.
std::vector<Stage2Need> stage2_needs(const JudgedSchedule& schedule, const HardwareParameters& hardware,
                                     std::uint64_t va);
/// Something may change what stage 2 gives for the IPA, or it is not mapped from the start.
bool stage2_changes(const JudgedSchedule& schedule, const HardwareParameters& hardware, std::uint64_t ipa);

class Scenario {
  public:
    /// `schedule` must outlive it; its candidates, hardware and judging are not looked at: the question has
    /// them.
    Scenario(const JudgedSchedule& schedule, const Question& question);

    const Question& question() const { return question_; }
    const JudgedSchedule& schedule() const { return *schedule_; }
    const Geometry& geometry() const { return geometry_; }
    const HardwareParameters& hardware() const { return question_.hardware; }
    /// What hardware does to the leaves of the stage that the judged address is of.
    ManagedFlags managed_flags() const { return model::managed_flags(hardware(), stage2_); }
    std::uint64_t va() const { return question_.judged_va.value_or(question_.targets.front().va); }
    const std::vector<std::vector<MachineInstruction>>& threads() const { return threads_; }
    const std::vector<MachineStore>& stores() const { return stores_; }
    const std::vector<MachineTlbi>& tlbis() const { return tlbis_; }
    const std::vector<MachineLocation>& locations() const { return locations_; }
    /// The stores of new owners that a judged access could meet.
    const std::vector<std::uint32_t>& owner_stores() const { return owner_stores_; }
    /// Locations of the flags that say a thread's part is over, by thread; -1 where none is needed.
    const std::vector<int>& end_flags() const { return end_flags_; }
    /// Levels above hold table descriptors that nothing writes: walks start here.
    int root_level() const { return root_level_; }
    /// The location target `t`'s walk reads at `level` in the table page of that generation; -1 when there is
    /// none.
    int slot_location(std::size_t t, int level, std::uint32_t generation) const;
    /// The own slot of the judged address; -1 when there is none.
    int own_location(int level, std::uint32_t generation) const;
    /// Instructions of the observer's own PE before this position may discard a translation taken early.
    std::uint32_t first_latch_position() const { return first_latch_; }
    /// Some thread goes by what it reads: then reads are made in many orders.
    bool branches() const { return branches_; }
    bool branches(std::uint32_t thread) const;
    /// Other threads store to what the branch or await reads.
    bool is_raced(std::uint32_t thread, const MachineInstruction& read) const;
    /// What stands before each instruction of a thread, and last before its end, where no branch goes past
    /// any.
    const OrderedBefore& ordered_before(std::uint32_t thread, std::uint32_t position) const {
        return ordered_[thread][std::min<std::size_t>(position, threads_[thread].size())];
    }
    /// Which of several stores of its value an await reads says what its thread knows at a moment.
    bool tells_apart(const MachineInstruction& await) const;
    /// The thread whose end is the moment judged while others go on.
    const std::optional<std::uint32_t>& moment() const { return question_.judging.moment; }
    /// True iff an access that should give `fresh` may not give `seen`.
    bool is_stale(const Translation& seen, const Translation& fresh) const;
    /// True iff an access on another PE is judged whenever it is made, not after the schedule only.
    bool judged_at_any_time() const;
    /// True iff what a walk reads may be anything, an invalid descriptor too.
    bool is_unknown(int location, StoredId id) const;
    /// True iff the final tables depend on the order of racing stores.
    bool final_varies() const { return final_varies_; }

    Descriptor value(int location, StoredId id) const;
    bool is_garbage(StoredId id) const { return id != 0 && stores_[id - 1U].garbage; }
    /// What a leaf descriptor read at `level` from the judged address's own slot, or from a neighbour's in
    /// its set, gives for the judged address.
    Translation translate(bool sibling, int level, const Descriptor& leaf, bool garbage) const;
    /// Instructions of the observer's own PE that the judged access comes after.
    std::size_t judged_position() const { return judged_position_; }
    /// The context target `t`'s walk begins in; nullptr: there is but one.
    const PeContext* context(std::size_t t) const;
    const std::vector<PeContext>& contexts() const { return contexts_.all; }
    /// Only global entries of the target's context can be hit by the judged access.
    bool only_global(std::size_t t) const;
    /// The access hits an entry that combines stage 2 with the guest's stage 1.
    bool combines() const { return guest_ || (stage2_ && !question_.stage2_entry); }

    /// The walk that target `t` is for: another one of a guest's, or itself.
    std::size_t main_of(std::size_t t) const {
        return question_.targets[t].under ? question_.targets[t].under->of : t;
    }

    // scenario_guests.cpp
    /// The judged address is of a guest's space.
    bool guest() const { return guest_.has_value(); }
    /// Where the table page is that target `t`'s walk reads at the level; nullopt: its space does not say.
    std::optional<std::uint64_t> table_ipa(std::size_t t, int level, std::uint32_t generation) const;
    /// IPA, as an address of the VM, of what stage 1 gives.
    std::uint64_t within_vm(std::uint64_t plain) const { return spaces::within(plain, *guest_); }
    /// The target that walks stage 2 for it; nullopt: there is none.
    std::optional<std::size_t> under(std::size_t main, const Stage2Need& need) const;
    /// Nothing changes what stage 2 gives for the IPA, which is this leaf.
    std::optional<FreshLeaf> fixed(std::uint64_t ipa) const;
    /// nullopt: the walk faults, or comes to what a new owner wrote.
    std::optional<GuestLeaves> guest_leaves(const std::vector<StoredId>& memory) const;
    /// The value in a slot of stage 2 serves the IPA: by its own entry or by its contiguous set.
    bool serves_ipa(const DescriptorSlot& slot, const Descriptor& value, std::uint64_t ipa) const;
    /// Before the schedule stage 2 maps it.
    bool mapped_at_start(std::uint64_t ipa) const;
    /// Both stages in one, where stage 1 gives a leaf and stage 2 one for its output.
    static Translation combined(const Translation& stage1, const Translation& stage2);
    /// What a leaf gives for an address other than the judged one.
    Translation translate_for(std::uint64_t at, bool sibling, int level, const Descriptor& leaf,
                              bool garbage) const;
    bool from_sibling(std::size_t t, int level) const { return question_.targets[t].sibling_level == level; }
    /// A fresh walk through the judged address's own descriptors; `memory` holds each location's current
    /// value.
    Translation fresh_walk(const std::vector<StoredId>& memory) const;
    FreshLeaf fresh_leaf(const std::vector<StoredId>& memory) const;
    /// The same walk from a table page on, by its level and generation.
    FreshLeaf fresh_leaf(const std::vector<StoredId>& memory, int from, std::uint32_t generation) const;
    /// What memory holds at the end; meaningful unless final_varies().
    const std::vector<StoredId>& final_memory() const { return final_memory_; }
    /// True iff the free at stores()[store] hands over the page `translation` points to.
    bool frees(std::size_t store, const Translation& translation) const;
    /// The cached form of a leaf or table descriptor on target `t`'s walk, for TLBI scope.
    CachedTranslation cached(std::size_t t, int level, const Descriptor& value, EntrySpan span) const;
    /// True iff the TLBI must remove the entry (scope, and nXS against XS = 1).
    /// `whole_set`: a combined entry that serves its whole contiguous set.
    bool removes(const MachineTlbi& tlbi, std::size_t t, int level, const Descriptor& value, EntrySpan span,
                 bool whole_set = false) const;

  private:
    void add_slots();
    void add_slot(const DescriptorSlot& slot);
    void add_set(int level, std::uint32_t generation);
    int find_slot(const DescriptorSlot& slot) const;
    void find_output_addresses();
    void find_repeats();
    void add_branch_slots();
    void find_targets(std::uint32_t thread);
    void add_output_address(const DescriptorSlot& slot, const Descriptor& value);
    void add_thread(std::uint32_t thread);
    void add_instruction(std::uint32_t thread, const PlainInstruction& instruction, std::uint32_t& epoch);
    void add_tlbi(std::uint32_t thread, const TlbiInstruction& tlbi, MachineInstruction& code);
    void add_access(const Access& access, MachineStore store, MachineInstruction& code);
    void add_free(std::uint32_t thread, const Free& free, MachineInstruction& code, std::uint32_t epoch);
    void add_store(MachineInstruction& code, MachineStore store);
    void add_end_flag(std::uint32_t thread, std::uint32_t epoch);
    int flag_location(std::uint32_t flag);
    int freed_location(std::uint64_t pa, std::uint64_t bytes);
    void find_branching();
    bool awaited_unchanged(int flag) const;
    void find_order();
    void find_root();
    void find_final();
    bool needs_end_flag(std::uint32_t thread) const;
    void find_contexts();
    bool names_vmid(const MachineTlbi& tlbi, SpaceId vm) const;
    void find_guest();
    void add_guest_slots();
    void add_guest_output(const DescriptorSlot& slot, const Descriptor& value);
    Translation guest_walk(const std::vector<StoredId>& memory, GuestLeaves* leaves = nullptr) const;
    Translation stage2_walk(const std::vector<StoredId>& memory, std::uint64_t ipa,
                            Descriptor* leaf = nullptr) const;
    bool holds_freed_table(const DescriptorSlot& slot, const Free& free) const;
    bool has_fixed_tables(int level) const;
    HostState host_state(std::uint32_t thread, std::uint32_t position) const;
    void add_entry_to_space(std::uint32_t thread);

    const JudgedSchedule* schedule_;
    Question question_;
    Geometry geometry_;
    const Region* region_ = nullptr;  ///< that holds the judged address
    std::vector<std::vector<MachineInstruction>> threads_;
    std::vector<std::vector<OrderedBefore>> ordered_;
    std::vector<MachineStore> stores_;
    std::vector<std::uint32_t> owner_stores_;
    std::vector<MachineTlbi> tlbis_;
    std::vector<MachineLocation> locations_;  ///< slots first
    std::size_t slot_count_ = 0;
    std::vector<std::uint64_t> output_addresses_;  ///< that the judged address can get from a leaf of a walk
    std::vector<int> end_flags_;
    std::vector<StoredId> final_memory_;
    std::array<std::vector<std::uint32_t>, 4>
        generations_;  ///< of the table pages at each level over the address
    int root_level_ = 0;
    std::uint32_t first_latch_ = 0;
    bool final_varies_ = false;
    bool branches_ = false;
    std::size_t judged_position_ = 0;
    PeContexts contexts_;           ///< of the judged PE
    bool stage2_ = false;           ///< the judged address is an IPA
    std::optional<SpaceId> guest_;  ///< the VM that the judged address is a guest's of
    PeContexts vm_contexts_;        ///< of the judged PE's VTTBR, where that is of a guest
    std::vector<Stage2Need> needs_;
    GuestTables guest_tables_;
};

}  // namespace tlbcheck::model
