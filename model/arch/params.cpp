// SPDX-License-Identifier: Apache-2.0
//
// What follows from the hardware parameters; their names and values are in hardware_table.cpp.
#include "model/arch/params.hpp"

namespace tlbcheck::model {

int lookup_levels(const HardwareParameters& hardware) {
    return hardware.levels.value_or(hardware.granule == Granule::k64 ? 3 : 4);
}

}  // namespace tlbcheck::model
