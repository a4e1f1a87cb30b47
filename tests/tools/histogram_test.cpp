#include "tools/output/histogram.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "tests/support/fixtures.hpp"

TEST_CASE("histograms: every finite value is counted once, in the bin that holds it") {
  std::mt19937 random(1);
  std::vector<float> values{fixture::nan, fixture::infinity, -fixture::infinity, 0.5f, -0.25f};
  for (int n = 0; n < 5000; ++n) values.push_back(fixture::bell(random));
  tool::Histogram histogram{"", "", "", "", 0, 1, {}};
  tool::count_values(histogram, values, 40);
  CHECK(histogram.counts.size() <= 40);
  CHECK(histogram.counts.size() >= 15);
  std::vector<std::uint64_t> expected(histogram.counts.size());
  for (const float value : values)
    if (std::isfinite(value))
      ++expected.at(static_cast<std::size_t>(
          std::floor((static_cast<double>(value) - histogram.low) / histogram.bin + 1e-12)));
  CHECK(histogram.counts == expected);
  CHECK(tool::has_data(histogram));

  tool::count_values(histogram, {0.0f, 1.0f, 0.3f}, 50, {0, 1});
  CHECK(histogram.low == 0);
  CHECK(histogram.bin == doctest::Approx(0.02));
  REQUIRE(histogram.counts.size() == 50);
  CHECK(histogram.counts.front() == 1);
  CHECK(histogram.counts.back() == 1);
  CHECK(histogram.counts[15] == 1);

  tool::count_values(histogram, {fixture::nan}, 50);
  CHECK_FALSE(tool::has_data(histogram));
  tool::count_values(histogram, {}, 50, {0, 1});
  CHECK_FALSE(tool::has_data(histogram));
}

TEST_CASE("histograms: two kinds in the same bins, what is beyond them in the outer ones") {
  tool::Histogram histogram{"", "", "", ""};
  const std::vector<float> usual{0, 1, 2, 2.5f, -fixture::infinity}, odd{9.5f, 10, 1000, fixture::infinity};
  tool::count_kinds(histogram, usual, odd, 10, {0, 10});
  REQUIRE(histogram.counts.size() == 10);
  REQUIRE(histogram.odd_counts.size() == 10);
  CHECK(histogram.low == 0);
  CHECK(histogram.bin == 1);
  CHECK(histogram.counts[0] == 2);
  CHECK(histogram.counts[1] == 1);
  CHECK(histogram.counts[2] == 2);
  CHECK(histogram.odd_counts[9] == 4);
  CHECK(std::accumulate(histogram.odd_counts.begin(), histogram.odd_counts.end(), 0u) == 4);
  const auto has = [&](const char* part) { return tool::drawing(histogram).find(part) != std::string::npos; };
  CHECK(has("area bars"));
  CHECK(has("area odd"));
  CHECK_FALSE(has("limit"));
  histogram.limit = 7;
  CHECK(has("line limit"));
  histogram.limit = 11;  // beyond the bins
  CHECK_FALSE(has("line limit"));
}
