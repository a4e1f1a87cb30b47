#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tool {

struct Point {
  double x;
  double y;
};

/// A line of a chart, its points in ascending order of x.
struct Series {
  std::string name;
  std::vector<Point> points;
};

/// Lines on common axes. A point whose y is not finite, or beyond largest_drawn, breaks its line.
struct Chart {
  std::string title;
  std::string caption;  ///< how to read it; may be empty
  std::string x_label;
  std::string y_label;  ///< the unit
  std::vector<Series> series;
};

/// How many values lie in each of many bins of equal width.
struct Histogram {
  std::string title;
  std::string caption;  ///< how to read it; may be empty
  std::string x_label;
  std::string y_label;  ///< what is counted
  double low = 0;       ///< where the first bin begins
  double bin = 1;       ///< the width of each
  std::vector<std::uint64_t> counts;
};

/// Counts the values in at most `most` bins (2 or more) with round bounds, which together span all finite
/// values and `range`. Values that are not finite are left out; if there are no others, so are the bins.
void count_values(Histogram& histogram, const std::vector<float>& values, std::size_t most);
void count_values(Histogram& histogram, const std::vector<float>& values, std::size_t most,
                  std::pair<double, double> range);

/// Whether there is anything to draw.
bool has_data(const Chart& chart);
bool has_data(const Histogram& histogram);

/// The drawing: an <svg> element.
std::string drawing(const Chart& chart);
std::string drawing(const Histogram& histogram);

/// Whether a point is drawn.
bool is_drawn(const Point& point);

}  // namespace tool
