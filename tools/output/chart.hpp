#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/output/axis.hpp"
#include "tools/output/plot.hpp"
#include "tools/output/surface.hpp"

namespace tool {

/// A line of a chart, its points in ascending order of x.
struct Series {
  std::string name;
  Line points;
};

/// A stretch of the x axis that is shaded from top to bottom.
struct Span {
  double begin, end;
  double weight = 1;  ///< how dark, 0 to 1
};

/// A shaded area between two lines of as many points, at the same x.
struct Band {
  Line low, high;
};

/// What is drawn across.
enum class Across {
  counts,   ///< whole numbers: no ticks between them
  numbers,  ///< any numbers
  seconds   ///< a time
};

/// Lines on common axes. A point whose y is not finite, or beyond largest_drawn, breaks its line.
struct Chart {
  std::string title;
  std::string caption;  ///< how to read it; may be empty
  std::string x_label;  ///< of seconds, the axis tells the unit itself
  std::string y_label;  ///< the unit
  std::vector<Series> series{};
  Across across = Across::counts;
  std::string start{};            ///< of seconds: the time of second 0, or empty
  std::vector<Span> spans{};      ///< what is odd
  std::string spans_name{};       ///< what a legend calls them
  std::vector<Band> bands{};      ///< each in the colour of the series of its number
  std::vector<Point> alarms{};    ///< dots, above all lines, in ascending order of x
  std::string alarms_name{};      ///< what a legend calls them
  std::optional<double> limit{};  ///< a line across
  std::optional<std::pair<double, double>>
      y_range{};  ///< else as the data; what is beyond is drawn at its edge
  std::optional<std::pair<double, double>> x_range{};  ///< else as the data, which must lie in it
  bool last_values = true;                             ///< a legend tells the last value of each line
  bool wide = false;                                   ///< as wide as the page
};

/// Whether there is anything to draw.
bool has_data(const Chart& chart);

/// Whether a point is drawn.
bool is_drawn(const Point& point);

/// The least and the largest y that are drawn, or y_range; nothing where nothing is drawn.
std::optional<std::pair<double, double>> y_extent(const Chart& chart);

/// The x axis.
Axis x_axis(const Chart& chart);

/// Draws a chart with data in a frame. Of many points in one column, those that bound them are drawn.
void draw(Surface& surface, const Frame& frame, const Chart& chart);

/// The drawing as an <svg> element of a page.
std::string drawing(const Chart& chart);

}  // namespace tool
