#pragma once

#include <string>

#include "tools/output/axis.hpp"

namespace tool {

/// A rectangle with axes, drawn as SVG; lines and bars are added in the data's own numbers. Colours, fonts
/// and widths of strokes are the page's style sheet's: see page_style.hpp.
class Plot {
 public:
  /// The x axis goes from `low` to `high`, with those of its ticks that lie between; the y axis from its
  /// first tick to its last.
  Plot(double low, double high, const Ticks& x_ticks, const Ticks& y_ticks, const std::string& x_label,
       const std::string& y_label);

  /// Where a number is drawn.
  double across(double x) const;
  double down(double y) const;

  /// Adds SVG markup.
  void add(const std::string& markup) { content_ += markup; }

  /// The <svg> element; `description` is for those who cannot see it.
  std::string svg(const std::string& description) const;

 private:
  void draw_axes(const Ticks& x_ticks, const Ticks& y_ticks, const std::string& x_label,
                 const std::string& y_label);

  double low_, high_, bottom_, top_;  // in the data's numbers
  double left_;                       // the margin that the labels of the y axis take
  std::string axes_, content_;
};

/// A coordinate as SVG has it, to a tenth: 12.5.
std::string coordinate(double place);

/// Attributes with coordinates: x="1" y="2.5".
std::string at(const char* x_name, double x, const char* y_name, double y);

}  // namespace tool
