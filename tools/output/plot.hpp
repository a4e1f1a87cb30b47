#pragma once

#include "tools/output/axis.hpp"
#include "tools/output/surface.hpp"

namespace tool {

/// A rectangle of a surface.
struct Frame {
  double left = 0, top = 0, width = 400, height = 240;
};

/// Places in a frame with axes, for lines and areas that are given in the data's own numbers.
class Plot {
 public:
  /// The x axis goes from `low` to `high`, with those of its numbers that lie between; the y axis from its
  /// first number to its last. An axis without a label takes less room.
  Plot(const Frame& frame, double low, double high, Axis x_axis, Axis y_axis);

  /// Where a number is drawn.
  double across(double x) const;
  double down(double y) const;
  Point at(double x, double y) const { return {across(x), down(y)}; }

  /// The ends of the axes, on the surface.
  double left() const { return left_; }
  double right() const { return right_; }
  double top() const { return top_; }
  double floor() const { return floor_; }

  /// The bounds of the axes, in the data's numbers.
  double low() const { return low_; }
  double high() const { return high_; }
  double bottom() const { return y_axis_.values.front(); }
  double most() const { return y_axis_.values.back(); }

  void draw_axes(Surface& surface) const;

 private:
  Frame frame_;
  double low_, high_;
  Axis x_axis_, y_axis_;
  double left_, right_, top_, floor_;
};

}  // namespace tool
