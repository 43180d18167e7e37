// SPDX-License-Identifier: Apache-2.0
//
// Which descriptors the machine may keep an entry for.
#pragma once

#include "model/arch/descriptor.hpp"

namespace tlbcheck::model {

/// Without the access flag a walk faults, and nothing of it is kept (Arm ARM D8.16).
inline bool cacheable(const Descriptor& value) {
    return value.valid() && value.af;
}

}  // namespace tlbcheck::model
