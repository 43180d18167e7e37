// SPDX-License-Identifier: Apache-2.0
//
// machine.KEY: numbers where the parameter is one, words otherwise.

#include "litmus/sched/machine_member.hpp"

#include "model/arch/granule.hpp"

namespace tlbcheck::litmus::sched {

Value machine_member(const model::HardwareParameters& hardware, const std::string& key) {
    if (key == "granule") return Affine(static_cast<Wide>(model::granule_bytes(hardware.granule)));
    if (key == "bbm_level") return Affine(hardware.bbm_level);
    if (key == "ets") return Affine(hardware.ets);
    if (key == "contiguous_fill") return Word{std::string(model::to_string(hardware.contiguous_fill))};
    if (key == "walk_cache") return Word{std::string(model::to_string(hardware.walk_cache))};
    if (key == "tlb_range") return Affine(hardware.tlb_range ? 1 : 0);
    if (key == "levels") return Affine(model::lookup_levels(hardware));
    // contiguous_entries: slots of a set of pages
    return Affine(model::Geometry(hardware).contiguous_slots(3).value_or(1));
}

}  // namespace tlbcheck::litmus::sched
