// SPDX-License-Identifier: Apache-2.0
//
// Barrier instructions and their options (Arm ARM C6.2 DMB, DSB, ISB).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tlbcheck::model {

enum class BarrierKind : std::uint8_t { dmb, dsb, isb };
enum class BarrierDomain : std::uint8_t { nsh, ish, osh, sy };
enum class BarrierAccess : std::uint8_t { full, ld, st };

struct Barrier {
    BarrierKind kind = BarrierKind::isb;
    BarrierDomain domain = BarrierDomain::sy;
    BarrierAccess access = BarrierAccess::full;
    bool nxs = false;  ///< DSB nXS (FEAT_XS)

    friend bool operator==(const Barrier&, const Barrier&) = default;
};

/// Parses an option such as "ish", "ISHST", "sy", "ld"; nullopt when there is no such option.
std::optional<Barrier> parse_barrier(BarrierKind kind, std::string_view option);
/// "DSB ISHST", "ISB", ...
std::string to_string(const Barrier& barrier);
/// The cat set that holds the barrier: "DSB.ISHST", "DMB.SY", "ISB", ...
std::string cat_set(const Barrier& barrier);

}  // namespace tlbcheck::model
