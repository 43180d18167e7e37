// SPDX-License-Identifier: Apache-2.0
//
// A run of the operational TLB machine (formal-model.md section 7) as a list of steps a person can follow:
// what happens on which PE, what changes in memory, and what every PE's TLB and walk cache hold afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/arch/descriptor.hpp"
#include "model/axioms/rules.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

enum class TraceKind : std::uint8_t {
    store,    ///< a store executes; it may still wait in the store buffer
    visible,  ///< a store becomes visible to other PEs and to table walks
    tlbi,     ///< a TLBI is issued
    remove,   ///< a TLBI takes effect at a PE
    barrier,  ///< DSB (complete), DMB, ISB
    fill,     ///< a walk reads one descriptor and caches it
    latch,    ///< the translation of a later access is taken early
    access,   ///< a flag access, or an access that is not judged
    await,    ///< a load of the awaited value
    free,     ///< memory handed to a new owner: his write executes
    hit,      ///< the judged access
};
/// "store", "visible", ...
std::string_view to_string(TraceKind kind);

/// How much an entry serves (docs/formal-model.md section 2, "Entry span").
enum class EntrySpan : std::uint8_t {
    own,        ///< what a Contiguous = 0 leaf maps, or own page with contiguous_fill = none
    shattered,  ///< one page or block out of a contiguous set
    coalesced,  ///< a whole contiguous set
    table,      ///< walk-cache entry of a table descriptor
    combined,   ///< of a guest's VA: stage 1 and stage 2 in one
};
std::string_view to_string(EntrySpan span);

/// An entry of a TLB (leaf) or of a walk cache (span == table).
struct TraceEntry {
    std::uint32_t id = 0;  ///< stays with the entry from step to step
    std::uint64_t first = 0,
                  last = 0;  ///< the VA range it serves and a TLBI by VA must hit; bytes, inclusive
    int level = 3;           ///< lookup level of the descriptor it was filled from
    DescriptorSlot source;   ///< that descriptor
    Descriptor value;        ///< the value read; for a leaf, `oa` is the output address of `first`
    bool garbage = false;    ///< read from memory that had been freed and reused
    EntrySpan span = EntrySpan::own;
    std::uint64_t walked_for = 0;  ///< VA of the page whose walk filled it (walk_cache = per_page)
    bool stale = false;            ///< the tables as they are after this step would not give it
    friend bool operator==(const TraceEntry&, const TraceEntry&) = default;
};

/// What one PE holds after a step.
struct TracePe {
    std::vector<TraceEntry> tlb, walk_cache;
    std::vector<std::string> store_buffer;  ///< stores not yet visible, oldest first
    std::vector<std::string> pending;       ///< TLBIs not complete; translations latched early
    friend bool operator==(const TracePe&, const TracePe&) = default;
};

/// A descriptor in memory and its value.
struct TraceDescriptor {
    DescriptorSlot slot;
    Descriptor value;
    bool garbage = false;  ///< overwritten by the new owner of a freed table page
    friend bool operator==(const TraceDescriptor&, const TraceDescriptor&) = default;
};

struct TraceStep {
    std::uint32_t pe = 0;  ///< index in Trace::pes
    TraceKind kind = TraceKind::store;
    std::string text;                     ///< short: "TLBI VAAE1IS 0xffff000080000000"
    std::string detail;                   ///< one sentence: what happens and why it may; may be empty
    std::vector<axioms::RuleName> rules;  ///< "RNGLXZ", "TLBI-ob"
    bool minor = false;  ///< concerns neither the judged address's descriptors nor its entries
    std::optional<SourcePlace> place,
        helper_place;                        ///< of the instruction; none for what hardware does by itself
    std::uint32_t kernel = no_kernel_stack;  ///< of an instruction that kernel code executed
    std::optional<std::uint64_t> position;   ///< of the instruction executed, in its thread's execution
    std::vector<TraceDescriptor> memory;     ///< descriptors changed by this step, new values
    std::vector<TracePe> pes;                ///< every PE after the step
};

struct Trace {
    std::vector<std::string>
        pes;                      ///< "P0", ..., then "observer" when the judged access is on a PE of its own
    std::uint32_t judged_pe = 0;  ///< index in pes
    std::uint64_t judged_va = 0;
    std::vector<TraceDescriptor> memory;  ///< before the first step: every descriptor the run reads or writes
    std::vector<TraceStep> steps;
    std::string outcome;   ///< what the judged access did: "translates to 0x80000000 (rw)"
    std::string expected;  ///< what it should have done: "faults: the descriptor is invalid"
};

}  // namespace tlbcheck::model
