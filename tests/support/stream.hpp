/// Streams of readings with odd samples among them, for online learning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/support/fixtures.hpp"

namespace fixture {

/// Normal samples, each reading with its own mean and deviation in steps of a sensor; one in `odd_one_in` (0:
/// none) lies eight deviations off in every reading, up or down.
struct Stream {
  std::vector<float> mean, deviation;
  bool is_odd = false;  ///< whether the last sample was

  Stream(std::size_t visible, unsigned odd_one_in, std::uint32_t seed)
      : odd_one_in_(odd_one_in), random_(seed) {
    for (std::size_t j = 0; j < visible; ++j) {
      mean.push_back(500 * bell(random_));
      deviation.push_back(10 + 90 * uniform(random_));
    }
  }

  std::vector<float> next() {
    is_odd = odd_one_in_ > 0 && random_() % odd_one_in_ == 0;
    std::vector<float> readings;
    for (std::size_t j = 0; j < mean.size(); ++j) {
      const float off = is_odd ? (j % 3 == 0 ? -8.0f : 8.0f) : 0.0f;
      readings.push_back(mean[j] + deviation[j] * (bell(random_) + off));
    }
    return readings;
  }

 private:
  unsigned odd_one_in_;
  std::mt19937 random_;
};

/// The share of pairs of a usual and an odd sample that scores tell apart.
inline double area_under_curve(const std::vector<double>& usual, const std::vector<double>& odd) {
  double right = 0;
  for (const double u : usual)
    for (const double o : odd) right += o > u ? 1 : o < u ? 0 : 0.5;
  return right / (static_cast<double>(usual.size()) * static_cast<double>(odd.size()));
}

}  // namespace fixture
