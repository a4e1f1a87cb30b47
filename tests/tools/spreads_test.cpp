#include "tools/training/spreads.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace {

/// By sorting, as the words of Spread have it.
tool::Spread sorted_spread(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const std::size_t below = static_cast<std::size_t>(place), above = std::min(below + 1, values.size() - 1);
    const double low = static_cast<double>(values[below]), high = static_cast<double>(values[above]);
    return low + (place - static_cast<double>(below)) * (high - low);
  };
  const double first = quantile(0.25), third = quantile(0.75), range = third - first;
  tool::Spread spread;
  spread.low = range > 0 ? first - 3 * range : -INFINITY;
  spread.high = range > 0 ? third + 3 * range : INFINITY;
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  const auto counted = [&](float value) {
    return std::min(std::max(static_cast<double>(value), spread.low), spread.high);
  };
  for (const float value : values) sum += counted(value);
  spread.mean = sum / count;
  for (const float value : values) squares += std::pow(counted(value) - spread.mean, 2);
  spread.deviation = std::sqrt(squares / count);
  spread.constant = values.front() == values.back();
  return spread;
}

/// Checks the spreads of a table, [rows][columns], in which value(row, column) stands.
template <class Value>
void check_spreads(std::size_t rows, std::size_t columns, const Value& value) {
  CAPTURE(rows);
  tool::Dataset data;
  data.rows = rows;
  data.columns = columns;
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t j = 0; j < columns; ++j) data.values.push_back(value(n, j));
  const std::vector<tool::Spread> spreads = tool::find_spreads(data);
  REQUIRE(spreads.size() == columns);
  for (std::size_t j = 0; j < columns; ++j) {
    CAPTURE(j);
    std::vector<float> column;
    for (std::size_t n = 0; n < rows; ++n) column.push_back(data.values[n * columns + j]);
    const tool::Spread expected = sorted_spread(column);
    CHECK(spreads[j].low == expected.low);
    CHECK(spreads[j].high == expected.high);
    CHECK(spreads[j].constant == expected.constant);
    CHECK(spreads[j].mean == doctest::Approx(expected.mean).epsilon(1e-12));
    CHECK(spreads[j].deviation == doctest::Approx(expected.deviation).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("spreads: quartiles, means and deviations are those of the sorted values") {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(-3, 5);
  std::cauchy_distribution<float> with_outliers(2, 1);
  for (std::size_t rows = 1; rows < 40; ++rows)
    check_spreads(rows, 5, [&](std::size_t n, std::size_t j) {
      return j == 0   ? normal(random)
             : j == 1 ? with_outliers(random)
             : j == 2 ? static_cast<float>(random() % 3)  // ties
             : j == 3 ? (n % 2 == 0 ? -0.0f : 0.0f)
                      : 1e30f * normal(random) / 30;
    });
  check_spreads(3000, 2, [&](std::size_t, std::size_t j) {
    return j == 0 ? std::exp(normal(random)) : -std::exp(-normal(random));
  });
}

TEST_CASE("spreads: of more columns than are measured at once") {
  std::mt19937 random(2);
  std::uniform_real_distribution<float> uniform(-1, 1);
  check_spreads(20, 1030,
                [&](std::size_t, std::size_t j) { return uniform(random) * static_cast<float>(j); });
}

TEST_CASE("spreads: the mean of equal values is their value to the last bit") {
  tool::Dataset data;
  data.rows = 7;
  data.columns = 1;
  data.values.assign(7, 0.1f);
  const tool::Spread spread = tool::find_spreads(data)[0];
  CHECK(spread.constant);
  CHECK(spread.mean == static_cast<double>(0.1f));
  CHECK(spread.deviation == 0);
}
