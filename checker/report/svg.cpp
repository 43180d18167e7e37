// SPDX-License-Identifier: Apache-2.0
//
// Puts the drawings of a file below one another.

#include "checker/report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/report/svg_canvas.hpp"
#include "checker/report/timeline_text.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

constexpr double margin = 24;
constexpr std::size_t prose_characters = 118;

bool is_bad(Verdict verdict) {
    return verdict == Verdict::unsafe;
}

class Sheet {
  public:
    explicit Sheet(SvgCanvas& canvas) : canvas_(canvas) {}

    void title(const Explanation& explanation) {
        y_ += 20;
        canvas_.text(margin, y_, "tc-h1", explanation.title.empty() ? explanation.file : explanation.title);
        y_ += 20;
        canvas_.text(margin, y_, "tc-note", explanation.file);
        y_ += 8;
    }

    void question(const QuestionExplanation& explained) {
        const QuestionReport& question = explained.question;
        y_ += 24;
        const std::string_view mark = is_bad(question.verdict) ? "✗ " : "";
        canvas_.text(margin, y_, is_bad(question.verdict) ? "tc-h2 tc-bad-text" : "tc-h2 tc-good-text",
                     fmt::format("{}{}", mark, headline(question)));
        y_ += 4;
        const std::string cause =
            explained.timeline && !explained.timeline->cause.empty() ? explained.timeline->cause
            : explained.proof && !explained.proof->summary.empty()   ? explained.proof->summary
                                                                     : question.reason;
        prose("tc-p", cause);
        prose("tc-note", hardware_line(question));
        y_ += 14;
        if (explained.timeline)
            take(draw_timeline(canvas_, folded(*explained.timeline), margin, y_));
        else if (explained.graph)
            take(draw_graph(canvas_, *explained.graph, margin, y_));
        if (explained.proof) take(draw_proof(canvas_, *explained.proof, margin, y_));
    }

    double width() const { return width_ + 2 * margin; }
    double height() const { return y_ + margin; }

  private:
    void prose(std::string_view css_class, const std::string& text) {
        for (const std::string& line : wrapped(text, prose_characters)) {
            y_ += 16;
            canvas_.text(margin, y_, css_class, line);
            width_ = std::max(width_, static_cast<double>(character_count(line)) * small_width);
        }
    }
    void take(SvgExtent extent) {
        width_ = std::max(width_, extent.width);
        y_ += extent.height + 10;
    }

    SvgCanvas& canvas_;
    double y_ = margin - 6, width_ = 640;
};

}  // namespace

std::string explain_svg(const Explanation& explanation) {
    SvgCanvas canvas;
    Sheet sheet(canvas);
    sheet.title(explanation);
    std::string description;
    for (const QuestionExplanation& explained : explanation.questions) {
        sheet.question(explained);
        description += headline(explained.question) + ". " + explained.question.reason + " ";
    }
    return canvas.document(sheet.width(), sheet.height(),
                           explanation.title.empty() ? explanation.file : explanation.title, description,
                           true);
}

std::string inline_graph_svg(const ExecutionGraph& graph) {
    SvgCanvas canvas;
    const SvgExtent extent = draw_graph(canvas, graph, margin, margin);
    std::string description;
    for (const GraphEvent& event : graph.events) description += fmt::format("{}: {}. ", event.id, event.text);
    return canvas.document(extent.width + 2 * margin, extent.height + 2 * margin, graph.title, description,
                           false);
}

}  // namespace tlbcheck::checker
