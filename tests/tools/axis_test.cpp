#include "tools/output/axis.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "tests/support/fixtures.hpp"

namespace {

using Words = std::vector<std::string>;

// What is promised of any ticks.
void check_ticks(double low, double high, std::size_t most) {
  CAPTURE(low);
  CAPTURE(high);
  CAPTURE(most);
  const tool::Ticks ticks = tool::round_ticks(low, high, most);
  REQUIRE(ticks.values.size() >= 2);
  CHECK(ticks.values.size() <= most);
  CHECK(ticks.values.front() <= low);
  CHECK(ticks.values.back() >= high);
  const double power = std::pow(10, std::floor(std::log10(ticks.step) + 1e-9));
  const double mantissa = ticks.step / power;
  CHECK((std::abs(mantissa - 1) < 1e-9 || std::abs(mantissa - 2) < 1e-9 || std::abs(mantissa - 5) < 1e-9));
  for (std::size_t n = 0; n < ticks.values.size(); ++n) {
    const double multiple = ticks.values[n] / ticks.step;
    CHECK(std::abs(multiple - std::round(multiple)) <= 1e-12 * std::abs(multiple));
    if (n > 0) CHECK(ticks.values[n] > ticks.values[n - 1]);
  }
  // Different numbers have different labels.
  const Words labels = tool::tick_labels(ticks);
  REQUIRE(labels.size() == ticks.values.size());
  for (std::size_t n = 1; n < labels.size(); ++n) CHECK(labels[n] != labels[n - 1]);
}

}  // namespace

TEST_CASE("ticks: round steps that cover the range, at most so many") {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const double size = std::pow(10.0, static_cast<double>(fixture::uniform(random)) * 40 - 20);
    const double offset = round % 3 == 0 ? 0 : size * 100 * static_cast<double>(fixture::bell(random));
    const double low = offset + size * static_cast<double>(fixture::bell(random));
    check_ticks(low, low + size * static_cast<double>(fixture::uniform(random)), 3 + random() % 9);
  }
  // Bounds that are ticks themselves.
  for (int low = -30; low < 30; ++low)
    for (int high = low + 1; high < 31; ++high) check_ticks(low / 10.0, high / 10.0, 7);
}

TEST_CASE("ticks: the finest that do") {
  using Values = std::vector<double>;
  CHECK(tool::round_ticks(0, 1, 6).values == Values{0, 0.2, 0.4, 0.6, 0.8, 1});
  CHECK(tool::round_ticks(0, 0.3, 4).values == Values{0, 0.1, 0.2, 0.3});  // not 0.30000000000000004
  CHECK(tool::round_ticks(-196.3, -100, 6).values == Values{-200, -180, -160, -140, -120, -100});
  CHECK(tool::round_ticks(1, 3, 7, 1).values == Values{1, 2, 3});  // whole epochs
  CHECK(tool::round_ticks(0.5, 1.5, 7, 1).values == Values{0, 1, 2});
}

TEST_CASE("ticks: one number alone, and numbers too near to each other") {
  for (const double number : {0.0, 0.05, -196.3, 1e99, -1e100, 1e-99, 5e-324}) {
    check_ticks(number, number, 6);
    check_ticks(number, std::nextafter(number, 1e300), 6);
  }
  check_ticks(-tool::largest_drawn, tool::largest_drawn, 6);
}

TEST_CASE("labels: to the place of the step, with a true minus sign and a comma between thousands") {
  CHECK(tool::tick_labels({0.25, {-0.5}}) == Words{"−0.5"});
  CHECK(tool::tick_labels({0.5, {-0.5, 0, 0.5}}) == Words{"−0.5", "0.0", "0.5"});
  CHECK(tool::tick_labels({5000, {0, 5000, 10000}}) == Words{"0", "5,000", "10,000"});
  CHECK(tool::tick_labels({50, {-150, -100}}) == Words{"−150", "−100"});
  CHECK(tool::tick_labels({2e-7, {0, 2e-7, 4e-7}}) == Words{"0", "2×10⁻⁷", "4×10⁻⁷"});
  CHECK(tool::tick_labels({5e11, {5e11, 1e12}}) == Words{"0.5×10¹²", "1.0×10¹²"});
}

TEST_CASE("numbers for people") {
  CHECK(tool::shown_number(-101.3249, 4) == "−101.3");
  CHECK(tool::shown_number(0.0488382, 4) == "0.04884");
  CHECK(tool::shown_number(9.9996, 4) == "10.00");
  CHECK(tool::shown_number(60000, 4) == "60,000");
  CHECK(tool::shown_number(-1234567, 4) == "−1,235,000");
  CHECK(tool::shown_number(2.149e-6, 3) == "2.15×10⁻⁶");
  CHECK(tool::shown_number(-1.5e38, 2) == "−1.5×10³⁸");
  CHECK(tool::shown_number(0, 4) == "0");
  CHECK(tool::shown_number(-0.0, 4) == "0");
  CHECK(tool::shown_number(std::nan(""), 4) == "not a number");
  CHECK(tool::shown_number(-HUGE_VAL, 4) == "−∞");
}
