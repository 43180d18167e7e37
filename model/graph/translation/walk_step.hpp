// SPDX-License-Identifier: Apache-2.0
//
// One descriptor read of a walk, with the context that the walk is in, and which TLBIs have it in scope (Arm
// ARM C5.5, D8.17; docs/formal-model.md sections 4 and 11).
#pragma once

#include <compare>
#include <cstdint>

#include "model/arch/tlbi.hpp"
#include "model/graph/translation/descriptor_word.hpp"

namespace tlbcheck::model::translation {

struct WalkStep {
    Regime regime = Regime::el10;
    int stage = 1;
    int level = 3;
    std::uint64_t input = 0;  ///< what the stage translates: VA (stage 1) or IPA (stage 2)
    std::uint64_t va = 0;     ///< of the access
    std::uint16_t asid = 0;   ///< EL1&0, stage 1
    std::uint16_t vmid = 0;   ///< EL1&0
    /// Stage 2: level of the stage 1 descriptor that the walk is for; 4 for the output address.
    int for_level = 4;
    /// Not a descriptor: the entry that combines both stages, made when the walk is done.
    bool combined = false;
    bool global = true;  ///< of a combined entry
    friend auto operator<=>(const WalkStep&, const WalkStep&) = default;
};

/// A TLBI with its operand, and what it takes from the PE that issues it.
struct IssuedInvalidation {
    TlbiOp op;
    std::uint64_t operand = 0;
    std::uint16_t vmid = 0;  ///< VTTBR_EL2.VMID
};

/// True iff the operation is required to remove the entry made of this read, where it read `word`.
bool in_scope(const IssuedInvalidation& tlbi, const WalkStep& step, std::uint64_t word);

}  // namespace tlbcheck::model::translation
