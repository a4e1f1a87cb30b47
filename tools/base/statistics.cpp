#include "tools/base/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/base/text.hpp"

namespace tool {

Mean mean(const std::vector<float>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  const double mean = sum / count;
  if (values.size() == 1) return {mean, std::numeric_limits<double>::quiet_NaN()};
  double squares = 0;
  for (const float value : values) {
    const double deviation = static_cast<double>(value) - mean;
    squares += deviation * deviation;
  }
  return {mean, std::sqrt(squares / (count - 1) / count)};
}

std::string to_text(Mean mean) {
  if (!(mean.standard_error > 0)) return significant(mean.value, 5);
  const int decimals = std::clamp(1 - static_cast<int>(std::floor(std::log10(mean.standard_error))), 0, 9);
  return fixed(mean.value, decimals) + " +/- " + fixed(mean.standard_error, decimals);
}

}  // namespace tool
