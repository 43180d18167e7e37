// SPDX-License-Identifier: Apache-2.0
//
// Puts the events of a run in the order in which they are best told. Only steps that commute change places,
// so the result is a run of the machine with the same outcome.
#pragma once

#include <vector>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

/// The events of the run that makes these choices. The judged access is the event of kind `hit`; a `latch`
/// before it stays only when the access took its translation early.
std::vector<MachineEvent> story(const Scenario& scenario, const std::vector<MachineAction>& path);

}  // namespace tlbcheck::model
