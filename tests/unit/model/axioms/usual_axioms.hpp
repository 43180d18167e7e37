// SPDX-License-Identifier: Apache-2.0
//
// Arm's axioms and those of schedules, with no option chosen; made once for all tests.
#pragma once

#include "model/axioms/arm_model.hpp"
#include "model/axioms/schedule_model.hpp"

namespace tlbcheck::tests {

inline const model::axioms::Definitions& arm() {
    static const model::axioms::Definitions d = model::axioms::arm_definitions({"vmsa"});
    return d;
}

inline const model::axioms::Definitions& schedules() {
    static const model::axioms::Definitions d =
        model::axioms::schedule_definitions(model::HardwareParameters());
    return d;
}

}  // namespace tlbcheck::tests
