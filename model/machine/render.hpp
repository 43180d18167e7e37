// SPDX-License-Identifier: Apache-2.0
//
// From the choices of a run to a trace a person reads.
#pragma once

#include <vector>

#include "model/machine/machine.hpp"
#include "model/machine/trace.hpp"

namespace tlbcheck::model {

/// The trace of the run that makes these choices from the initial state.
Trace render(const Scenario& scenario, const std::vector<MachineAction>& path);

}  // namespace tlbcheck::model
