// SPDX-License-Identifier: Apache-2.0
//
// The value of machine.KEY in an expression.
#pragma once

#include <string>

#include "litmus/sched/value.hpp"
#include "model/arch/params.hpp"

namespace tlbcheck::litmus::sched {

/// `key` must be one of hardware_keys().
Value machine_member(const model::HardwareParameters& hardware, const std::string& key);

}  // namespace tlbcheck::litmus::sched
