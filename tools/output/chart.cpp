#include "tools/output/chart.hpp"

#include <algorithm>
#include <cmath>

#include "tools/output/svg.hpp"
#include "tools/output/time_axis.hpp"

namespace tool {
namespace {

constexpr std::size_t most_x_ticks = 7, most_y_ticks = 6;
// Points nearer to each other across than this are drawn as one upright stroke.
constexpr double least_distance = 0.5;

/// One series as it is drawn: lines through neighbours, dots where a point has none.
class Lines {
 public:
  explicit Lines(const Plot& plot) : plot_(plot) {}

  void add(const Point& point) {
    const double y = std::clamp(point.y, plot_.bottom(), plot_.most());
    const Point place = plot_.at(point.x, y);
    if (column_.empty() || place.x - column_.front().x >= least_distance) end_column();
    column_.push_back(place);
  }

  void end_line() {
    end_column();
    if (line_.size() == 1) dots_.push_back(line_.front());
    if (line_.size() > 1) lines_.push_back(std::move(line_));
    line_.clear();
  }

  /// To be called after end_line().
  void draw(Surface& surface, Ink ink) const {
    surface.stroke(ink, lines_);
    surface.dots(ink, dots_);
  }

 private:
  // Of the points of a column, the first, the last, the highest and the lowest, in their order.
  void end_column() {
    if (column_.empty()) return;
    const auto [highest, lowest] =
        std::minmax_element(column_.begin(), column_.end(), [](Point a, Point b) { return a.y < b.y; });
    for (auto point = column_.begin(); point != column_.end(); ++point)
      if (point == column_.begin() || point == highest || point == lowest || point + 1 == column_.end())
        line_.push_back(*point);
    column_.clear();
  }

  const Plot& plot_;
  Line column_, line_;  // at hand
  std::vector<Line> lines_;
  std::vector<Point> dots_;
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

template <typename Body>
void for_each_drawn(const Chart& chart, const Body& body) {
  const auto over = [&](const Line& points) {
    for (const Point& point : points)
      if (is_drawn(point)) body(point);
  };
  for (const Series& series : chart.series) over(series.points);
  for (const Band& band : chart.bands) {
    over(band.low);
    over(band.high);
  }
  over(chart.alarms);
}

std::pair<double, double> x_extent(const Chart& chart) {
  if (chart.x_range) return *chart.x_range;
  Extent x;
  for_each_drawn(chart, [&](const Point& point) { x.add(point.x); });
  for (const Span& span : chart.spans) {
    x.add(span.begin);
    x.add(span.end);
  }
  if (x.low == x.high) return {x.low - 0.5, x.high + 0.5};
  return {x.low, x.high};
}

void draw_spans(Surface& surface, const Plot& plot, const Chart& chart) {
  constexpr double darkest = 0.5, least_width = 1;
  for (const Span& span : chart.spans) {
    const double left = plot.across(span.begin);
    const double right = std::max(plot.across(span.end), left + least_width);
    if (span.weight > 0)
      surface.fill(Ink::odd, darkest * std::min(span.weight, 1.0),
                   rectangle(left, plot.top(), right, plot.floor()));
  }
}

void draw_band(Surface& surface, const Plot& plot, const Band& band, Ink ink) {
  constexpr double opacity = 0.25;
  const auto place = [&](const Point& point) {
    return plot.at(point.x, std::clamp(point.y, plot.bottom(), plot.most()));
  };
  Line outline;
  for (std::size_t n = 0; n <= band.low.size(); ++n) {
    if (n < band.low.size() && is_drawn(band.low[n]) && is_drawn(band.high[n])) {
      outline.insert(outline.begin(), place(band.high[n]));
      outline.push_back(place(band.low[n]));
      continue;
    }
    if (outline.size() > 2) surface.fill(ink, opacity, outline);
    outline.clear();
  }
}

// The highest of the alarms of a column: a dot hides its neighbours.
void draw_alarms(Surface& surface, const Plot& plot, const Chart& chart) {
  std::vector<Point> dots;
  for (const Point& alarm : chart.alarms) {
    if (!is_drawn(alarm)) continue;
    const Point dot = plot.at(alarm.x, std::clamp(alarm.y, plot.bottom(), plot.most()));
    if (dots.empty() || dot.x - dots.back().x >= least_distance)
      dots.push_back(dot);
    else
      dots.back().y = std::min(dots.back().y, dot.y);
  }
  surface.dots(Ink::alarm, dots);
}

}  // namespace

bool is_drawn(const Point& point) {
  return std::abs(point.y) <= largest_drawn;  // false for NaN
}

bool has_data(const Chart& chart) {
  bool any = false;
  for_each_drawn(chart, [&](const Point&) { any = true; });
  return any;
}

std::optional<std::pair<double, double>> y_extent(const Chart& chart) {
  if (chart.y_range) return chart.y_range;
  Extent y;
  for_each_drawn(chart, [&](const Point& point) { y.add(point.y); });
  if (y.empty) return {};
  if (chart.limit) y.add(*chart.limit);
  return std::pair{y.low, y.high};
}

Axis x_axis(const Chart& chart) {
  const auto [low, high] = x_extent(chart);
  if (chart.across == Across::seconds) return time_axis(low, high, most_x_ticks, chart.start);
  return axis_of(round_ticks(low, high, most_x_ticks, chart.across == Across::counts ? 1 : 0), chart.x_label);
}

void draw(Surface& surface, const Frame& frame, const Chart& chart) {
  const auto [low, high] = x_extent(chart);
  const auto [bottom, top] = *y_extent(chart);
  Axis across = x_axis(chart);
  if (chart.x_label.empty()) across.label.clear();
  const Plot plot(frame, low, high, std::move(across),
                  axis_of(round_ticks(bottom, top, most_y_ticks), chart.y_label));
  draw_spans(surface, plot, chart);
  plot.draw_axes(surface);
  for (std::size_t n = 0; n < chart.bands.size(); ++n)
    draw_band(surface, plot, chart.bands[n], series_ink(n));
  if (chart.limit) {
    const double y = plot.down(*chart.limit);
    surface.stroke(Ink::limit, {{{plot.left(), y}, {plot.right(), y}}});
  }
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    Lines lines(plot);
    for (const Point& point : chart.series[n].points) {
      if (is_drawn(point))
        lines.add(point);
      else
        lines.end_line();
    }
    lines.end_line();
    lines.draw(surface, series_ink(n));
  }
  draw_alarms(surface, plot, chart);
}

std::string drawing(const Chart& chart) {
  constexpr double page_width = 860;
  Frame frame;
  if (chart.wide) frame.width = page_width;
  Svg svg;
  draw(svg, frame, chart);
  return svg.element_of(frame.width, frame.height, "Chart: " + chart.title);
}

}  // namespace tool
