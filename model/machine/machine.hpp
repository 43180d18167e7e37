// SPDX-License-Identifier: Apache-2.0
//
// The operational TLB machine (docs/formal-model.md section 7): its states and its steps, for one scenario.
//
// Steps that only ever widen what can follow are taken at once ("closing" a state): executing an instruction
// that is ready, making a store visible that no judged walk reads, letting a TLBI take effect that removes
// nothing a judged walk still needs. What is left to choose: when the stores that judged walks read become
// visible, when a walk reads a descriptor and what entry it leaves, and when the judged access looks its
// translation up.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/arch/leaf_change.hpp"
#include "model/machine/scenario.hpp"

namespace tlbcheck::model {

/// A guest's walk needs others of stage 2: of so many the machine follows all.
inline constexpr std::size_t most_walks = 10;

/// How far a judged walk is: what the judged PE holds of it.
struct WalkState {
    int level = 0;          ///< next level to read; of the leaf once there is one
    bool combined = false;  ///< the entry that combines the leaf with stage 1 is held
    bool begun = false;     ///< in its context: the descriptors above the root level are held
    bool leaf = false;  ///< a leaf entry is held; else the walk-cache entry of level - 1, none at the root
    EntrySpan span = EntrySpan::own;
    std::array<StoredId, 4> reads{};             ///< what was read at each level
    std::array<std::uint32_t, 4> generations{};  ///< of the table page read at each level
    friend bool operator==(const WalkState&, const WalkState&) = default;
};

/// A branch or await that has its value before it executes: loads are made in any order that nothing forbids.
struct EarlyRead {
    std::uint32_t position = 0;
    StoredId id = 0;
    bool stored_since = false;    ///< its thread's stores became visible later
    bool released_since = false;  ///< a store-release among them
    bool read_since = false;      ///< its thread read something later
    friend bool operator==(const EarlyRead&, const EarlyRead&) = default;
};

struct ThreadState {
    std::uint32_t position = 0;         ///< next instruction
    std::vector<EarlyRead> early;       ///< by position; kept where some thread goes by what it reads
    std::vector<std::uint32_t> buffer;  ///< stores not yet visible, in program order
    /// Stretches of code that a branch went past, with something in them that orders or a free: [first, end),
    /// ascending.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> passed = {};
    friend bool operator==(const ThreadState&, const ThreadState&) = default;
};

/// Progress of the judged access.
enum class Phase : std::uint8_t {
    waiting,   ///< nothing judged yet
    latched,   ///< the access has its translation and has not accessed memory
    violated,  ///< the property is broken; what is left is to finish the schedule
    updated    ///< hardware has set a flag for it (no_lost_update)
};

struct MachineState {
    std::vector<ThreadState> threads;
    std::vector<StoredId> memory;         ///< by location
    std::vector<std::uint32_t> pending;   ///< TLBIs that reach the judged PE and have not taken effect there
    std::vector<std::uint32_t> outlived;  ///< TLBIs that the access in flight should have been done before
    /// By target; no more than most_walks.
    std::array<WalkState, most_walks> walks;
    /// Kept where the moment judged is one thread's: what each thread knows others have executed (thread by
    /// thread), the same of the executed stores by number, and the stores visible at each location in order.
    std::vector<std::vector<std::uint32_t>> known;
    std::vector<std::vector<std::uint32_t>> told;
    std::vector<std::vector<StoredId>> history;
    bool made = false;            ///< the access has been made, ahead of what its thread has yet to execute
    bool stored_since = false;    ///< and its thread's stores became visible later
    bool released_since = false;  ///< a store-release among them
    StoredId met = 0;             ///< by an access made ahead: the new owner's write whose data it got
    /// Stores of the observer's thread became visible after its translation was taken.
    bool stored_since_latch = false;
    Phase phase = Phase::waiting;
    bool fault = false;         ///< the translation found is a fault
    std::uint8_t fault_at = 0;  ///< of the walk that met it
    friend bool operator==(const MachineState&, const MachineState&) = default;
    /// Equal for equal states only.
    std::string key() const;
};

/// A choice of the machine.
struct MachineAction {
    /// The last three only where nothing is taken at once.
    enum class Kind : std::uint8_t {
        make_visible,
        begin,
        fill,
        combine,
        look_up,
        run_ahead,
        make_access,
        update,
        go_by,
        read_early,
        execute,
        take_effect,
        evict
    } kind = Kind::fill;
    std::uint32_t thread = 0;
    std::uint32_t store = 0;  ///< of make_visible, run_ahead; the TLBI of take_effect
    std::uint8_t walk = 0;
    EntrySpan span = EntrySpan::own;
};

/// What happened, in order, for the trace.
struct MachineEvent {
    StepKind kind = StepKind::store;
    std::uint32_t thread = 0, position = 0;  ///< of the instruction, where there is one
    std::optional<std::uint32_t> store;      ///< index in the scenario's stores
    std::optional<std::uint32_t> tlbi;       ///< index in the scenario's TLBIs
    std::uint8_t walk = 0;
    bool taken = true;       ///< of a branch: it goes on
    bool sets_flag = false;  ///< of a latch: hardware sets a flag in the descriptor that was read
    WalkState entry;         ///< of a fill: the walk before it read
    EntrySpan span = EntrySpan::own;
    bool whole_set = false;  ///< of a combined entry
    Translation result;      ///< of a combined entry, a latch and a hit: what the access gets
};

/// The reads a replay wants, by walk and level; others are not taken.
struct WantedRead {
    int location = -1;
    StoredId value = 0;
    std::optional<EntrySpan> span;  ///< none: any
};
using WantedWalks = std::array<std::array<std::optional<WantedRead>, 4>, most_walks>;

/// The source of a leaf entry held.
struct HeldLeaf {
    int level = 0;
    bool from_sibling = false;
    Descriptor value;
};

class Machine {
  public:
    explicit Machine(const Scenario& scenario) : scenario_(scenario) {}
    void want(const WantedWalks& wanted) { wanted_ = wanted; }
    /// Takes no step at once: every interleaving is explored, evictions too. For tests of the closing.
    void take_single_steps() { single_steps_ = true; }
    void log_to(std::vector<MachineEvent>* log) { log_ = log; }

    /// Only this store may be the hazard of no_bbm_violation, or what loses an update.
    void want_update(std::uint32_t store) { wanted_update_ = store; }

    /// The closed state before anything happened.
    MachineState initial() const;
    /// The choices left, in the order in which a run is best told: what happens late comes last.
    std::vector<MachineAction> actions(const MachineState& state) const;
    /// Takes a step of actions(state) and closes the state.
    void apply(MachineState& state, const MachineAction& action) const;
    /// True iff every thread has run to its end and every store is visible.
    bool finished(const MachineState& state) const;
    /// True iff the finished run breaks the property.
    bool violates(const MachineState& state) const;
    /// What the entry (or fault) of walk `w` gives for the judged address.
    Translation translation(const MachineState& state, std::size_t w) const;
    /// What the judged access got.
    Translation seen(const MachineState& state) const;
    /// A combined entry of this walk serves a whole contiguous set.
    bool combines_set(const MachineState& state, std::size_t w) const;

  private:
    void close(MachineState& state) const;
    void add_single_steps(const MachineState& state, std::vector<MachineAction>& actions) const;
    void take_effect(MachineState& state, std::uint32_t tlbi) const;
    void evict(MachineState& state, std::size_t w) const;
    bool execute_ready(MachineState& state, std::uint32_t thread) const;
    bool can_execute(const MachineState& state, std::uint32_t thread, const MachineInstruction& code) const;
    bool discards_latched(const MachineState& state, std::uint32_t thread, const Barrier& barrier) const;
    bool leaves_latched(const MachineState& state, std::uint32_t thread) const;
    bool barrier_ready(const MachineState& state, std::uint32_t thread, const Barrier& barrier) const;
    bool ends_branch(std::uint32_t thread, std::uint32_t position) const;
    void execute(MachineState& state, std::uint32_t thread) const;
    bool make_ready_visible(MachineState& state, std::uint32_t thread) const;
    bool can_become_visible(const ThreadState& thread, std::size_t at) const;
    bool is_choice(const MachineState& state, const MachineStore& store) const;
    void make_visible(MachineState& state, std::uint32_t thread, std::size_t at) const;
    bool apply_harmless_tlbis(MachineState& state) const;
    bool harmless(const MachineState& state, const MachineTlbi& tlbi) const;
    OrderedBefore ordered_before(const ThreadState& state, std::uint32_t thread,
                                 std::uint32_t position) const;
    bool may_read(const MachineState& state, std::uint32_t thread) const;
    bool waits_for_stores(const MachineState& state, std::uint32_t thread, const Barrier& barrier) const;
    bool acquires_too_late(const MachineState& state, std::uint32_t thread,
                           const MachineInstruction& code) const;
    StoredId read_now(const MachineState& state, std::uint32_t thread, std::uint32_t position) const;
    bool holds(const MachineInstruction& code, StoredId id) const;
    void add_awaits(const MachineState& state, std::vector<MachineAction>& actions) const;
    void add_reads(const MachineState& state, std::vector<MachineAction>& actions) const;
    void read_early(MachineState& state, std::uint32_t thread, std::uint32_t position) const;
    StoredId take_read(MachineState& state, std::uint32_t thread) const;
    void go_to(MachineState& state, std::uint32_t thread, std::uint32_t position) const;
    static bool went_past(const ThreadState& thread, std::uint32_t position);
    bool ordered_apart(const ThreadState& thread, const MachineStore& earlier,
                       const MachineStore& later) const;
    void order_reads(MachineState& state, std::uint32_t thread, const MachineInstruction& code) const;
    void note_executed(MachineState& state, std::uint32_t thread, const MachineInstruction& code) const;
    void note_read(MachineState& state, std::uint32_t thread, StoredId id) const;
    bool is_known(const MachineState& state, StoredId id) const;
    bool may_yield(const MachineState& state, int level, std::uint32_t generation,
                   const Translation& seen) const;
    bool access_made(const MachineState& state) const;
    bool may_make_access(const MachineState& state) const;
    bool waits_for_access(const MachineState& state, std::uint32_t thread, const Barrier& barrier) const;
    bool repeated(const MachineState& state, const MachineTlbi& tlbi) const;
    void outlive(MachineState& state, std::uint32_t id) const;
    bool removes_entry(const MachineState& state, const MachineTlbi& tlbi, std::size_t w) const;
    bool finish_access(MachineState& state) const;
    void add_fills(const MachineState& state, std::size_t w, std::vector<MachineAction>& actions) const;
    // machine_contexts.cpp
    bool may_begin(const MachineState& state, std::size_t w) const;
    bool needs_context(std::size_t w) const { return scenario_.context(w) != nullptr; }
    bool hit_allowed(std::size_t w, const Descriptor& value, bool garbage) const;
    void begin(MachineState& state, std::size_t w) const;
    // guests.cpp
    /// There is an entry that the access can hit.
    bool complete(const MachineState& state, std::size_t w) const;
    enum class Ready : std::uint8_t { no, yes, garbage };
    bool stage2_at_start(std::size_t w) const;
    std::optional<Stage2Need> need(const MachineState& state, std::size_t w) const;
    Ready ready(const MachineState& state, std::size_t w) const;
    bool consumed(const MachineState& state, std::size_t w) const;
    bool is_garbage_leaf(const MachineState& state, std::size_t w) const;
    Translation stage1_result(const MachineState& state, std::size_t w) const;
    HeldLeaf stage2_leaf(const MachineState& state, std::size_t w) const;
    Translation guest_translation(const MachineState& state, std::size_t w) const;
    LeafTranslation guest_leaf(const MachineState& state, std::size_t w) const;
    std::optional<std::size_t> guest_fault(const MachineState& state) const;
    bool guest_removes(const MachineState& state, const MachineTlbi& tlbi, std::size_t w) const;
    bool met_garbage(const MachineState& state) const;
    bool is_under(std::size_t w) const { return scenario_.question().targets[w].under.has_value(); }
    void combine(MachineState& state, std::size_t w) const;
    void begin_before_all(MachineState& state) const;
    bool may_access(std::uint32_t position) const;
    bool may_match(const MachineState& state) const;
    bool hit_by_one_access(const MachineState& state) const;
    bool meet_conflict(MachineState& state) const;
    bool ends_open_context(const MachineState& state, std::uint32_t thread) const;
    bool passes_access(const MachineState& state, std::uint32_t thread, const MachineInstruction& code) const;
    bool holds_back(const MachineState& state, std::uint32_t thread, const MachineStore& store) const;
    bool wanted(std::size_t w, int level, int at, StoredId value, EntrySpan span) const;
    void fill(MachineState& state, const MachineAction& action) const;
    bool may_look_up(const MachineState& state) const;
    bool access_time(const MachineState& state) const;
    bool everything_before_done(const MachineState& state) const;
    bool faults_here(const MachineState& state) const;
    Translation seen_now(const MachineState& state) const;
    bool useful_look_up(const MachineState& state) const;
    bool may_be_invalid(const MachineState& state) const;
    bool combines_unknown(const MachineState& state) const;
    bool guest_after_free(const MachineState& state, std::size_t w, const MachineStore& free) const;
    void look_up(MachineState& state) const;
    bool can_reach_freed(const MachineState& state) const;
    bool exposes(const MachineState& state, std::size_t store) const;
    bool after_free(const MachineState& state, std::size_t w, const MachineStore& free) const;
    bool conflict(const MachineState& state) const;
    bool breaks_bbm(const MachineState& state, std::uint32_t id) const;
    bool meets(const MachineState& state, std::uint32_t owner_store) const;
    // hardware_updates.cpp
    std::optional<Descriptor> update_to(const MachineState& state) const;
    bool may_update(const MachineState& state) const;
    bool in_flight(const MachineState& state) const;
    bool reads_ahead(const MachineState& state) const;
    bool may_be_done(const MachineState& state) const;
    bool may_set_flag(const MachineState& state) const;
    void set_flag(MachineState& state) const;
    bool updates_before(const MachineState& state, const Barrier& barrier) const;
    bool leaves_clear(const MachineState& state, const std::vector<StoredId>& memory) const;
    bool guest_leaves_clear(const MachineState& state, const std::vector<StoredId>& memory) const;
    bool loses(MachineState& state, std::uint32_t id) const;
    bool never_comes(const MachineState& state) const;
    bool made_of(const MachineState& state, std::uint32_t owner_store) const;
    bool releases(const MachineInstruction& code) const;
    bool access_waits_for_stores(const MachineState& state, std::uint32_t own) const;
    bool barrier_ahead(const MachineState& state) const;
    void log_effect(std::uint32_t tlbi) const;
    bool in_memory(const MachineState& state, std::uint32_t store) const;
    FreshLeaf walk_on(const MachineState& state, const std::vector<StoredId>& memory) const;
    bool is_way(std::size_t w) const;
    void add_runs_ahead(const MachineState& state, std::vector<MachineAction>& actions) const;
    bool may_run_ahead(const MachineState& state, std::uint32_t owner_store) const;
    void run_ahead(MachineState& state, const MachineAction& action) const;
    bool changes_set_in_use(const MachineState& state, const MachineStore& store) const;
    bool changes_kind_in_use(const MachineState& state, const MachineStore& store) const;
    int location(const MachineState& state, std::size_t w) const;
    Descriptor leaf(const MachineState& state, std::size_t w) const;
    void log(MachineEvent event) const {
        if (log_ != nullptr) log_->push_back(event);
    }

    const Scenario& scenario_;
    std::optional<WantedWalks> wanted_;
    std::optional<std::uint32_t> wanted_update_;
    bool single_steps_ = false;
    std::vector<MachineEvent>* log_ = nullptr;
};

/// True iff an entry from `before` has to be gone before the tables give `after` (docs/formal-model.md
/// section 5; RWHZWS, RKHRBC).
bool needs_break_before_make(const Scenario& scenario, const HeldLeaf& before, const FreshLeaf& after);

}  // namespace tlbcheck::model
