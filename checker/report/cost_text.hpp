// SPDX-License-Identifier: Apache-2.0
//
// The cost of schedules side by side, for `compare` and for advice.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/report/comparison.hpp"

namespace tlbcheck::checker {

/// Name in tables, name in JSON, and the figure.
struct CostRow {
    std::string_view label, key;
    CostFigure ScheduleCost::*figure;
};
const std::array<CostRow, 6>& cost_rows();
/// "16 (1 per leaf)".
std::string figure_text(const CostFigure& figure);
/// A line for each figure, indented by two: its name, then a column for each schedule under its heading.
std::string cost_table(const std::vector<std::pair<std::string, ScheduleCost>>& columns);
/// "TLBIs 16 -> 1 (94 % fewer), DSBs ...": what changed, empty where nothing did.
std::string cost_change(const ScheduleCost& before, const ScheduleCost& after);

}  // namespace tlbcheck::checker
