#pragma once

#include <string>

#include "tools/output/surface.hpp"

namespace tool {

/// A drawing as SVG. Colours, fonts and widths of strokes are a style sheet's, by classes.
class Svg final : public Surface {
 public:
  void stroke(Ink ink, const std::vector<Line>& lines) override;
  void dots(Ink ink, const std::vector<Point>& places) override;
  void fill(Ink ink, double opacity, const Line& outline) override;
  void write(Ink ink, Point place, Anchor anchor, const std::string& text) override;

  /// The <svg> element of a page; `description` is for those who cannot see it.
  std::string element_of(double width, double height, const std::string& description) const;

  /// A file of its own, with its style sheet, on white paper.
  std::string file(double width, double height, const std::string& description) const;

 private:
  std::string content_;
};

/// The class of an ink in a style sheet: "rule", "s0".
const char* ink_class(Ink ink);

/// The style sheet of drawings: the pens of inks.
std::string drawing_style();

}  // namespace tool
