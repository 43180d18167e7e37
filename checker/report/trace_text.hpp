// SPDX-License-Identifier: Apache-2.0
//
// `explain` and `explain --trace` as plain text: a column for each PE, what its TLB and walk cache hold where
// that changes, the bad access at the end and the cause; for safe answers the cycles of orderings.
#pragma once

#include <cstddef>
#include <string>

#include "checker/report/explanation.hpp"
#include "checker/text/color.hpp"

namespace tlbcheck::checker {

/// Ends in a newline. `width`: characters a line, at least 60; more PEs than fit get narrower columns of 30
/// at least.
std::string trace_text(const Explanation& explanation, const Painter& paint, std::size_t width = 110);

}  // namespace tlbcheck::checker
