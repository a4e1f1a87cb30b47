#include "tools/data/timeline.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <ctime>

namespace {

using Rows = std::vector<std::size_t>;

tool::Timeline timeline_of(std::vector<double> times) {
  tool::Timeline time;
  time.notation = tool::TimeNotation::seconds;
  tool::keep_times(time, std::move(times));
  return time;
}

}  // namespace

TEST_CASE("timeline: the interval is the median step, gaps are longer, back or none") {
  const tool::Timeline time = timeline_of({100, 105, 110, 115, 123, 128, 120, 125, 130, 130, 135, 142.5});
  CHECK(time.interval == 5);
  CHECK(time.gaps == Rows{4, 6, 9});  // 7.5 is not more than 1.5 times 5
  CHECK(time.origin == 100);
  CHECK(time.seconds[11] == 42.5);
  CHECK(tool::seconds_at(time, 6) == 20);
  CHECK(tool::rows_of_gaps(time) == "rows 5, 7 and 10");
}

TEST_CASE("timeline: times that rounding makes uneven have the mean interval") {
  std::vector<double> times;
  for (int n = 0; n < 3600; ++n) times.push_back(std::round(n / 360.0 * 1000) / 1000);
  const tool::Timeline heart = timeline_of(times);
  CHECK(heart.interval == doctest::Approx(1.0 / 360).epsilon(1e-4));
  CHECK(heart.gaps.empty());
  CHECK(tool::describe_rate(heart.interval).substr(0, 3) == "360");
  // Ten readings a second, at whole seconds; then three seconds are lost.
  times.clear();
  for (int n = 0; n < 400; ++n) times.push_back(std::floor((n < 200 ? n : n + 30) / 10.0));
  const tool::Timeline coarse = timeline_of(times);
  CHECK(coarse.gaps == Rows{200});
  CHECK(coarse.interval == doctest::Approx(0.1).epsilon(0.01));
  // A few steps of a minute more or less are jitter.
  times.clear();
  for (int n = 0; n < 400; ++n) times.push_back(300.0 * n + (n == 7 ? 60 : 0));
  CHECK(timeline_of(times).interval == 300);
  // Differences of decimal fractions are none of the machine's.
  times.clear();
  for (int n = 0; n < 100; ++n) times.push_back(1.7e9 + n / 10.0);
  CHECK(timeline_of(times).interval == 0.1);
}

TEST_CASE("timeline: times that never ascend tell nothing") {
  for (const std::vector<double>& times :
       {std::vector<double>{5}, std::vector<double>{5, 5, 5}, std::vector<double>{3, 2, 1}}) {
    const tool::Timeline time = timeline_of(times);
    CHECK(time.interval == 0);
    CHECK(time.seconds.empty());
    CHECK(time.gaps.empty());
    CHECK(tool::time_of_row(time, 1) == "2");
  }
}

TEST_CASE("timeline: numbers are counts, seconds, or smaller units since 1970") {
  tool::Timeline counts;
  tool::keep_numbers(counts, {5, 6, 7, 9, 10, 1, 2, 3, 4});
  CHECK(counts.interval == 0);
  CHECK(counts.gaps == Rows{3, 5});
  CHECK(tool::time_of_row(counts, 8) == "9");
  for (const double unit : {1.0, 1e-3, 1e-6, 1e-9}) {
    CAPTURE(unit);
    tool::Timeline time;
    tool::keep_numbers(time, {1.7e9 / unit, (1.7e9 + 2) / unit, (1.7e9 + 4) / unit});
    CHECK(time.interval == doctest::Approx(2));
    CHECK(tool::time_of_row(time, 1) == "1700000002");
  }
  tool::Timeline tenths;
  tool::keep_numbers(tenths, {0.5, 0.6, 0.7});
  CHECK(tenths.interval == 0.1);
  CHECK(tool::time_of_row(tenths, 2) == "0.70");
}

TEST_CASE("timeline: a rate stretches times, or makes some") {
  tool::Timeline time;
  tool::set_rate(time, 360);
  CHECK(time.interval == 1.0 / 360);
  CHECK(tool::time_of_row(time, 0) == "0.0000");
  CHECK(tool::time_of_row(time, 720) == "2.0000");
  tool::Timeline stretched = timeline_of({0, 10, 20, 40});
  tool::set_rate(stretched, 100);
  CHECK(stretched.interval == 0.01);
  CHECK(stretched.seconds[3] == doctest::Approx(0.04));
  CHECK(stretched.gaps == Rows{3});
}

TEST_CASE("timeline: places in time are written as the C library writes them") {
  tool::Timeline time;
  time.interval = 86400 * 31.7 + 3601;
  time.origin = -86400.0 * 365 * 80 + 12345;
  for (std::size_t n = 0; n < 2000; ++n) {
    const auto whole = static_cast<std::time_t>(std::round(time.origin + tool::seconds_at(time, n)));
    std::tm parts;
    gmtime_r(&whole, &parts);
    const auto by_library = [&](const char* pattern) {
      char text[64];
      std::strftime(text, sizeof text, pattern, &parts);
      return std::string(text);
    };
    using Notation = tool::TimeNotation;
    for (const auto& [notation, pattern] :
         {std::pair(Notation::date, "%Y-%m-%d %H:%M:%S"), std::pair(Notation::utc, "%Y-%m-%d %H:%M:%SZ"),
          std::pair(Notation::day, "%Y-%m-%d"), std::pair(Notation::clock, "%H:%M:%S")}) {
      time.notation = notation;
      if (tool::time_of_row(time, n) != by_library(pattern)) FAIL(by_library(pattern));
    }
  }
  tool::Timeline fractions;
  fractions.interval = 0.25;
  fractions.origin = 59.3;
  fractions.decimals = 2;
  fractions.notation = tool::TimeNotation::clock;
  CHECK(tool::time_of_row(fractions, 0) == "00:00:59.30");
  CHECK(tool::time_of_row(fractions, 3) == "00:01:00.05");
  fractions.decimals = 0;
  CHECK(tool::time_of_row(fractions, 1) == "00:01:00");  // 59.55 s
  fractions.notation = tool::TimeNotation::seconds;
  CHECK(tool::time_of_row(fractions, 1) == "60");
}

TEST_CASE("timeline: rates, durations and rows in words") {
  CHECK(tool::describe_rate(1.0 / 360) == "360 Hz");
  CHECK(tool::describe_rate(0.5) == "2 Hz");
  CHECK(tool::describe_rate(1) == "a reading each 1 s");
  CHECK(tool::describe_rate(300) == "a reading each 5 min");
  const std::pair<double, const char*> durations[] = {
      {1e-6, "1 us"},      {0.0025, "2.5 ms"},      {0.9996, "999.6 ms"}, {1, "1 s"},
      {12.34, "12.34 s"},  {60, "1 min"},           {90, "1 min 30 s"},   {3599.9, "60 min"},
      {3600, "1 h"},       {5400, "1 h 30 min"},    {86399, "24 h"},      {86400, "1 d"},
      {100000, "1 d 4 h"}, {86400 * 400.0, "400 d"}};
  for (const auto& [seconds, text] : durations) {
    CAPTURE(seconds);
    CHECK(tool::describe_duration(seconds) == text);
  }
  tool::Timeline time;
  time.gaps = {17};
  CHECK(tool::rows_of_gaps(time) == "row 18");
  time.gaps = {1, 2, 3, 4, 5};
  CHECK(tool::rows_of_gaps(time) == "rows 2, 3, 4, 5 and 6");
  time.gaps.resize(1200, 9);
  CHECK(tool::rows_of_gaps(time) == "rows 2, 3, 4, 5, 6, ... (1,200 in all)");
}
