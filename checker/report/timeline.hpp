// SPDX-License-Identifier: Apache-2.0
//
// A counterexample as a run of the machine of docs/formal-model.md section 7: what each PE does, step by
// step, and what its TLB and walk cache hold after each step. Writers: trace_text, explain_json, svg, html.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/report/answer.hpp"
#include "model/axioms/rules.hpp"
#include "model/machine/trace.hpp"

namespace tlbcheck::checker {

using model::EntrySpan;
using model::axioms::RuleName;

/// Where a step shows: the PE itself, its TLB, its walk cache; memory is one lane for all PEs.
enum class Lane : std::uint8_t { pe, tlb, walk_cache, memory };

enum class StepKind : std::uint8_t {
    store,    ///< a store executes (it may still wait in the store buffer)
    visible,  ///< a store becomes visible to the table walkers
    tlbi,     ///< a TLBI is issued
    remove,   ///< a TLBI takes effect at a PE
    barrier,  ///< DSB, DMB, ISB
    fill,     ///< a walk reads descriptors and caches the result
    latch,    ///< a later access's translation is looked up early
    access,   ///< a load or store completes
    free,     ///< memory is handed to a new owner
    hit,      ///< the access that violates the property
    folded,   ///< stands for several minor steps
};
std::string_view to_string(Lane lane);
std::string_view to_string(StepKind kind);

enum class DescriptorState : std::uint8_t { invalid, leaf, table };
std::string_view to_string(DescriptorState state);

/// What one descriptor in memory holds.
struct MemoryDescriptor {
    std::string name;        ///< short and unique in the timeline: "linear[0]", "PMD[3]"
    std::uint64_t va = 0;    ///< start of what it maps
    std::uint64_t size = 0;  ///< bytes it maps or covers
    int level = 3;
    DescriptorState state = DescriptorState::invalid;
    std::uint64_t oa = 0;  ///< output address (leaf) or a number that tells tables apart (table); else 0
    bool contiguous = false;
    std::string attributes;  ///< "rw", "ro, Device-nGnRE"; empty for invalid
    bool reused = false;     ///< what the new owner of the freed table page wrote: nobody knows what it says
    friend bool operator==(const MemoryDescriptor&, const MemoryDescriptor&) = default;
};
/// "TLBI-ca, RNGLXZ".
std::string text_of(const std::vector<RuleName>& rules);
/// "invalid", "0x80000000 C rw", "table 1".
std::string value_text(const MemoryDescriptor& descriptor);

/// A TLB or walk-cache entry.
struct CachedEntry {
    std::uint32_t id = 0;  ///< the same entry keeps its id from step to step
    AddressRange va;       ///< what it covers, and what one TLBI by VA must hit
    int level = 3;         ///< of the descriptor it was filled from
    std::uint64_t oa = 0;  ///< output address of va.first (leaf), next table (walk cache)
    std::string origin;    ///< name of the MemoryDescriptor it was filled from
    EntrySpan span = EntrySpan::own;
    std::string attributes;
    bool stale = false;   ///< a fresh walk of the tables as they are after this step would not give it
    bool reused = false;  ///< filled from what the new owner of a freed table page wrote
    friend bool operator==(const CachedEntry&, const CachedEntry&) = default;
};

/// What one PE holds after a step.
struct PeState {
    std::vector<CachedEntry> tlb, walk_cache;
    std::vector<std::string> store_buffer;  ///< stores not yet visible: "linear[0] = invalid"
    std::vector<std::string> pending;       ///< TLBIs issued and not complete, translations latched
    friend bool operator==(const PeState&, const PeState&) = default;
};

struct TimelineStep {
    std::uint32_t pe = 0;  ///< index in Timeline::pes; 0 for memory
    Lane lane = Lane::pe;
    StepKind kind = StepKind::store;
    std::string text;             ///< short: "TLBI VAAE1IS 0xffff000080000000"
    std::string detail;           ///< one sentence on what happens and why it may
    std::vector<RuleName> rules;  ///< "TLBI-ca", "RNGLXZ"
    Place place;                  ///< of the statement; unknown for steps the hardware takes by itself
    Place helper_place;           ///< inside a helper or kernel code, when the statement came out of one
    std::vector<model::KernelFrame> kernel;  ///< the call stack in kernel code, innermost first
    bool minor = false;  ///< repeats what went before or has no bearing; writers may fold it
    /// Of the schedule, executed or stood for; 0 for what hardware does by itself and for the judged access.
    std::uint64_t instructions = 0;
    std::optional<std::uint64_t> position;  ///< of the one executed, in its thread of the schedule replayed
    std::vector<MemoryDescriptor> memory;   ///< descriptors that changed in this step, with their new values
    std::vector<PeState> pes;               ///< all PEs, after the step
};

/// An ordering between two steps (indices in Timeline::steps).
struct TimelineArrow {
    std::uint32_t from = 0, to = 0;
    RuleName rule;
    std::string detail;  ///< may be empty
};

struct Timeline {
    std::vector<std::string> pes;          ///< "PE0 (P0)", "PE1 (observer)"
    std::vector<MemoryDescriptor> memory;  ///< before the first step
    std::vector<PeState> initial;          ///< one for each PE; empty: nothing cached
    std::vector<TimelineStep> steps;
    std::vector<TimelineArrow> arrows;
    std::string cause;     ///< one sentence that names the cause
    std::string outcome;   ///< what the bad access did: "translates to 0x80000000 (rw)"
    std::string expected;  ///< what was right: "by the final tables it faults"
};

/// Memory after step `index` (0-based); index -1 is before the first step.
std::vector<MemoryDescriptor> memory_after(const Timeline& timeline, int index);
/// The PEs' contents after step `index`; index -1 is before the first step.
std::vector<PeState> state_after(const Timeline& timeline, int index);

/// Steps that stand as one in whatever shows the timeline: indices in Timeline::steps, both inclusive.
struct Fold {
    std::uint32_t first = 0, last = 0;
    friend bool operator==(const Fold&, const Fold&) = default;
};
/// The runs of at least two minor steps, those with arrows left out; ascending. What text, pictures, the page
/// and JSON fold is decided here and nowhere else.
std::vector<Fold> folds_of(const Timeline& timeline);
/// What is shown in the place of a fold: a step of kind `folded`, which says how many it stands for and
/// carries their changes to memory.
TimelineStep step_of(const Timeline& timeline, const Fold& fold);
/// The timeline with each of its folds replaced by that step.
Timeline folded(const Timeline& timeline);
/// For each PE, whether its walk cache is shown in short: it holds entries, and none of them is ever stale.
std::vector<bool> idle_walk_caches(const Timeline& timeline);

/// The steps that matter, each at its place. A step that the hardware takes by itself stands where its PE is
/// in the text by then; before the first statement, and for the judged access, at `stated`, the question's
/// place.
std::vector<FlowStep> flow_of(const Timeline& timeline, const Place& stated);

}  // namespace tlbcheck::checker
