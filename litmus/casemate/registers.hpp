// SPDX-License-Identifier: Apache-2.0
//
// Registers of EL2 as a log records their writes: what goes for the whole log, and where walks begin.
#pragma once

#include <cstdint>
#include <functional>

#include "litmus/casemate/record.hpp"
#include "litmus/casemate/words.hpp"

namespace tlbcheck::litmus::casemate {

/// Where a walk begins.
struct WalkStart {
    int level = 0;            ///< of the root, 0 to 2
    std::uint64_t pages = 1;  ///< concatenated tables of that level, 1 to 16
};

/// VTCR_EL2 and TCR_EL2: T0SZ, SL0, TG0. Throw Refused for what is not supported.
WalkStart start_of_stage2(std::uint64_t vtcr);
WalkStart start_of_el2(std::uint64_t tcr);

inline constexpr std::uint64_t hcr_tge = std::uint64_t{1} << 27U;

/// HCR_EL2's and MAIR_EL2's, by the first writes. `changed` is called with the record of a later one that
/// says otherwise and with the name of what changes; it throws.
WordFormat word_format(const Log& log, const std::function<void(const Record&, const char*)>& changed);

}  // namespace tlbcheck::litmus::casemate
