// SPDX-License-Identifier: Apache-2.0
//
// A counterexample as a run of the TLB machine (docs/formal-model.md section 7): what each PE does, step by
// step, what changes in memory, and what each PE's TLB and walk cache hold after each step. The machine makes
// it; engines add what a slice leaves out, and writers show it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/arch/descriptor.hpp"
#include "model/arch/tlbi.hpp"
#include "model/axioms/rules.hpp"
#include "model/program/places.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// Where a step shows: the PE itself, its TLB, its walk cache; memory is one lane for all PEs.
enum class Lane : std::uint8_t { pe, tlb, walk_cache, memory };

enum class StepKind : std::uint8_t {
    store,    ///< a store executes (it may still wait in the store buffer)
    visible,  ///< a store becomes visible to other PEs and to table walks
    tlbi,     ///< a TLBI is issued
    remove,   ///< a TLBI takes effect at a PE
    barrier,  ///< DSB (complete), DMB, ISB
    fill,     ///< a walk reads descriptors and caches the result
    latch,    ///< a later access's translation is looked up early
    access,   ///< a load or store that is not judged completes
    await,    ///< a load of the awaited value; of the machine's events alone, timelines tell an access
    free,     ///< memory is handed to a new owner: his write executes
    hit,      ///< the judged access, which violates the property
    folded,   ///< stands for several minor steps
};
std::string_view to_string(Lane lane);
std::string_view to_string(StepKind kind);

/// How much an entry serves (docs/formal-model.md section 2, "Entry span").
enum class EntrySpan : std::uint8_t {
    own,        ///< what a Contiguous = 0 leaf maps, or own page with contiguous_fill = none
    shattered,  ///< one page or block out of a contiguous set
    coalesced,  ///< a whole contiguous set
    table,      ///< walk-cache entry of a table descriptor
    combined,   ///< of a guest's VA: stage 1 and stage 2 in one
};
std::string_view to_string(EntrySpan span);

/// What one descriptor in memory holds.
struct MemoryDescriptor {
    std::string name;  ///< short and unique in the timeline: "linear[0]", "PMD[3]"
    DescriptorSlot slot;
    std::uint64_t size = 0;  ///< bytes it maps or covers
    Descriptor value;
    bool reused = false;     ///< what the new owner of the freed table page wrote: nobody knows what it says
    std::string space = {};  ///< the space or VM whose tables it is of; empty where the schedule has none
    friend bool operator==(const MemoryDescriptor&, const MemoryDescriptor&) = default;
};

/// What an entry carries besides its addresses, in a schedule with spaces or VMs.
struct EntryTags {
    CachedTranslation::Stage stage = CachedTranslation::Stage::stage1;
    Regime regime = Regime::el10;
    bool global = false;                ///< of a leaf: it serves every ASID
    std::optional<std::uint16_t> asid;  ///< none: it is global, has none, or only the guest knows it
    std::optional<std::uint16_t> vmid;  ///< none: there are no VMs
    std::string space;                  ///< the space, or VM, whose tables its descriptor is of
    friend bool operator==(const EntryTags&, const EntryTags&) = default;
};

/// An entry of a TLB (leaf) or of a walk cache (span == table).
struct CachedEntry {
    std::uint32_t id = 0;  ///< the same entry keeps its id from step to step
    std::uint64_t first = 0,
                  last = 0;  ///< the VA range it serves and a TLBI by VA must hit; bytes, inclusive
    int level = 3;           ///< of the descriptor it was filled from
    DescriptorSlot source;   ///< that descriptor
    std::string origin;      ///< and its name, as in MemoryDescriptor
    Descriptor value;        ///< the value read; of a leaf, `oa` is the output address of `first`
    EntrySpan span = EntrySpan::own;
    std::uint64_t walked_for = 0;  ///< VA of the page whose walk filled it (walk_cache = per_page)
    bool stale = false;   ///< a fresh walk of the tables as they are after this step would not give it
    bool reused = false;  ///< filled from what the new owner of a freed table page wrote
    std::optional<EntryTags> tags = std::nullopt;  ///< in a schedule with spaces or VMs
    friend bool operator==(const CachedEntry&, const CachedEntry&) = default;
};

/// What one PE holds after a step.
struct PeState {
    std::vector<CachedEntry> tlb, walk_cache;
    std::vector<std::string> store_buffer;  ///< stores not yet visible, oldest first: "linear[0] = invalid"
    std::vector<std::string> pending;       ///< TLBIs issued and not complete, translations latched
    /// In a schedule with spaces or VMs: "TTBR0_EL1: space A, ASID 5", one for each register that it uses.
    std::vector<std::string> context;
    friend bool operator==(const PeState&, const PeState&) = default;
};

struct TimelineStep {
    std::uint32_t pe = 0;  ///< index in Timeline::pes; 0 for memory
    Lane lane = Lane::pe;
    StepKind kind = StepKind::store;
    std::string text;                     ///< short: "TLBI VAAE1IS, 0xffff000080000000"
    std::string detail;                   ///< one sentence on what happens and why it may; may be empty
    std::vector<axioms::RuleName> rules;  ///< "TLBI-ca", "RNGLXZ"
    Place place;                      ///< of the statement; unknown for steps the hardware takes by itself
    Place helper_place;               ///< inside a helper or kernel code, when the statement came out of one
    std::vector<KernelFrame> kernel;  ///< the call stack in kernel code, innermost first
    bool minor = false;               ///< repeats what went before or has no bearing; writers may fold it
    /// Of the schedule, executed or stood for; 0 for what hardware does by itself and for the judged access.
    std::uint64_t instructions = 0;
    std::optional<std::uint64_t> position;  ///< of the one executed, in its thread of the schedule replayed
    std::vector<MemoryDescriptor> memory;   ///< descriptors that changed in this step, with their new values
    std::vector<PeState> pes;               ///< all PEs, after the step
};

/// An ordering between two steps (indices in Timeline::steps).
struct TimelineArrow {
    std::uint32_t from = 0, to = 0;
    axioms::RuleName rule;
    std::string detail;  ///< may be empty
};

struct Timeline {
    std::vector<std::string> pes;  ///< "PE0 (P0)", "PE1 (observer)"
    std::uint32_t judged_pe = 0;   ///< index in pes
    std::uint64_t judged_va = 0;
    std::vector<MemoryDescriptor> memory;  ///< before the first step
    std::vector<PeState> initial;          ///< one for each PE; empty: nothing cached
    std::vector<TimelineStep> steps;
    std::vector<TimelineArrow> arrows;
    std::string cause;     ///< one sentence that names the cause; the engine's
    std::string outcome;   ///< what the bad access did: "translates to 0x80000000 (rw)"
    std::string expected;  ///< what was right: "by the final tables the access takes a translation fault"
};

/// Memory after step `index` (0-based); index -1 is before the first step.
std::vector<MemoryDescriptor> memory_after(const Timeline& timeline, int index);
/// The PEs' contents after step `index`; index -1 is before the first step.
std::vector<PeState> state_after(const Timeline& timeline, int index);

/// For the machine, when all steps are told: leaves out descriptors that hold nothing throughout, marks what
/// a loop repeats as minor, and draws the arrows of the stale entries that serve the judged access.
void finish(Timeline& timeline, const ScheduleProgram& program);

}  // namespace tlbcheck::model
