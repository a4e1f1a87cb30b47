/// What detrending leaves of a channel's readings, by its definition, in exact fractions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "rbm/quantized.h"

namespace fixture {

using Numbers = std::vector<std::int16_t>;
__extension__ using Wide = __int128;

/// a / b rounded to the nearest, halves up.
inline Wide nearest(Wide a, Wide b) {
  const Wide doubled = 2 * a + b, by = 2 * b;
  return doubled >= 0 ? doubled / by : -((-doubled + by - 1) / by);
}

inline std::int16_t saturated(Wide value) {
  return static_cast<std::int16_t>(std::clamp<Wide>(value, -32767, 32767));
}

/// The line at t that minimizes the squares of its distances from known readings from 0 to `used` - 1: the
/// mean and, if `slopes`, sum (t - mean of t)(x - mean of x) / sum (t - mean of t)^2, each as a fraction.
inline Wide value_at(const Numbers& readings, std::size_t used, bool slopes, std::size_t t) {
  Wide count = 0, times = 0, sum = 0, across = 0, spread = 0;
  for (std::size_t n = 0; n < used; ++n)
    if (readings[n] != RBM_MISSING) {
      ++count;
      times += static_cast<Wide>(n);
      sum += readings[n];
    }
  if (count == 0) return 0;
  for (std::size_t n = 0; n < used && slopes; ++n)
    if (readings[n] != RBM_MISSING) {
      const Wide distance = count * static_cast<Wide>(n) - times;
      across += distance * (count * readings[n] - sum);  // count^2 times the sum
      spread += distance * distance;
    }
  if (spread == 0) return nearest(sum, count);
  // sum / count + across / spread * (t - times / count)
  return nearest(sum * spread + across * (count * static_cast<Wide>(t) - times), count * spread);
}

/// What rbm_detrend takes away from reading t.
inline Wide taken_away(unsigned detrend, const Numbers& readings, std::size_t length, std::size_t t) {
  if (detrend == RBM_DETREND_NONE) return 0;
  const std::size_t quarter = std::max<std::size_t>(1, length / 4);
  const bool start = detrend == RBM_DETREND_START &&
                     std::any_of(readings.begin(), readings.begin() + static_cast<std::ptrdiff_t>(quarter),
                                 [](std::int16_t reading) { return reading != RBM_MISSING; });
  return value_at(readings, start ? quarter : length, detrend == RBM_DETREND_TREND, t);
}

/// What it leaves.
inline Numbers detrended(unsigned detrend, const Numbers& readings, std::size_t length) {
  Numbers window(length);
  for (std::size_t t = 0; t < length; ++t) {
    if (detrend == RBM_DETREND_DIFFERENCES) {
      const bool known = readings[t] != RBM_MISSING && readings[t + 1] != RBM_MISSING;
      window[t] = known ? saturated(Wide{readings[t + 1]} - readings[t]) : std::int16_t{RBM_MISSING};
    } else {
      window[t] = readings[t] == RBM_MISSING
                      ? std::int16_t{RBM_MISSING}
                      : saturated(readings[t] - taken_away(detrend, readings, length, t));
    }
  }
  return window;
}

}  // namespace fixture
