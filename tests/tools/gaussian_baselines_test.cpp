// The baselines of rbm evaluate, against formulas for two readings and against the truth of drawn data.
#include "tools/inference/gaussian_baselines.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/fixtures.hpp"

namespace {

tool::Dataset table(std::size_t columns, const std::vector<float>& values) {
  tool::Dataset data;
  data.columns = columns;
  data.rows = values.size() / columns;
  data.values = values;
  return data;
}

std::optional<tool::GaussianBaselines> baselines(const tool::Dataset& data,
                                                 const std::vector<tool::BaselineColumn>& columns,
                                                 unsigned threads = 1) {
  platform::Threads pool(threads);
  platform::Progress quiet(true);
  return tool::gaussian_baselines(data, columns, {pool, quiet});
}

/// n rows of `readings` that are correlated: the same draw in all, and one of its own in each.
std::vector<float> correlated(std::size_t rows, std::size_t readings, float share, std::mt19937& random) {
  std::vector<float> values;
  for (std::size_t n = 0; n < rows; ++n) {
    const float common = fixture::bell(random);
    for (std::size_t j = 0; j < readings; ++j) values.push_back(share * common + fixture::bell(random));
  }
  return values;
}

const tool::BaselineColumn reading{true, 1}, bit{false, 1};

}  // namespace

TEST_CASE("baselines: two readings, by formulas for two") {
  std::mt19937 random(3);
  std::vector<float> values = correlated(11, 2, 1.5f, random);
  for (std::size_t n = 0; n < 11; ++n) values[2 * n + 1] = 40 + 0.01f * values[2 * n + 1];
  const auto at = [&](std::size_t n, std::size_t j) { return static_cast<double>(values[2 * n + j]); };
  double independent = 0, full = 0;
  for (std::size_t scored = 0; scored < 11; ++scored) {
    double mean[2] = {}, variance[2] = {}, correlation = 0, fourth = 0, rows = 0;
    const auto fitted = [&](const auto& body) {
      for (std::size_t n = 1 - scored % 2; n < 11; n += 2) body(n);
    };
    fitted([&](std::size_t) { ++rows; });
    for (std::size_t j = 0; j < 2; ++j) {
      fitted([&](std::size_t n) { mean[j] += at(n, j) / rows; });
      fitted([&](std::size_t n) { variance[j] += std::pow(at(n, j) - mean[j], 2) / rows; });
    }
    const auto z = [&](std::size_t n, std::size_t j) {
      return (at(n, j) - mean[j]) / std::sqrt(variance[j]);
    };
    fitted([&](std::size_t n) { correlation += z(n, 0) * z(n, 1) / rows; });
    // Ledoit and Wolf's b^2 / d^2, of norms over the number of readings; the variances of z are 1.
    fitted([&](std::size_t n) {
      fourth += std::pow(z(n, 0) * z(n, 0) - 1, 2) + std::pow(z(n, 1) * z(n, 1) - 1, 2) +
                2 * std::pow(z(n, 0) * z(n, 1) - correlation, 2);
    });
    const double share = std::min(1.0, fourth / (rows * rows) / (2 * correlation * correlation));
    const double r = (1 - share) * correlation;
    const double a = z(scored, 0), b = z(scored, 1), two_pi = 2 * std::acos(-1.0);
    const double spread = std::log(two_pi) + 0.5 * std::log(variance[0] * variance[1]);
    independent += -(a * a + b * b) / 2 - spread;
    full += -(a * a - 2 * r * a * b + b * b) / (2 * (1 - r * r)) - 0.5 * std::log(1 - r * r) - spread;
  }
  const auto found = baselines(table(2, values), {reading, reading});
  REQUIRE(found);
  CHECK(found->independent.value == doctest::Approx(independent / 11).epsilon(1e-5));
  CHECK(found->full->value == doctest::Approx(full / 11).epsilon(1e-5));
}

TEST_CASE("baselines: where one Gaussian is the truth, the full one comes near it, the other stays behind") {
  std::mt19937 random(4);
  const std::size_t readings = 6;
  const auto found =
      baselines(table(readings, correlated(6000, readings, 2, random)), std::vector(readings, reading));
  // Covariance I + 4 ones: determinant 1 + 4 n. The entropy is n/2 log(2 pi e) + log(determinant) / 2.
  const double unit = 0.5 * std::log(2 * std::acos(-1.0) * std::exp(1.0));
  const double truth = -6 * unit - 0.5 * std::log(25.0), apart = -6 * (unit + 0.5 * std::log(5.0));
  CHECK(std::fabs(found->full->value - truth) < 4.75 * found->full->standard_error);
  CHECK(found->full->standard_error < 0.03);
  CHECK(std::fabs(found->independent.value - apart) < 4.75 * found->independent.standard_error);
}

TEST_CASE("baselines: more readings than rows are no obstacle") {
  std::mt19937 random(5);
  const auto found = baselines(table(40, correlated(60, 40, 3, random)), std::vector(40, reading));
  CHECK(std::isfinite(found->full->value));
  CHECK(found->full->value > found->independent.value);
}

TEST_CASE("baselines: bits have rates, and readings that never vary the deviation that is said") {
  const std::vector<float> values{1, 5, 0, 5, 1, 5, 1, 5, 1, 5, 0, 5};
  const auto found = baselines(table(2, values), {bit, {true, 0.25}});
  // Even rows have 3 of 3 on, odd rows 1 of 3.
  const double constant = -0.5 * std::log(2 * std::acos(-1.0) * 0.25);
  const double even = 3 * std::log(1.5 / 4), odd = std::log(3.5 / 4) + 2 * std::log(0.5 / 4);
  CHECK(found->independent.value == doctest::Approx(constant + (even + odd) / 6));
  CHECK(found->full->value == doctest::Approx(found->independent.value));
}

TEST_CASE("baselines: readings that never vary leave no rounding that passes for a deviation") {
  const auto found = baselines(table(1, std::vector<float>(400, 7)), {{true, 0.25}});
  CHECK(found->independent.value == doctest::Approx(-0.5 * std::log(2 * std::acos(-1.0) * 0.25)));
}

TEST_CASE("baselines: none without readings or with too few rows, no full one with too many readings") {
  CHECK_FALSE(baselines(table(2, {0, 1, 1, 0, 1, 1, 0, 0}), {bit, bit}));
  CHECK_FALSE(baselines(table(1, {1, 2, 3, 4, 5}), {reading}));
  const std::size_t many = tool::most_covariant_readings + 1;
  std::mt19937 random(6);
  const auto found = baselines(table(many, correlated(6, many, 1, random)), std::vector(many, reading));
  REQUIRE(found);
  CHECK_FALSE(found->full);
}

TEST_CASE("baselines: the same bits for any number of threads") {
  std::mt19937 random(7);
  const tool::Dataset data = table(9, correlated(301, 9, 1, random));
  const auto one = baselines(data, std::vector(9, reading)),
             three = baselines(data, std::vector(9, reading), 3);
  CHECK(one->full->value == three->full->value);
  CHECK(one->independent.value == three->independent.value);
}
