// SPDX-License-Identifier: Apache-2.0
//
// Whether the slices of a schedule, and with them its verdict, depend on the size of the region
// (docs/slicing.md, "Any size").
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/slice/slicing.hpp"

namespace tlbcheck::model {

enum class SizeDependence : std::uint8_t {
    absorbed,  ///< from `from` on, sizes differ only in how often loops run, and every slice recurs: holds
               ///< for all
    tried,     ///< the slices are the same at every size tried from `from` on, but the instructions differ
    depends,   ///< some slice comes or goes with the size
};

struct AnySize {
    SizeDependence dependence = SizeDependence::depends;
    std::uint64_t from = 0;            ///< bytes; sizes tried below it have other slices
    std::vector<std::uint64_t> tried;  ///< ascending
    std::optional<std::uint64_t>
        changes_at;  ///< `depends`: first size tried whose slices are not those of the smaller one
    std::optional<SourcePlace> place;  ///< of the first instruction that differs there
    std::string text;                  ///< one or two sentences for the user
};

/// The schedule with its region `size` bytes long; nullopt where there is none (too large, misaligned).
using ExpandForSize = std::function<std::optional<ScheduleProgram>(std::uint64_t size)>;

/// Tries sizes from one unit on up to `most` bytes: small multiples of the unit, powers of two and their
/// neighbours. `size` is the one asked about; its slices must be among those that stay.
AnySize any_size(const ExpandForSize& expand, const Property& property, std::uint64_t size,
                 std::uint64_t unit, std::uint64_t most);

}  // namespace tlbcheck::model
