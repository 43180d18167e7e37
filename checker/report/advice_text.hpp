// SPDX-License-Identifier: Apache-2.0
//
// `minimize` and `repair` as text and as JSON documents (schemas "tlbcheck.minimize/1", "tlbcheck.repair/1",
// docs/advice.md).
#pragma once

#include <string>

#include "checker/report/advice.hpp"
#include "checker/text/color.hpp"

namespace tlbcheck::checker {

/// `width`: characters of a line, but for statements and the diff.
std::string minimize_text(const MinimizeReport& report, const Painter& paint, std::size_t width);
std::string repair_text(const RepairReport& report, const Painter& paint, std::size_t width);
std::string minimize_json(const MinimizeReport& report);
std::string repair_json(const RepairReport& report);

}  // namespace tlbcheck::checker
