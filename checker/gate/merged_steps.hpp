// SPDX-License-Identifier: Apache-2.0
//
// What `gate --minimize` says of a file that is judged in several configurations: a step can be dropped where
// it can in each of them.
#pragma once

#include "checker/report/answer.hpp"

namespace tlbcheck::checker {

/// Takes over what another configuration of the same file says.
void merge_steps(MinimizedSteps& into, const MinimizedSteps& from);

}  // namespace tlbcheck::checker
