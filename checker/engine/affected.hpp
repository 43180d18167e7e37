// SPDX-License-Identifier: Apache-2.0
//
// Which addresses a violated property is violated at, in the whole schedule, from what was found in one
// slice.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "checker/report/answer.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::checker {

/// The stretches of `slicing` that are like the affected candidates of `slice`, in every unit that it stands
/// for; exact at every size, since equal stretches at equal distances are one range.
std::vector<AddressRange> affected_ranges(const model::Slicing& slicing, const model::Slice& slice,
                                          const std::set<std::uint64_t>& affected);

/// Ascending, neighbours merged.
std::vector<AddressRange> merged(std::vector<AddressRange> ranges);

/// As reports have it: a range that only stands for one stretch has no step.
AddressRange reported(const model::LeafRange& range);

}  // namespace tlbcheck::checker
