// SPDX-License-Identifier: Apache-2.0
//
// From the choices of a run to the timeline that a person reads.
#pragma once

#include <vector>

#include "model/machine/machine.hpp"
#include "model/machine/timeline.hpp"

namespace tlbcheck::model {

/// The run that makes these choices from the initial state; all but the cause.
Timeline render(const Scenario& scenario, const std::vector<MachineAction>& path);

}  // namespace tlbcheck::model
