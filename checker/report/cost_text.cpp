// SPDX-License-Identifier: Apache-2.0
//
// A column for each schedule, a row for each figure.
#include "checker/report/cost_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {

const std::array<CostRow, 6>& cost_rows() {
    static constexpr std::array<CostRow, 6> rows{{
        {"TLBIs", "tlbis", &ScheduleCost::tlbis},
        {"  of them broadcast", "broadcasts", &ScheduleCost::broadcasts},
        {"DSBs", "dsbs", &ScheduleCost::dsbs},
        {"ISBs", "isbs", &ScheduleCost::isbs},
        {"descriptor stores", "descriptor_stores", &ScheduleCost::descriptor_stores},
        {"instructions", "instructions", &ScheduleCost::instructions},
    }};
    return rows;
}

std::string figure_text(const CostFigure& figure) {
    return figure.growth.empty() ? std::to_string(figure.count)
                                 : fmt::format("{} ({})", figure.count, figure.growth);
}

std::string cost_table(const std::vector<std::pair<std::string, ScheduleCost>>& columns) {
    std::size_t label_width = 0;
    for (const CostRow& row : cost_rows()) label_width = std::max(label_width, row.label.size());
    std::vector<std::size_t> widths;
    for (const auto& [heading, cost] : columns) {
        std::size_t width = character_count(heading);
        for (const CostRow& row : cost_rows())
            width = std::max(width, character_count(figure_text(cost.*row.figure)));
        widths.push_back(width);
    }
    const auto line = [&](std::string_view label, const auto& cell) {
        std::string text = "  " + fitted(label, label_width, true);
        for (std::size_t k = 0; k < columns.size(); ++k) text += "  " + fitted(cell(k), widths[k], true);
        return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
    };
    std::string out = line("", [&](std::size_t k) { return columns[k].first; });
    for (const CostRow& row : cost_rows())
        out += line(row.label, [&](std::size_t k) { return figure_text(columns[k].second.*row.figure); });
    return out;
}

std::string cost_change(const ScheduleCost& before, const ScheduleCost& after) {
    std::string out;
    for (const CostRow& row : cost_rows()) {
        const std::uint64_t a = (before.*row.figure).count, b = (after.*row.figure).count;
        if (a == b) continue;
        const std::string_view label = row.label.starts_with("  ") ? "broadcasts" : row.label;
        out += fmt::format("{}{} {} -> {}", out.empty() ? "" : ", ", label, a, b);
        if (b < a && (a - b) * 200 >= a) {
            const double fewer = 100.0 * static_cast<double>(a - b) / static_cast<double>(a);
            // Not 100 % where something is left.
            const bool nearly = b > 0 && fewer > 99.9;
            out += fmt::format(" ({}{:.{}f} % fewer)", nearly ? "over " : "", nearly ? 99.9 : fewer,
                               nearly || fewer > 99 ? 1 : 0);
        }
    }
    return out;
}

}  // namespace tlbcheck::checker
