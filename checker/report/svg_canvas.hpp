// SPDX-License-Identifier: Apache-2.0
//
// A growing SVG drawing. All looks are CSS classes (prefix tc-): a file of its own carries the style sheet
// for light and dark, an inlined drawing takes the page's.
#pragma once

#include <string>
#include <string_view>

namespace tlbcheck::checker {

/// Widths of a character in pixels at the sizes of the style sheet, a little generous.
constexpr double mono_width = 7.3, small_width = 6.4;

class SvgCanvas {
  public:
    void open_group(std::string_view css_class, std::string_view tooltip = {});
    void close_group();
    void rect(double x, double y, double width, double height, std::string_view css_class, double radius = 4);
    /// Text with its baseline at y.
    void text(double x, double y, std::string_view css_class, std::string_view content,
              std::string_view anchor = "start");
    /// Text that runs upwards, centred on y.
    void vertical_text(double x, double y, std::string_view css_class, std::string_view content);
    void line(double x1, double y1, double x2, double y2, std::string_view css_class);
    /// `data` as in the d attribute; `arrow` puts a head at its end.
    void path(std::string_view data, std::string_view css_class, bool arrow);

    /// The whole document. `with_style`: a file of its own; else for inlining into a page. `description` is
    /// what a screen reader says instead of the picture.
    std::string document(double width, double height, std::string_view title, std::string_view description,
                         bool with_style) const;

  private:
    std::string body_;
};

/// "12.5": as short as can be, at most one decimal.
std::string coordinate(double value);

}  // namespace tlbcheck::checker
