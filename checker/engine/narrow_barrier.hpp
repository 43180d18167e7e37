// SPDX-License-Identifier: Apache-2.0
//
// What the model lets pass as herd7's does, though the barrier's shareability domain says otherwise.
#pragma once

#include <string>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

/// A warning for each DSB that stands between a store to a descriptor and a broadcast TLBI, is the widest
/// there, and whose domain holds fewer PEs than the TLBI reaches: the axioms order the store before the TLBI
/// whatever the domain (aarch64fences.cat), hardware need not. In program order.
std::vector<std::string> narrow_barriers(const model::ScheduleProgram& program);

}  // namespace tlbcheck::checker
