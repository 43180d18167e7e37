// SPDX-License-Identifier: Apache-2.0
// Schedules and the question of break-before-make, for tests.
#pragma once

#include <utility>
#include <vector>

#include "tests/unit/model/slice/schedules.hpp"

namespace tlbcheck::model::testing {

inline Property bbm(int level = 0) {
    Property p = property(PropertyKind::no_bbm_violation);
    p.hardware.bbm_level = level;
    return p;
}

inline void append(ScheduleProgram& program, std::vector<Instruction> code, std::uint64_t count = 1) {
    program.threads[0].code.push_back({count, std::move(code)});
}

}  // namespace tlbcheck::model::testing
