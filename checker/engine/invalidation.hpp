// SPDX-License-Identifier: Apache-2.0
//
// What became of the schedule's TLBIs for one entry that a violating execution used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checker/engine/found_witness.hpp"
#include "checker/engine/missed_scope.hpp"

namespace tlbcheck::checker {

struct Invalidation {
    /// The first reason, in this order, that keeps every TLBI from removing the entry.
    enum class Failure : std::uint8_t {
        none,                  ///< one does remove it
        out_of_scope,          ///< no TLBI has the entry in its scope
        too_early,             ///< each that has comes before the store that changed the descriptor
        local,                 ///< each of those after it stays on another PE
        incomplete,            ///< no DSB completes them for the observer's PE
        before_store_visible,  ///< they are ordered before walks that read the old value: no DSB after the
                               ///< store
    };
    Failure failure = Failure::none;
    MissedScope missed;                            ///< out_of_scope
    std::optional<model::PlainInstruction> store;  ///< that changed the descriptor
    std::optional<model::PlainInstruction> tlbi;   ///< the one to look at
    std::string weak_barrier;  ///< a barrier that stands where one was needed, and is too weak
    std::optional<model::PlainInstruction> free;  ///< of the memory that the entry maps
    bool freed_before_complete = false;  ///< no TLBI for the entry is complete by then, but one follows
};

/// For the T of `level` (an index in the judged walk) that read `w`.
Invalidation invalidation_of(const JudgedExecution& judged, std::size_t level,
                             const model::DescriptorWrite& w);

/// The free of the page that a new owner's write is in.
std::optional<model::PlainInstruction> freeing_instruction(const JudgedExecution& judged,
                                                           const model::DescriptorWrite& w);

/// True iff the schedule stores to the descriptor after the write.
bool changed_later(const JudgedExecution& judged, const model::DescriptorWrite& w);

}  // namespace tlbcheck::checker
