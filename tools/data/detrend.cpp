#include "tools/data/detrend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tool {
namespace {

/// The mean of the known ones; NaN if there is none.
double mean_of_known(const double* readings, std::size_t count) {
  double sum = 0;
  std::size_t known = 0;
  for (std::size_t t = 0; t < count; ++t) {
    if (std::isnan(readings[t])) continue;
    sum += readings[t];
    ++known;
  }
  return known == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(known);
}

/// The line of least squares through the known readings; level if it has no slope.
void find_line(const double* readings, std::size_t length, double* line) {
  double times = 0, known = 0;
  for (std::size_t t = 0; t < length; ++t) {
    if (std::isnan(readings[t])) continue;
    times += static_cast<double>(t);
    ++known;
  }
  const double mean = mean_of_known(readings, length), centre = times / known;
  double products = 0, squares = 0;
  for (std::size_t t = 0; t < length; ++t) {
    if (std::isnan(readings[t])) continue;
    const double time = static_cast<double>(t) - centre;
    products += time * (readings[t] - mean);
    squares += time * time;
  }
  const double slope = squares > 0 ? products / squares : 0;
  for (std::size_t t = 0; t < length; ++t) line[t] = mean + slope * (static_cast<double>(t) - centre);
}

}  // namespace

void find_level(Detrend detrend, const double* readings, std::size_t length, double* level) {
  if (detrend == Detrend::trend) return find_line(readings, length, level);
  double mean = 0;
  if (detrend == Detrend::start) mean = mean_of_known(readings, start_readings(length));
  if (detrend == Detrend::level || std::isnan(mean)) mean = mean_of_known(readings, length);
  std::fill_n(level, length, mean);
}

void take_level(Detrend detrend, const double* readings, std::size_t length, double* out) {
  if (detrend == Detrend::differences) {
    for (std::size_t t = 0; t < length; ++t) out[t] = readings[t + 1] - readings[t];
    return;
  }
  find_level(detrend, readings, length, out);
  for (std::size_t t = 0; t < length; ++t) out[t] = readings[t] - out[t];
}

}  // namespace tool
