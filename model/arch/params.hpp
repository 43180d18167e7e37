// SPDX-License-Identifier: Apache-2.0
//
// The hardware parameters (docs/hardware-parameters.md): what may differ between Arm implementations and
// changes the verdict of a schedule.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tlbcheck::model {

/// Translation granule (Arm ARM D8.2, TCR_ELx.TGn).
enum class Granule : std::uint8_t { k4, k16, k64 };

/// What a fill from a Contiguous = 1 descriptor leaves in the TLB (formal-model.md section 2, "Entry span").
enum class ContiguousFill : std::uint8_t { any, none, coalesced, shattered };

/// What one walk-cache entry serves (docs/formal-model.md section 3).
enum class WalkCache : std::uint8_t { per_entry, per_page };

/// One hardware configuration; the defaults are those of docs/formal-model.md section 6.
struct HardwareParameters {
    Granule granule = Granule::k4;
    int bbm_level =
        0;  ///< FEAT_BBM level, 0 to 2 (ID_AA64MMFR2_EL1.BBM); 3 stands for "level 2 that never aborts".
    int ets = 0;  ///< FEAT_ETS2 / FEAT_ETS3: 0, 2 or 3 (ID_AA64MMFR1_EL1.ETS).
    ContiguousFill contiguous_fill = ContiguousFill::any;
    WalkCache walk_cache = WalkCache::per_entry;
    bool tlb_range = true;      ///< FEAT_TLBIRANGE present.
    std::optional<int> levels;  ///< number of lookup levels; default 4 (4K, 16K) or 3 (64K).
    std::optional<int>
        contiguous_entries;  ///< slots of a contiguous set, for experiments; default by granule.

    /// A DSB that completes a TLBI does not wait for accesses of other PEs that use an entry the TLBI
    /// removed, unless TLBI and DSB have been done before (docs/formal-model.md section 4, "repeat").
    bool repeat_tlbi = false;

    bool ha = false;       ///< FEAT_HAFDBS in use: hardware sets the access flag (TCR_ELx.HA).
    bool hd = false;       ///< With HA: hardware sets the dirty state where DBM says so (TCR_ELx.HD).
    bool vtcr_ha = false;  ///< The same at stage 2: the access flag (VTCR_EL2.HA).
    bool vtcr_hd = false;  ///< With that: the dirty state (VTCR_EL2.HD).

    friend bool operator==(const HardwareParameters&, const HardwareParameters&) = default;
};

/// Number of lookup levels of a walk: `levels`, or its default, 4 (4K, 16K) or 3 (64K).
int lookup_levels(const HardwareParameters& hardware);
/// The names used in the language: "any", "none", "coalesced", "shattered"; "per_entry", "per_page".
std::string_view to_string(ContiguousFill fill);
std::string_view to_string(WalkCache walk_cache);

}  // namespace tlbcheck::model
