#include "tools/output/time_axis.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using Words = std::vector<std::string>;

TEST_CASE("times: seconds since 1970, by what date(1) says") {
  CHECK(tool::seconds_of("1970-01-01") == 0);
  CHECK(tool::seconds_of("2014-02-14T14:30:00") == 1392388200);
  CHECK(tool::seconds_of("2014-02-14 14:30") == 1392388200);
  CHECK(tool::seconds_of("2000-02-29 23:59:59.5Z") == 951868799.5);
  CHECK(tool::seconds_of("1969-12-31 23:59:59") == -1);
  CHECK(tool::seconds_of("2100-03-01 00:00:00") == 4107542400);
  for (const char* none : {"", "14:30", "2014-13-01", "14.02.2014 14:30", "2014-02-14x14:30",
                           "2014-02-14 1430", "2014-02-14 ", "abcd-ef-gh"})
    CHECK_FALSE(tool::seconds_of(none));
}

TEST_CASE("times for people") {
  CHECK(tool::time_text(0.25, "") == "0.2500 s");
  CHECK(tool::time_text(3725, "") == "1:02:05");
  CHECK(tool::time_text(61, "2014-02-14 23:59:00") == "2014-02-15 00:00:01");
  CHECK(tool::time_text(86400, "2016-02-28 08:05:09") == "2016-02-29 08:05:09");
}

TEST_CASE("axes of time: the unit follows from the range") {
  CHECK(tool::time_axis(0, 0.7, 7, "").label == "seconds");
  CHECK(tool::time_axis(0, 0.05, 7, "").label == "milliseconds");
  CHECK(tool::time_axis(0, 600, 7, "").label == "minutes");
  CHECK(tool::time_axis(0, 86400, 7, "").label == "hours");
  CHECK(tool::time_axis(0, 20 * 86400.0, 7, "").label == "days");
  CHECK(tool::time_axis(0, 86400, 7, "").labels == Words{"0", "6", "12", "18", "24"});
  CHECK(tool::time_axis(0, 3600, 7, "").labels == Words{"0", "10", "20", "30", "40", "50", "60"});
}

TEST_CASE("axes of time: a clock and a calendar where the start is known") {
  const tool::Axis day = tool::time_axis(0, 86400, 7, "2014-02-14 14:30:00");
  CHECK(day.labels == Words{"18:00", "15 Feb", "06:00", "12:00"});
  CHECK(day.label == "time, from 2014-02-14");
  CHECK(day.values.front() == 3.5 * 3600);
  CHECK(tool::time_axis(0, 4, 7, "2014-02-14 14:30:00").labels.front() == "14:30:00");
  const tool::Axis months = tool::time_axis(0, 365 * 86400.0, 7, "2015-12-30");
  CHECK(months.values.size() <= 7);
  CHECK(months.values.size() >= 3);
}

TEST_CASE("axes of time: at most so many numbers, ascending, two at least, all in reach") {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const double range = std::pow(10.0, static_cast<double>(random() % 1000) / 1000 * 14 - 5);
    const double low = round % 2 == 0 ? 0 : range * static_cast<double>(random() % 1000) / 300;
    const std::string start = round % 3 == 0 ? "2014-02-14 14:31:07" : "";
    CAPTURE(range);
    CAPTURE(low);
    const tool::Axis axis = tool::time_axis(low, low + range, 7, start);
    CHECK(axis.values.size() == axis.labels.size());
    CHECK(axis.values.size() <= 8);
    CHECK(axis.values.size() >= 2);
    std::size_t inside = 0;
    for (std::size_t n = 0; n < axis.values.size(); ++n) {
      inside += axis.values[n] >= low - range * 1e-9 && axis.values[n] <= low + range * (1 + 1e-9);
      if (n > 0) CHECK(axis.values[n] > axis.values[n - 1]);
    }
    CHECK(inside >= 1);
  }
}
