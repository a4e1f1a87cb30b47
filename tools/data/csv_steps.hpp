#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace tool {

/// Whether numbers ascend, in equal steps, by exactly one: what counts rows or columns, and times.
class Steps {
 public:
  /// The next number, spelled with this resolution.
  void add(double value, double resolution) {
    if (count_ == 0) first_ = value;
    if (count_ == 1) step_ = value - previous_;
    if (count_ > 0) {
      const double step = value - previous_;
      ascends_ = ascends_ && step > 0;
      counts_ = counts_ && step == 1;
      // Steps that are spelled by many units of the last decimal may be off by one of them.
      const double rounding = step_ >= 8 * resolution ? 1.01 * resolution : 0;
      const double single = std::min(2e-7 * std::abs(value), 0.01 * step_);  // of numbers that were floats
      equal_ = equal_ && step > 0 && std::abs(step - step_) <= std::max({rounding, single, 1e-6 * step_});
    }
    counts_ = counts_ && value == std::floor(value);
    previous_ = value;
    ++count_;
  }

  std::size_t count() const { return count_; }
  double first() const { return first_; }
  double step() const { return step_; }
  bool ascends() const { return ascends_; }
  bool counts() const { return counts_; }
  bool counts_from_start() const { return counts_ && (first_ == 0 || first_ == 1); }
  bool has_equal_steps() const { return equal_; }

 private:
  std::size_t count_ = 0;
  double first_ = 0, previous_ = 0, step_ = 0;
  bool ascends_ = true, counts_ = true, equal_ = true;
};

}  // namespace tool
