#include "rbm/reading_levels.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace {

/// By its definition, in double precision.
std::size_t exact_level(double reading, double least, double most, std::size_t count) {
  if (most <= least) return reading > least ? count - 1 : 0;
  const double level = std::floor(static_cast<double>(count) * (reading - least) / (most - least));
  return static_cast<std::size_t>(std::clamp(level, 0.0, static_cast<double>(count - 1)));
}

}  // namespace

TEST_CASE("levels divide a known span of integers equally, with its ends and what lies beyond") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{8192}})
    for (const auto& [least, most] : {std::pair{-300, 500}, {INT16_MIN, INT16_MAX}, {0, 1}, {32000, 32767}}) {
      const rbm::ReadingLevels<std::int16_t> levels{{least, most}};
      for (int reading = INT16_MIN; reading <= INT16_MAX; reading += 13)
        CHECK(rbm::level(levels, static_cast<std::int16_t>(reading), count) ==
              exact_level(reading, least, most, count));
      CHECK(rbm::level(levels, static_cast<std::int16_t>(least), count) == 0);
      CHECK(rbm::level(levels, static_cast<std::int16_t>(most), count) == count - 1);
    }
}

TEST_CASE("levels of floats are those of the definition, away from their borders") {
  const rbm::ReadingLevels<float> levels{{-1.5f, 2.5f}};
  std::mt19937 random(1);
  for (int n = 0; n < 20000; ++n) {
    const float reading = static_cast<float>(random() >> 8) * 0x1p-24f * 6 - 2.5f;
    const double place = (static_cast<double>(reading) + 1.5) * 16;
    if (std::abs(place - std::round(place)) < 1e-4) continue;
    CHECK(rbm::level(levels, reading, 64) == exact_level(static_cast<double>(reading), -1.5, 2.5, 64));
  }
  // Rounding may reach the level after the last, which is none.
  for (int n = 1; n < 100; ++n) {
    const float most = 0.37f * static_cast<float>(n);
    const rbm::ReadingLevels<float> up_to{{0.0f, most}};
    for (std::size_t count = 2; count < 200; ++count)
      CHECK(rbm::level(up_to, std::nextafter(most, 0.0f), count) == count - 1);
  }
  CHECK(rbm::level(levels, __builtin_nanf(""), 64) == 0);
}

TEST_CASE("a learned span is that of the first readings, and counts three times as wide") {
  std::mt19937 random(2);
  rbm::ReadingLevels<std::int16_t> levels{{}, 50};
  std::vector<int> readings;
  for (int n = 0; n < 50; ++n) {
    readings.push_back(static_cast<int>(random() >> 23) - 200);
    rbm::follow(levels, static_cast<std::int16_t>(readings.back()));
    const auto [least, most] = std::minmax_element(readings.begin(), readings.end());
    CHECK(levels.span.least == *least);
    CHECK(levels.span.most == *most);
  }
  const auto [least, most] = std::minmax_element(readings.begin(), readings.end());
  const int size = *most - *least;
  rbm::follow(levels, std::int16_t{32767});  // too late
  CHECK(levels.span.most == *most);
  for (int reading = -2000; reading < 2000; reading += 3)
    CHECK(rbm::level(levels, static_cast<std::int16_t>(reading), 64) ==
          exact_level(reading, *least - size, *most + size, 64));
}

TEST_CASE("where all readings were equal, others have the outer levels") {
  rbm::ReadingLevels<float> levels{{}, 3};
  for (int n = 0; n < 5; ++n) rbm::follow(levels, 7.0f);
  CHECK(rbm::level(levels, 7.0f, 64) == 0);
  CHECK(rbm::level(levels, 6.0f, 64) == 0);
  CHECK(rbm::level(levels, 8.0f, 64) == 63);
}
