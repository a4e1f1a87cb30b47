#pragma once

#include <string>
#include <vector>

namespace tool {

/// A mean and its estimated standard error, which is NaN for a single value.
struct Mean {
  double value;
  double standard_error;
};

/// The mean of values drawn independently, at least one, summed in their order.
Mean mean(const std::vector<float>& values);

/// A mean to two digits of its standard error: -101.32 +/- 0.21.
std::string to_text(Mean mean);

}  // namespace tool
