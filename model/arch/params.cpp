// SPDX-License-Identifier: Apache-2.0
//
// Defaults of the hardware parameters (model.md section 6) and their names in the language.
#include "model/arch/params.hpp"

namespace tlbcheck::model {

int lookup_levels(const HardwareParameters& hardware) {
    return hardware.levels.value_or(hardware.granule == Granule::k64 ? 3 : 4);
}

std::string_view to_string(ContiguousFill fill) {
    switch (fill) {
        case ContiguousFill::none:
            return "none";
        case ContiguousFill::coalesced:
            return "coalesced";
        case ContiguousFill::shattered:
            return "shattered";
        case ContiguousFill::any:
            break;
    }
    return "any";
}

std::string_view to_string(WalkCache walk_cache) {
    return walk_cache == WalkCache::per_page ? "per_page" : "per_entry";
}

}  // namespace tlbcheck::model
