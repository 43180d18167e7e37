// SPDX-License-Identifier: Apache-2.0
//
// Shapes and text as SVG elements, with the style sheet.

#include "checker/report/svg_canvas.hpp"

#include <fmt/format.h>

#include <cmath>

#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

constexpr std::string_view style_sheet = R"(
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1b2330}
.tc-h1{font:600 19px system-ui,"Segoe UI","DejaVu Sans",sans-serif}
.tc-h2{font:600 13px system-ui,"Segoe UI","DejaVu Sans",sans-serif}
.tc-p,.tc-detail{font:12px system-ui,"Segoe UI","DejaVu Sans",sans-serif;fill:#4c5768}
.tc-detail{font-size:11px}
.tc-rule,.tc-note{font-size:10px;fill:#5b4bc4}
.tc-note{fill:#4c5768}
.tc-strong{font-weight:600}
.tc-bad-text{fill:#b3261e;font-weight:600}.tc-good-text{fill:#14703a;font-weight:600}
.tc-page{fill:#ffffff}
.tc-lane{fill:#f4f6fa}.tc-guide{stroke:#c9d0dc;stroke-dasharray:2 3}
.tc-box{fill:#ffffff;stroke:#b9c2d0}
.tc-box-hit{fill:#fdecea;stroke:#b3261e;stroke-width:1.6}
.tc-box-fill{fill:#eef3ff;stroke:#5c7fd6}
.tc-entry{fill:#d9e6ff;stroke:#5c7fd6}.tc-walk{fill:#e0f3ee;stroke:#3b9c83}
.tc-stale{fill:url(#tc-hatch);stroke:#b3261e;stroke-width:1.6}
.tc-hatch-ground{fill:#fdecea}.tc-hatch-line{stroke:#f2b8b3;stroke-width:3}
.tc-edge{fill:none;stroke:#6b7688;stroke-width:1.3}.tc-head{fill:#6b7688}
.tc-edge-hit{fill:none;stroke:#b3261e;stroke-width:1.8}.tc-head-hit{fill:#b3261e}
.tc-rf{fill:none;stroke:#b3261e;stroke-width:1.4}.tc-co{fill:none;stroke:#2b5fc7;stroke-width:1.4}
.tc-fr{fill:none;stroke:#b66a00;stroke-width:1.4}.tc-po{fill:none;stroke:#30384a;stroke-width:1.4}
@media (prefers-color-scheme:dark){
text{fill:#e6e9f0}.tc-p,.tc-detail,.tc-note{fill:#a9b3c4}.tc-rule{fill:#b5a8ff}
.tc-bad-text{fill:#ff8f85}.tc-good-text{fill:#6fdc9c}
.tc-page{fill:#12161f}.tc-lane{fill:#1a202c}.tc-guide{stroke:#3a4456}
.tc-box{fill:#1d2431;stroke:#475267}.tc-box-hit{fill:#3b1a1a;stroke:#ff8f85}.tc-box-fill{fill:#1b2744;stroke:#7fa2ff}
.tc-entry{fill:#22345f;stroke:#7fa2ff}.tc-walk{fill:#173d35;stroke:#5fc9ad}.tc-stale{stroke:#ff8f85}
.tc-hatch-ground{fill:#3b1a1a}.tc-hatch-line{stroke:#6b2c2a}
.tc-edge{stroke:#8d98ab}.tc-head{fill:#8d98ab}.tc-edge-hit,.tc-rf{stroke:#ff8f85}.tc-co{stroke:#7fa2ff}
.tc-head-hit{fill:#ff8f85}
.tc-fr{stroke:#f0b45c}.tc-po{stroke:#c7cede}
}
)";

}  // namespace

std::string coordinate(double value) {
    const double rounded = std::round(value * 10) / 10;
    return rounded == std::round(rounded) ? fmt::format("{:.0f}", rounded) : fmt::format("{:.1f}", rounded);
}

void SvgCanvas::open_group(std::string_view css_class, std::string_view tooltip) {
    body_ += fmt::format("<g class=\"{}\">", css_class);
    if (!tooltip.empty()) body_ += fmt::format("<title>{}</title>", xml_escaped(tooltip));
    body_ += "\n";
}

void SvgCanvas::close_group() {
    body_ += "</g>\n";
}

void SvgCanvas::rect(double x, double y, double width, double height, std::string_view css_class,
                     double radius) {
    body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" class=\"{}\"/>\n",
                         coordinate(x), coordinate(y), coordinate(width), coordinate(height),
                         coordinate(radius), css_class);
}

void SvgCanvas::text(double x, double y, std::string_view css_class, std::string_view content,
                     std::string_view anchor) {
    const std::string where = anchor == "start" ? "" : fmt::format(" text-anchor=\"{}\"", anchor);
    body_ += fmt::format("<text x=\"{}\" y=\"{}\"{} class=\"{}\">{}</text>\n", coordinate(x), coordinate(y),
                         where, css_class, xml_escaped(content));
}

void SvgCanvas::vertical_text(double x, double y, std::string_view css_class, std::string_view content) {
    body_ += fmt::format(
        "<text x=\"{0}\" y=\"{1}\" text-anchor=\"middle\" transform=\"rotate(-90 {0} {1})\" "
        "class=\"{2}\">{3}</text>\n",
        coordinate(x), coordinate(y), css_class, xml_escaped(content));
}

void SvgCanvas::line(double x1, double y1, double x2, double y2, std::string_view css_class) {
    body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n", coordinate(x1),
                         coordinate(y1), coordinate(x2), coordinate(y2), css_class);
}

void SvgCanvas::path(std::string_view data, std::string_view css_class, bool arrow) {
    const std::string_view head =
        css_class == "tc-edge-hit" ? " marker-end=\"url(#tc-arrow-hit)\"" : " marker-end=\"url(#tc-arrow)\"";
    body_ += fmt::format("<path d=\"{}\" class=\"{}\"{}/>\n", data, css_class, arrow ? head : "");
}

std::string SvgCanvas::document(double width, double height, std::string_view title,
                                std::string_view description, bool with_style) const {
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "role=\"img\">\n"
        "<title>{2}</title>\n<desc>{3}</desc>\n",
        coordinate(width), coordinate(height), xml_escaped(title), xml_escaped(description));
    if (with_style) out += fmt::format("<style>{}</style>\n", style_sheet);
    out +=
        "<defs><pattern id=\"tc-hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\" class=\"tc-hatch-ground\"/>"
        "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"8\" class=\"tc-hatch-line\"/></pattern>";
    for (const std::string_view kind : {"", "-hit"}) {
        out += fmt::format(
            "<marker id=\"tc-arrow{0}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
            "markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" "
            "class=\"tc-head{0}\"/></marker>",
            kind);
    }
    out += "</defs>\n";
    out += fmt::format("<rect width=\"{}\" height=\"{}\" class=\"tc-page\"/>\n", coordinate(width),
                       coordinate(height));
    return out + body_ + "</svg>\n";
}

}  // namespace tlbcheck::checker
