#include "tools/data/csv_time.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <ctime>
#include <string>

namespace {

/// Seconds since 1970 by the C library; NaN is none of its results.
double by_library(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_hour = hour;
  parts.tm_min = minute;
  parts.tm_sec = second;
  return static_cast<double>(timegm(&parts));
}

double seconds(const std::string& text, bool month_first = false) {
  const auto time = tool::read_time(text);
  REQUIRE(time);
  const auto found = tool::to_seconds(*time, month_first);
  REQUIRE(found);
  return *found;
}

bool is_no_day(const std::string& text, bool month_first = false) {
  const auto time = tool::read_time(text);
  return time && !tool::to_seconds(*time, month_first);
}

}  // namespace

TEST_CASE("times: each day of two centuries is the one that the C library has") {
  for (double days = by_library(1899, 12, 31) / 86400; days < by_library(2101, 1, 2) / 86400; ++days) {
    const auto whole = static_cast<std::time_t>(days * 86400);
    std::tm parts;
    gmtime_r(&whole, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
    if (seconds(text) != days * 86400) FAIL(text);
  }
}

TEST_CASE("times: each spelling of one moment") {
  const double moment = by_library(2026, 11, 7, 22, 5, 9);
  for (const char* text : {"2026-11-07T22:05:09", "2026-11-07 22:05:09Z", "07.11.2026 22:05:09",
                           "7/11/26 10:05:09 PM", "7-Nov-2026 22:05:09", "07 november 2026, 22:05:09 UTC",
                           "20261107T220509Z", "2026-11-07_22:05:09", "2026-11-07T23:35:09+01:30",
                           "2026-11-07 15:05:09-0700", "2026-11-08T00:05:09+2", "20261107_220509"}) {
    CAPTURE(text);
    CHECK(seconds(text) == moment);
  }
  CHECK(seconds("11/7/2026 10:05:09pm", true) == moment);
  CHECK(seconds("2026-11-07 22:05:09.25") == moment + 0.25);
  CHECK(seconds("20261107T220509.5") == moment + 0.5);
  CHECK(seconds("20261107T2205") == moment - 9);
  CHECK(seconds("7.11.26") == by_library(2026, 11, 7));
  CHECK(seconds("7.11.70") == by_library(1970, 11, 7));
  CHECK(seconds("12:00 AM") == 0);
  CHECK(seconds("12:30 pm") == 45000);
  CHECK(seconds("1:30 am") == 5400);
  CHECK(seconds("125:00:01.5") == 450001.5);
  CHECK(tool::read_time("10:00:00.250")->decimals == 3);
}

TEST_CASE("times: days and times of day that are none") {
  for (const char* text : {"31.06.2026", "29.02.2026", "0.1.2026", "1.13.2026", "2026-13-01", "2026-02-30",
                           "10:61", "10:00:75", "13:00 PM", "0:30 am", "20261307T100000", "20261127T10000"}) {
    CAPTURE(text);
    CHECK(is_no_day(text));
  }
  CHECK_FALSE(is_no_day("29.02.2024"));
  CHECK_FALSE(is_no_day("29.02.2000"));
  CHECK(is_no_day("29.02.1900"));
  CHECK(is_no_day("13/07/2026", true));
}

TEST_CASE("times: what is none") {
  for (const char* text :
       {"", "10", "2026", "2026-11", "10:0", "10:00:0", "27-Foo-2026", "2026-11-27T", "10:00 XM",
        "2026-11-27 10:00 +", "20261127", "10:00:00.", "1234:00", "27.11.202", "2026-11-27-"}) {
    CAPTURE(text);
    CHECK_FALSE(tool::is_time(text));
  }
}
