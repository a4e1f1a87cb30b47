#include "tools/training/normality.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/fixtures.hpp"

namespace {

/// Examples of six readings that are sums of six values, in units of their own.
tool::Dataset mixed(std::size_t rows, std::uint32_t seed, float (*draw)(std::mt19937&)) {
  std::mt19937 random(seed);
  constexpr std::size_t columns = 6;
  tool::Dataset data;
  data.name = "data";
  data.kind = tool::DataKind::readings;
  data.rows = rows;
  data.columns = data.width = columns;
  data.height = 1;
  for (std::size_t n = 0; n < rows; ++n) {
    float values[columns];
    for (float& value : values) value = draw(random);
    for (std::size_t j = 0; j < columns; ++j) {
      float sum = 0;
      for (std::size_t k = 0; k < columns; ++k)
        sum += std::cos(static_cast<float>((j + 2) * (k + 1))) * values[k];
      data.values.push_back(7 + static_cast<float>(j + 1) * sum);
    }
  }
  return data;
}

bool are_normal(const tool::Dataset& data) {
  return tool::are_normal(data, tool::measure_readings(data));
}

float normal(std::mt19937& random) {
  const float first = 1 - fixture::uniform(random), second = fixture::uniform(random);
  return std::sqrt(-2 * std::log(first)) * std::cos(6.2831853f * second);
}
float uniform(std::mt19937& random) {
  return fixture::uniform(random);
}
float in_two_places(std::mt19937& random) {
  return normal(random) + (random() & 1 ? 3.0f : -3.0f);
}
float with_heavy_tails(std::mt19937& random) {
  return normal(random) / (0.3f + fixture::uniform(random));
}

}  // namespace

TEST_CASE("readings of any covariances are told to be normal, other readings not") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CHECK(are_normal(mixed(2000, seed, normal)));
    CHECK(are_normal(mixed(100, seed, normal)));
    CHECK_FALSE(are_normal(mixed(2000, seed, uniform)));
    CHECK_FALSE(are_normal(mixed(2000, seed, in_two_places)));
    CHECK_FALSE(are_normal(mixed(2000, seed, with_heavy_tails)));
  }
  CHECK_FALSE(are_normal(mixed(59, 1, normal)));  // too few to tell
}
