/// Recordings of a sensor in which something odd happens.
#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <string>

namespace fixture {

/// Rows of a sine and noise, one each 0.5 s from this time on; 40 rows from `odd` on are higher by 6 and
/// labelled 1.
inline std::string recording(std::size_t rows, std::size_t odd, std::size_t begin, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<> noise(0, 0.3);
  std::string text = "time,value,label\n";
  for (std::size_t n = 0; n < rows; ++n) {
    const bool is_odd = n >= odd && n < odd + 40;
    const double value = std::sin(0.4 * static_cast<double>(n)) + noise(random) + (is_odd ? 6 : 0);
    text += std::to_string(begin + n / 2) + (n % 2 == 0 ? ".0," : ".5,") + std::to_string(value) + "," +
            (is_odd ? "1" : "0") + "\n";
  }
  return text;
}

}  // namespace fixture
