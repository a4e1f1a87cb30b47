#include "tools/output/chart.hpp"

#include <algorithm>
#include <cmath>

#include "tools/output/plot.hpp"

namespace tool {
namespace {

constexpr std::size_t most_x_ticks = 7, most_y_ticks = 6;
// Points nearer to each other across than this are drawn as one upright stroke.
constexpr double least_distance = 0.5;

std::string place(double x, double y) {
  return coordinate(x) + "," + coordinate(y);
}

/// The paths of one series: lines through neighbours, dots where a point has none.
class Paths {
 public:
  explicit Paths(const Plot& plot) : plot_(plot) {}

  void add(const Point& point) {
    const double x = plot_.across(point.x), y = plot_.down(point.y);
    if (column_.empty() || x - column_.front().x >= least_distance) end_column();
    column_.push_back({x, y});
  }

  void end_line() {
    end_column();
    if (points_ == 1) dots_ += "M" + first_ + "h0";
    if (points_ > 1) lines_ += "M" + first_ + "L" + rest_;
    points_ = 0;
    rest_.clear();
  }

  /// To be called after end_line().
  std::string markup(std::size_t series) const {
    const std::string colour = "s" + std::to_string(series % 4);
    std::string text;
    if (!lines_.empty()) text += "<path class=\"line " + colour + "\" d=\"" + lines_ + "\"/>";
    if (!dots_.empty()) text += "<path class=\"dot " + colour + "\" d=\"" + dots_ + "\"/>";
    return text;
  }

 private:
  // Of the points of a column, the first, the last, the highest and the lowest, in their order.
  void end_column() {
    if (column_.empty()) return;
    const auto [highest, lowest] =
        std::minmax_element(column_.begin(), column_.end(), [](Point a, Point b) { return a.y < b.y; });
    for (auto point = column_.begin(); point != column_.end(); ++point)
      if (point == column_.begin() || point == highest || point == lowest || point + 1 == column_.end()) {
        if (points_ == 0)
          first_ = place(point->x, point->y);
        else
          rest_ += (points_ == 1 ? "" : " ") + place(point->x, point->y);
        ++points_;
      }
    column_.clear();
  }

  const Plot& plot_;
  std::vector<Point> column_;  // as drawn
  std::size_t points_ = 0;     // of the line at hand
  std::string first_, rest_, lines_, dots_;
};

/// The least and the largest of some numbers.
struct Extent {
  double low = 0, high = 0;
  bool empty = true;

  void add(double value) {
    low = empty ? value : std::min(low, value);
    high = empty ? value : std::max(high, value);
    empty = false;
  }
};

}  // namespace

bool is_drawn(const Point& point) {
  return std::abs(point.y) <= largest_drawn;  // false for NaN
}

bool has_data(const Chart& chart) {
  return std::any_of(chart.series.begin(), chart.series.end(), [](const Series& series) {
    return std::any_of(series.points.begin(), series.points.end(), is_drawn);
  });
}

bool has_data(const Histogram& histogram) {
  return !histogram.counts.empty();
}

std::string drawing(const Chart& chart) {
  Extent x, y;
  for (const Series& series : chart.series)
    for (const Point& point : series.points)
      if (is_drawn(point)) {
        x.add(point.x);
        y.add(point.y);
      }
  if (x.low == x.high) x = {x.low - 0.5, x.high + 0.5, false};
  // Epochs are counted: no ticks between them.
  Plot plot(x.low, x.high, round_ticks(x.low, x.high, most_x_ticks, 1),
            round_ticks(y.low, y.high, most_y_ticks), chart.x_label, chart.y_label);
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    Paths paths(plot);
    for (const Point& point : chart.series[n].points) {
      if (is_drawn(point))
        paths.add(point);
      else
        paths.end_line();
    }
    paths.end_line();
    plot.add(paths.markup(n));
  }
  return plot.svg("Chart: " + chart.title);
}

void count_values(Histogram& histogram, const std::vector<float>& values, std::size_t most) {
  Extent extent;
  for (const float value : values)
    if (std::isfinite(value)) extent.add(static_cast<double>(value));
  histogram.counts.clear();
  if (!extent.empty) count_values(histogram, values, most, {extent.low, extent.high});
}

void count_values(Histogram& histogram, const std::vector<float>& values, std::size_t most,
                  std::pair<double, double> range) {
  Extent extent{range.first, range.second, false};
  std::size_t counted = 0;
  for (const float value : values)
    if (std::isfinite(value)) {
      extent.add(static_cast<double>(value));
      ++counted;
    }
  histogram.counts.clear();
  if (counted == 0) return;
  const Ticks bounds = round_ticks(extent.low, extent.high, most + 1);
  histogram.low = bounds.values.front();
  histogram.bin = bounds.step;
  histogram.counts.resize(bounds.values.size() - 1);
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    // A value on a bound belongs to the bin above it; on the last, to the last bin.
    const auto above =
        std::upper_bound(bounds.values.begin(), bounds.values.end() - 1, static_cast<double>(value));
    ++histogram.counts[static_cast<std::size_t>(above - bounds.values.begin()) - 1];
  }
}

std::string drawing(const Histogram& histogram) {
  const std::uint64_t most = *std::max_element(histogram.counts.begin(), histogram.counts.end());
  const double high = histogram.low + histogram.bin * static_cast<double>(histogram.counts.size());
  Plot plot(histogram.low, high, round_ticks(histogram.low, high, most_x_ticks),
            round_ticks(0, static_cast<double>(std::max<std::uint64_t>(most, 1)), most_y_ticks, 1),
            histogram.x_label, histogram.y_label);
  std::string outline = "M" + place(plot.across(histogram.low), plot.down(0));
  for (std::size_t n = 0; n < histogram.counts.size(); ++n) {
    outline += "V" + coordinate(plot.down(static_cast<double>(histogram.counts[n])));
    outline += "H" + coordinate(plot.across(histogram.low + histogram.bin * static_cast<double>(n + 1)));
  }
  plot.add("<path class=\"bars\" d=\"" + outline + "V" + coordinate(plot.down(0)) + "Z\"/>");
  return plot.svg("Histogram: " + histogram.title);
}

}  // namespace tool
