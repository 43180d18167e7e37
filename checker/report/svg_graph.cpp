// SPDX-License-Identifier: Apache-2.0
//
// An execution graph as a picture: a column a thread in program order, initial writes on top.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "checker/report/svg.hpp"
#include "checker/report/svg_canvas.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

constexpr double node_height = 26, row_height = 74, column_gap = 90;

struct Node {
    double x = 0, y = 0, width = 0;
    double middle_x() const { return x + width / 2; }
    double middle_y() const { return y + node_height / 2; }
};

std::string label_of(const GraphEvent& event) {
    return fmt::format("{}: {}", event.id, event.text);
}

double width_of(const GraphEvent& event) {
    return static_cast<double>(character_count(label_of(event))) * mono_width + 20;
}

struct Layout {
    std::vector<Node> nodes;
    std::vector<double> thread_x;
    SvgExtent extent;
};

Layout lay_out(const ExecutionGraph& graph, double x, double y) {
    Layout layout;
    layout.nodes.resize(graph.events.size());
    double at = x;
    for (std::size_t i = 0; i < graph.events.size(); ++i) {  // Initial writes, in a row.
        if (graph.events[i].thread >= 0) continue;
        layout.nodes[i] = {at, y, width_of(graph.events[i])};
        at += layout.nodes[i].width + 24;
    }
    const double top = at > x ? y + row_height : y;
    double right = at, left = x, bottom = top;
    for (int thread = 0; thread < static_cast<int>(graph.threads.size()); ++thread) {
        double widest = 80, row = top + 24;
        for (std::size_t i = 0; i < graph.events.size(); ++i) {
            if (graph.events[i].thread != thread) continue;
            layout.nodes[i] = {left + 20, row, width_of(graph.events[i])};
            widest = std::max(widest, layout.nodes[i].width);
            row += row_height;
        }
        layout.thread_x.push_back(left);
        left += widest + 40 + column_gap;
        bottom = std::max(bottom, row);
    }
    layout.extent = {std::max(right, left) - x, bottom - y};
    return layout;
}

std::string_view edge_class(std::string_view relation) {
    if (relation == "rf") return "tc-rf";
    if (relation == "co" || relation == "ca") return "tc-co";
    if (relation == "fr") return "tc-fr";
    if (relation == "po") return "tc-po";
    return "tc-edge";
}

/// Where the straight line between the middles leaves a node's box.
std::pair<double, double> border(const Node& node, double towards_x, double towards_y) {
    const double dx = towards_x - node.middle_x(), dy = towards_y - node.middle_y();
    if (dx == 0 && dy == 0) return {node.middle_x(), node.middle_y()};
    const double scale_x = dx == 0 ? 1e9 : (node.width / 2 + 2) / std::abs(dx);
    const double scale_y = dy == 0 ? 1e9 : (node_height / 2 + 2) / std::abs(dy);
    const double scale = std::min(scale_x, scale_y);
    return {node.middle_x() + dx * scale, node.middle_y() + dy * scale};
}

void draw_edge(SvgCanvas& canvas, const Node& from, const Node& to, std::string_view relation, int order) {
    const double bend = relation == "po" ? 0 : 18 + 16 * order;
    const double dx = to.middle_x() - from.middle_x(), dy = to.middle_y() - from.middle_y();
    const double length = std::max(1.0, std::hypot(dx, dy));
    const double cx = (from.middle_x() + to.middle_x()) / 2 + dy / length * bend;
    const double cy = (from.middle_y() + to.middle_y()) / 2 - dx / length * bend;
    const auto [x1, y1] = border(from, cx, cy);
    const auto [x2, y2] = border(to, cx, cy);
    canvas.path(fmt::format("M{} {}Q{} {} {} {}", coordinate(x1), coordinate(y1), coordinate(cx),
                            coordinate(cy), coordinate(x2), coordinate(y2)),
                edge_class(relation), true);
    canvas.text((x1 + 2 * cx + x2) / 4 + 4, (y1 + 2 * cy + y2) / 4 - 3, "tc-rule", relation);
}

}  // namespace

SvgExtent draw_graph(SvgCanvas& canvas, const ExecutionGraph& graph, double x, double y) {
    const Layout layout = lay_out(graph, x, y);
    for (std::size_t thread = 0; thread < graph.threads.size(); ++thread) {
        double widest = 80, top = 1e9, bottom = 0;
        for (std::size_t i = 0; i < graph.events.size(); ++i) {
            if (graph.events[i].thread != static_cast<int>(thread)) continue;
            widest = std::max(widest, layout.nodes[i].width);
            top = std::min(top, layout.nodes[i].y);
            bottom = std::max(bottom, layout.nodes[i].y + node_height);
        }
        if (top > bottom) continue;
        canvas.rect(layout.thread_x[thread], top - 28, widest + 40, bottom - top + 40, "tc-lane", 8);
        canvas.text(layout.thread_x[thread] + 10, top - 10, "tc-h2", graph.threads[thread]);
    }
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        const GraphEdge& edge = graph.edges[i];
        const auto same_pair = [&](const GraphEdge& other) {
            return other.relation != RuleName("po") && ((other.from == edge.from && other.to == edge.to) ||
                                                        (other.from == edge.to && other.to == edge.from));
        };
        const auto end = graph.edges.begin() + static_cast<std::ptrdiff_t>(i);
        const int order = static_cast<int>(std::count_if(graph.edges.begin(), end, same_pair));
        draw_edge(canvas, layout.nodes[edge.from], layout.nodes[edge.to], edge.relation.text(), order);
    }
    for (std::size_t i = 0; i < graph.events.size(); ++i) {
        const Node& node = layout.nodes[i];
        canvas.rect(node.x, node.y, node.width, node_height,
                    graph.events[i].implicit ? "tc-box-fill" : "tc-box");
        canvas.text(node.x + 10, node.y + 17, "tc-strong", label_of(graph.events[i]));
    }
    return layout.extent;
}

}  // namespace tlbcheck::checker
