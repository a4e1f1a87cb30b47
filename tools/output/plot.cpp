#include "tools/output/plot.hpp"

#include <algorithm>
#include <utility>

namespace tool {
namespace {

constexpr double label_gap = 7, tick_length = 4, right_margin = 14;
// Above and below the axes, with and without a line of text there.
constexpr double top_margin = 22, bare_top_margin = 8, bottom_margin = 36, bare_bottom_margin = 20;

}  // namespace

Plot::Plot(const Frame& frame, double low, double high, Axis x_axis, Axis y_axis)
    : frame_(frame),
      low_(low),
      high_(high),
      x_axis_(std::move(x_axis)),
      y_axis_(std::move(y_axis)),
      left_(frame.left + label_gap + 2),
      right_(frame.left + frame.width - right_margin),
      top_(frame.top + (y_axis_.label.empty() ? bare_top_margin : top_margin)),
      floor_(frame.top + frame.height - (x_axis_.label.empty() ? bare_bottom_margin : bottom_margin)) {
  // Wide plots stand below each other: their axes begin at the same place.
  constexpr double wide = 600, usual_label = 42;
  double widest = frame.width > wide ? usual_label : 0;
  for (const std::string& text : y_axis_.labels) widest = std::max(widest, text_width(text));
  left_ += widest;
}

double Plot::across(double x) const {
  return left_ + (x - low_) / (high_ - low_) * (right_ - left_);
}

double Plot::down(double y) const {
  return floor_ - (y - bottom()) / (most() - bottom()) * (floor_ - top_);
}

void Plot::draw_axes(Surface& surface) const {
  constexpr double half_letter = 4, below = 12;
  std::vector<Line> rules, axes;
  for (std::size_t n = 0; n < y_axis_.values.size(); ++n) {
    const double value = y_axis_.values[n], y = down(value);
    (n == 0 || value == 0 ? axes : rules).push_back({{left_, y}, {right_, y}});
    surface.write(Ink::text, {left_ - label_gap, y + half_letter}, Anchor::end, y_axis_.labels[n]);
  }
  const double slack = (high_ - low_) * 1e-6;
  for (std::size_t n = 0; n < x_axis_.values.size(); ++n) {
    const double value = x_axis_.values[n];
    if (value < low_ - slack || value > high_ + slack) continue;
    const double x = across(value), half = text_width(x_axis_.labels[n]) / 2;
    axes.push_back({{x, floor_}, {x, floor_ + tick_length}});
    surface.write(Ink::text, {std::min(x, frame_.left + frame_.width - half), floor_ + tick_length + below},
                  Anchor::middle, x_axis_.labels[n]);
  }
  surface.stroke(Ink::rule, rules);
  surface.stroke(Ink::axis, axes);
  if (!x_axis_.label.empty())
    surface.write(Ink::text, {(left_ + right_) / 2, frame_.top + frame_.height - 3}, Anchor::middle,
                  x_axis_.label);
  if (!y_axis_.label.empty())
    surface.write(Ink::text, {frame_.left, frame_.top + 10}, Anchor::start, y_axis_.label);
}

}  // namespace tool
