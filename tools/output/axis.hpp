#pragma once

#include <string>
#include <vector>

namespace tool {

/// Round numbers along an axis, in ascending order: neighbours are 1, 2 or 5 times a power of ten apart, and
/// each is a multiple of that step.
struct Ticks {
  double step = 1;
  std::vector<double> values;
};

/// The finest ticks, at most `most` (3 or more), whose first is not above `low` and whose last is not below
/// `high`. Steps below `least_step` are not taken. `low` and `high` are numbers of at most largest_drawn in
/// size; where they are the same, or too near to each other to tell ticks between them apart, the ticks
/// reach to both sides.
Ticks round_ticks(double low, double high, std::size_t most, double least_step = 0);

/// Numbers along an axis.
struct Axis {
  std::vector<double> values;       ///< where they stand, ascending; some may be beyond what is drawn
  std::vector<std::string> labels;  ///< what is written there
  std::string label;                ///< the unit of the axis; may be empty
};

/// The largest magnitude that a chart draws.
inline constexpr double largest_drawn = 1e100;

/// The numbers beside the ticks, all to the same place: 0, 0.25, 0.5; 10,000; −3; 2×10⁻⁶ (UTF-8).
std::vector<std::string> tick_labels(const Ticks& ticks);

/// The axis of these ticks.
Axis axis_of(const Ticks& ticks, std::string label);

/// A number for people, with this many significant digits (UTF-8): −101.3; 60,000; 2.1×10⁻⁶.
std::string shown_number(double number, int digits);

}  // namespace tool
