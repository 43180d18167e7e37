// SPDX-License-Identifier: Apache-2.0
//
// Events in clusters by thread, edges coloured by relation.

#include "checker/report/dot.hpp"

#include <fmt/format.h>

#include <array>

#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

struct EdgeStyle {
    std::string_view relation, color;
    bool ranks = false;  ///< takes part in Graphviz's ranking: time flows down
};

constexpr std::array edge_styles{
    EdgeStyle{"po", "black", true},    EdgeStyle{"rf", "red"},
    EdgeStyle{"co", "blue"},           EdgeStyle{"fr", "#ffa040"},
    EdgeStyle{"ca", "#8080ff"},        EdgeStyle{"tr-ib", "#606060", true},
    EdgeStyle{"addr", "indigo", true}, EdgeStyle{"data", "indigo", true},
    EdgeStyle{"ctrl", "indigo", true}, EdgeStyle{"rmw", "brown", true},
    EdgeStyle{"TLBI-ob", "darkgreen"}, EdgeStyle{"TLBI-ca", "darkgreen"},
};

EdgeStyle style_of(std::string_view relation) {
    for (const EdgeStyle& style : edge_styles) {
        if (style.relation == relation) return style;
    }
    return {relation, "grey40"};
}

std::string node_of(const GraphEvent& event, std::uint32_t index, std::string_view indent) {
    return fmt::format("{}eiid{} [label=\"{}: {}\"{}];\n", indent, index, dot_escaped(event.id),
                       dot_escaped(event.text), event.implicit ? ", style=dashed" : "");
}

void add_thread(std::string& out, const ExecutionGraph& graph, int thread) {
    out +=
        fmt::format("  subgraph cluster_proc{} {{\n    label=\"{}\"; rank=sink; color=magenta; shape=box;\n",
                    thread, dot_escaped(graph.threads[static_cast<std::size_t>(thread)]));
    for (std::uint32_t i = 0; i < graph.events.size(); ++i) {
        if (graph.events[i].thread == thread) out += node_of(graph.events[i], i, "    ");
    }
    out += "  }\n";
}

}  // namespace

std::string dot(const ExecutionGraph& graph) {
    std::string out = "digraph G {\n  splines=spline;\n  pad=0.3;\n";
    out += fmt::format("  label=\"{}\";\n", dot_escaped(graph.title));
    out +=
        "  node [shape=none, fontname=\"Helvetica\", fontsize=10, margin=0.03, height=0.2];\n"
        "  edge [fontname=\"Helvetica\", fontsize=9];\n";
    for (std::uint32_t i = 0; i < graph.events.size(); ++i) {
        if (graph.events[i].thread < 0) out += node_of(graph.events[i], i, "  ");
    }
    for (int thread = 0; thread < static_cast<int>(graph.threads.size()); ++thread)
        add_thread(out, graph, thread);
    for (const GraphEdge& edge : graph.edges) {
        const EdgeStyle style = style_of(edge.relation.text());
        out += fmt::format("  eiid{} -> eiid{} [label=\"{}\", color=\"{}\", fontcolor=\"{}\"{}];\n",
                           edge.from, edge.to, dot_escaped(edge.relation.text()), style.color, style.color,
                           style.ranks ? ", weight=8" : ", constraint=false");
    }
    return out + "}\n";
}

std::string explain_dot(const Explanation& explanation) {
    std::string out;
    for (const QuestionExplanation& explained : explanation.questions) {
        if (!explained.graph) continue;
        if (!out.empty()) out += "\n";
        out += dot(*explained.graph);
    }
    return out;
}

}  // namespace tlbcheck::checker
