// SPDX-License-Identifier: Apache-2.0
//
// The output of `compare A B`: verdicts side by side, the witness, and what each schedule costs.
#pragma once

#include <string>

#include "checker/report/comparison.hpp"
#include "checker/terminal/color.hpp"

namespace tlbcheck::checker {

/// Two columns; ends in a newline.
std::string compare_text(const Comparison& comparison, const Painter& paint);
/// Schema "tlbcheck.compare/1".
std::string compare_json(const Comparison& comparison);

}  // namespace tlbcheck::checker
