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

TEST_CASE(
    "charts: labelled spans, a limit, alarms and bands are drawn; what is beyond a given range, at its "
    "edge") {
  tool::Chart chart = make_chart({0, 10, 5, 100, 4});
  chart.y_range = {0, 10};
  chart.limit = 8;
  chart.spans = {{1, 2}, {3, 4, 0.5}, {4, 5, 0}};
  chart.alarms = {{4, 100}, {4.001, 9}};
  chart.bands = {{{{1, 1}, {2, 2}, {3, gap}, {4, 1}, {5, 1}}, {{1, 3}, {2, 4}, {3, gap}, {4, 2}, {5, 2}}}};
  const std::string drawing = tool::drawing(chart);
  CHECK(count_occurrences(drawing, "class=\"area odd\"") == 2);  // a span without weight is none
  CHECK(count_occurrences(drawing, "class=\"area s0\"") == 2);   // a gap breaks a band
  CHECK(count_occurrences(path(drawing, "line limit"), "M") == 1);
  CHECK(count_occurrences(path(drawing, "dot alarm"), "M") == 1);  // one a column
  // The point at 100 and the alarm lie where 10 does.
  const std::string line = path(drawing, "line s0"), top = line.substr(line.find(',', line.find('L')) + 1);
  const std::string highest = top.substr(0, top.find(' '));
  CHECK(count_occurrences(line, "," + highest) == 2);
  CHECK(has(path(drawing, "dot alarm"), "," + highest + "h0"));
  CHECK(tool::y_extent(chart) == std::pair{0.0, 10.0});
  chart.y_range.reset();
  CHECK(tool::y_extent(chart) == std::pair{0.0, 100.0});
}

TEST_CASE("charts: over time the axis says its unit") {
  tool::Chart chart = make_chart({0, 1, 2});
  CHECK(has(tool::drawing(chart), ">epoch<"));
  chart.across = tool::Across::seconds;
  CHECK(has(tool::drawing(chart), ">seconds<"));
  CHECK(tool::x_axis(chart).label == "seconds");
  chart.x_label.clear();
  CHECK_FALSE(has(tool::drawing(chart), ">seconds<"));
}

TEST_CASE("charts: a day of readings, ten a second, stays small") {
  tool::Chart chart = make_chart({});
  chart.across = tool::Across::seconds;
  for (int n = 0; n < 864000; ++n) chart.series[0].points.push_back({n / 10.0, std::sin(n / 1000.0) + n % 7});
  CHECK(tool::drawing(chart).size() < 60000);
}
