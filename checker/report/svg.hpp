// SPDX-License-Identifier: Apache-2.0
//
// `explain --svg`: one still picture. A counterexample as a timeline (time flows down, a lane for each PE,
// its TLB and its walk cache), a proof as its cycles, a litmus witness as its execution graph.
#pragma once

#include <string>

#include "checker/report/explanation.hpp"

namespace tlbcheck::checker {

class SvgCanvas;

/// The whole file: all questions below one another.
std::string explain_svg(const Explanation& explanation);
/// An execution graph alone, without a style sheet, for inlining into the page.
std::string inline_graph_svg(const ExecutionGraph& graph);

/// What a drawing takes up, in pixels.
struct SvgExtent {
    double width = 0, height = 0;
};
SvgExtent draw_timeline(SvgCanvas& canvas, const Timeline& timeline, double x, double y);
SvgExtent draw_proof(SvgCanvas& canvas, const Proof& proof, double x, double y);
SvgExtent draw_graph(SvgCanvas& canvas, const ExecutionGraph& graph, double x, double y);

}  // namespace tlbcheck::checker
