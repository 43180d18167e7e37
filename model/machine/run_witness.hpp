// SPDX-License-Identifier: Apache-2.0
//
// The witness of a run of the machine: what its judged walks read. Replaying it gives a run with the same
// judged access.
#pragma once

#include <vector>

#include "model/machine/machine.hpp"
#include "model/machine/witness.hpp"

namespace tlbcheck::model {

/// `path`: the choices of a violating run. The sides that TLBIs took are left out.
Witness run_witness(const Scenario& scenario, const std::vector<MachineAction>& path);

}  // namespace tlbcheck::model
