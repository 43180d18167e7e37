// SPDX-License-Identifier: Apache-2.0
//
// The judged access of a counterexample, as far as the machine needs it to rebuild the run
// (docs/formal-model.md section 7): which descriptors its walk read and from which stores. How stores, TLBIs
// and barriers interleave is found by the replay.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/machine/timeline.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// A dynamic instruction: `index` counts the instructions a thread executes from 0, runs unrolled.
struct InstructionRef {
    std::uint32_t thread = 0;
    std::uint64_t index = 0;
    friend auto operator<=>(const InstructionRef&, const InstructionRef&) = default;
};

/// Which access is judged (docs/formal-model.md section 6, observers).
struct Observer {
    std::optional<std::uint32_t> thread;  ///< (a) directly after this thread's part; none: (b) on another PE
    bool store = false;                   ///< a store rather than a load
    /// The space the thread's PE was in at the start, where the thread does not say and it matters.
    std::optional<SpaceId> starts_in = std::nullopt;
    /// (a) before that instruction of the thread; none: after its part.
    std::optional<std::uint64_t> position = std::nullopt;
    friend auto operator<=>(const Observer&, const Observer&) = default;
};

/// One `T` of the walk: which descriptor it read, and the write it read from.
struct WitnessRead {
    DescriptorSlot slot;
    std::optional<InstructionRef> writer;  ///< a store or a free; none: the value before the schedule
    EntrySpan span = EntrySpan::own;  ///< table; for a leaf own, shattered or coalesced; own when it faults
};

/// A walk of stage 2 that a guest's walk needed.
struct WitnessUnder {
    std::uint64_t ipa = 0;  ///< as an address of the VM
    int for_level = 4;      ///< of the stage 1 descriptors in the page; 4: what the leaf gives
    std::vector<WitnessRead> reads;
    std::optional<std::uint32_t> context = std::nullopt;  ///< of VTTBR's
};

/// A completed TLBI in scope of read `read` of the walk, and the side it took. For explanations: replay does
/// not enforce it.
struct WitnessTlbi {
    InstructionRef tlbi;
    std::uint32_t read = 0;   ///< index in Witness::walk
    bool tlbi_first = false;  ///< *e before T*
};

struct Witness {
    PropertyKind kind = PropertyKind::no_stale_entry;
    Observer observer;
    std::uint64_t va = 0;
    std::vector<WitnessRead> walk;  ///< one per level from the start level to the leaf or fault
    /// The other entry, for no_tlb_conflict and for conflicts at the judged access; empty otherwise.
    std::vector<WitnessRead> other_walk;
    /// Of a guest's address: what the walks needed of stage 2, as far as anything changes it.
    std::vector<WitnessUnder> under, other_under;
    /// For no_bbm_violation: the store that needs break-before-make while `walk` can still be cached.
    std::optional<InstructionRef> update;
    std::vector<WitnessTlbi> tlbis;
    /// Which of the PE's contexts (pe_contexts.hpp) the walks began in; none: there is but one.
    std::optional<std::uint32_t> context = std::nullopt, other_context = std::nullopt;
};

}  // namespace tlbcheck::model
