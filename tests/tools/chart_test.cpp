#include "tools/output/chart.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/support/fixtures.hpp"

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count_occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t n = text.find(part); n != std::string::npos; n = text.find(part, n + 1)) ++count;
  return count;
}

tool::Chart make_chart(const std::vector<double>& values) {
  tool::Chart chart{"Loss", "", "epoch", "nats", {{"training", {}}}};
  for (std::size_t n = 0; n < values.size(); ++n)
    chart.series[0].points.push_back({static_cast<double>(n + 1), values[n]});
  return chart;
}

// The d of the path of this kind; empty if there is none.
std::string path(const std::string& drawing, const std::string& kind) {
  const std::string begin = "<path class=\"" + kind + "\" d=\"";
  const std::size_t place = drawing.find(begin);
  if (place == std::string::npos) return "";
  return drawing.substr(place + begin.size(), drawing.find('"', place + begin.size()) - place - begin.size());
}

}  // namespace

TEST_CASE("charts: a line is broken where a value is not finite, and a point alone is a dot") {
  const std::string whole = tool::drawing(make_chart({1, 2, 3, 4, 5, 6}));
  CHECK(count_occurrences(path(whole, "line s0"), "M") == 1);
  CHECK(path(whole, "dot s0").empty());
  const std::string broken = tool::drawing(make_chart({gap, 1, 2, gap, HUGE_VAL, 3, gap, 4, 5, -HUGE_VAL}));
  CHECK(count_occurrences(path(broken, "line s0"), "M") == 2);
  CHECK(count_occurrences(path(broken, "dot s0"), "M") == 1);
  for (const std::string& drawing : {whole, broken}) {
    CHECK_FALSE(has(drawing, "nan"));
    CHECK_FALSE(has(drawing, "inf"));
  }
  CHECK(tool::has_data(make_chart({gap, 1})));
  CHECK_FALSE(tool::has_data(make_chart({gap, HUGE_VAL, 1e300})));
  CHECK_FALSE(tool::has_data(make_chart({})));
}

TEST_CASE("charts: the line passes through its points") {
  // The axes are 0 to 10 and 1 to 3: the second point lies in the middle of both.
  const std::string line = path(tool::drawing(make_chart({0, 5, 10})), "line s0");
  std::vector<double> numbers;
  for (std::size_t n = 0; n < line.size();) {
    if (line[n] == 'M' || line[n] == 'L' || line[n] == ',' || line[n] == ' ') {
      ++n;
      continue;
    }
    std::size_t used = 0;
    numbers.push_back(std::stod(line.substr(n), &used));
    n += used;
  }
  REQUIRE(numbers.size() == 6);
  CHECK(numbers[2] == doctest::Approx((numbers[0] + numbers[4]) / 2).epsilon(0.001));
  CHECK(numbers[3] == doctest::Approx((numbers[1] + numbers[5]) / 2).epsilon(0.001));
  CHECK(numbers[0] < numbers[4]);
  CHECK(numbers[1] > numbers[5]);  // up is less
}

TEST_CASE("charts: 10,000 points take little room, and no extreme is lost") {
  std::vector<double> values(10000, 0.0);
  values[4321] = 1, values[7654] = -1;
  const std::string drawing = tool::drawing(make_chart(values));
  CHECK(drawing.size() < 50000);
  const std::string line = path(drawing, "line s0");
  const std::string ends = path(tool::drawing(make_chart({0, 1, -1})), "line s0");
  const auto height = [](const std::string& text, std::size_t comma) {
    return text.substr(comma + 1, text.find_first_of(" L\"", comma) - comma - 1);
  };
  const std::size_t second = ends.find(',', ends.find('L')), third = ends.find(',', second + 1);
  CHECK(has(line, "," + height(ends, second)));
  CHECK(has(line, "," + height(ends, third)));
}

TEST_CASE("charts: values that never change, or are negative, zero, tiny or huge") {
  for (const double value : {0.0, 0.05, -196.3, 1e-30, -1e30, 1e99}) {
    for (const std::size_t count : {1u, 2u, 100u}) {
      const std::string drawing = tool::drawing(make_chart(std::vector<double>(count, value)));
      CHECK(path(drawing, count == 1 ? "dot s0" : "line s0").size() > 3);
      CHECK_FALSE(has(drawing, "nan"));
    }
  }
}

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
