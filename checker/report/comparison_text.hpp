// SPDX-License-Identifier: Apache-2.0
//
// `compare` as text and as a JSON document (schema "tlbcheck.compare/1", docs/reports.md).
#pragma once

#include <string>

#include "checker/report/comparison.hpp"
#include "checker/text/color.hpp"

namespace tlbcheck::checker {

/// Ends in a newline.
std::string comparison_text(const Comparison& comparison, const Painter& paint);
std::string comparison_json(const Comparison& comparison);

}  // namespace tlbcheck::checker
