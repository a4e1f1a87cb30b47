#pragma once

#include <cstddef>
#include <vector>

#include "tools/output/png.hpp"
#include "tools/output/surface.hpp"

namespace tool {

/// A drawing of pixels, on white paper, with smooth edges: a pixel takes of a colour the part of it that is
/// covered. Only sums, products, quotients and square roots, so that the same drawing has the same pixels
/// everywhere.
class Canvas final : public Surface {
 public:
  /// Of width x height units, each `scale` pixels wide.
  Canvas(double width, double height, double scale);

  void stroke(Ink ink, const std::vector<Line>& lines) override;
  void dots(Ink ink, const std::vector<Point>& places) override;
  void fill(Ink ink, double opacity, const Line& outline) override;
  void write(Ink ink, Point place, Anchor anchor, const std::string& text) override;

  const Picture& picture() const { return picture_; }

 private:
  // A rectangle of pixels and how much of each is covered, 0 to 1, row by row.
  struct Coverage {
    std::size_t left = 0, top = 0, width = 0, height = 0;
    std::vector<float> parts;
  };

  // Room for all pixels that points may cover, which are in pixels, and so is the margin about them.
  Coverage around(const std::vector<Line>& lines, double margin) const;
  // Covers what is within `radius` of the line, in pixels.
  static void cover_stroke(Coverage& coverage, const Line& line, double radius);
  static void cover_area(Coverage& coverage, const Line& outline);
  void paint(const Coverage& coverage, Ink ink, double opacity);
  void stroke_pixels(Ink ink, const std::vector<Line>& lines, double radius, double opacity);
  Line to_pixels(const Line& line) const;

  double scale_;
  Picture picture_;
};

}  // namespace tool
