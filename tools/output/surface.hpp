#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tool {

struct Point {
  double x;
  double y;
};

/// A line through points.
using Line = std::vector<Point>;

/// What a part of a drawing is; its colour and the width of its strokes follow from it.
enum class Ink {
  text,
  title,
  rule,   ///< lines of a grid
  axis,   ///< lines that bear numbers
  bars,   ///< what is counted, of the first kind
  odd,    ///< what is odd: labelled spans, bars of the second kind, readings that make an example odd
  limit,  ///< a limit
  alarm,  ///< what is beyond it
  series  ///< the first of series_inks colours of lines
};
inline constexpr std::size_t series_inks = 4;
inline constexpr std::size_t ink_count = static_cast<std::size_t>(Ink::series) + series_inks;

/// The colour of line n; they are taken in turn.
constexpr Ink series_ink(std::size_t n) {
  return static_cast<Ink>(static_cast<std::size_t>(Ink::series) + n % series_inks);
}

/// How an ink looks on white paper.
struct Pen {
  unsigned char red, green, blue;
  double width;        ///< of strokes, units; rules and axes are as fine as can be seen
  double opacity = 1;  ///< of strokes
};
Pen pen_of(Ink ink);

enum class Anchor { start, middle, end };

/// What charts are drawn on. Places are in the drawing's own units, about a pixel on a phone; y grows down.
class Surface {
 public:
  virtual ~Surface() = default;

  /// Lines of two or more points each.
  virtual void stroke(Ink ink, const std::vector<Line>& lines) = 0;

  virtual void dots(Ink ink, const std::vector<Point>& places) = 0;

  /// The area within an outline that does not cross itself. `opacity`: 1 hides what is below, 0 shows it.
  virtual void fill(Ink ink, double opacity, const Line& outline) = 0;

  /// A line of text (UTF-8), in Ink::text or Ink::title, on a baseline at place.y.
  virtual void write(Ink ink, Point place, Anchor anchor, const std::string& text) = 0;
};

/// How wide a text is at most.
double text_width(const std::string& text);

/// The corners of a rectangle.
Line rectangle(double left, double top, double right, double bottom);

}  // namespace tool
