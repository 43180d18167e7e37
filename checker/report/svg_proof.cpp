// SPDX-License-Identifier: Apache-2.0
//
// A proof as pictures of its cycles: events below one another, each edge labelled with its rule, the last
// leading back to the first.

#include <fmt/format.h>

#include <algorithm>

#include "checker/report/svg.hpp"
#include "checker/report/svg_canvas.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

constexpr double box_height = 26, edge_height = 24;

double text_width(std::string_view text) {
    return static_cast<double>(character_count(text)) * mono_width + 20;
}

double draw_cycle(SvgCanvas& canvas, const ProofCycle& cycle, double x, double y, double& right) {
    double widest = 0;
    for (const ProofEdge& edge : cycle.edges) widest = std::max(widest, text_width(edge.from));
    double at = y;
    for (std::size_t i = 0; i < cycle.edges.size(); ++i) {
        const ProofEdge& edge = cycle.edges[i];
        canvas.rect(x, at, widest, box_height, "tc-box");
        canvas.text(x + 10, at + 17, "tc-strong", edge.from);
        if (i + 1 < cycle.edges.size()) {
            canvas.path(fmt::format("M{0} {1}V{2}", coordinate(x + 24), coordinate(at + box_height),
                                    coordinate(at + box_height + edge_height - 1)),
                        "tc-edge", true);
            canvas.text(x + 34, at + box_height + 15, "tc-rule", edge.rule.text());
        }
        at += box_height + edge_height;
    }
    at -= edge_height;
    const double lane = x + widest + 26;
    const std::string_view back = cycle.edges.back().rule.text();
    canvas.path(fmt::format("M{0} {1}H{2}V{3}H{0}", coordinate(x + widest), coordinate(at - box_height / 2),
                            coordinate(lane), coordinate(y + box_height / 2)),
                "tc-edge-hit", true);
    canvas.text(lane + 6, (y + at) / 2 + 4, "tc-rule", back);
    right = std::max(right, lane + 6 + text_width(back));
    return at - y;
}

}  // namespace

SvgExtent draw_proof(SvgCanvas& canvas, const Proof& proof, double x, double y) {
    double at = y, right = x;
    for (const ExcludedReading& excluded : proof.excluded) {
        at += 14;
        std::string reading = fmt::format("Excluded: {}", excluded.reading);
        if (excluded.stands_for > 1) reading += fmt::format(" (and {} like it)", excluded.stands_for - 1);
        canvas.text(x, at, "tc-h2", reading);
        right = std::max(right, x + text_width(reading));
        at += 10;
        for (const ProofCycle& cycle : excluded.cycles) {
            if (cycle.edges.empty()) continue;
            if (!cycle.assumption.empty()) {
                at += 14;
                canvas.text(x + 16, at, "tc-p", fitted(fmt::format("if {}:", cycle.assumption), 130, false));
            }
            at += 8;
            at += draw_cycle(canvas, cycle, x + 16, at, right) + 14;
        }
    }
    return {right - x, at - y};
}

}  // namespace tlbcheck::checker
