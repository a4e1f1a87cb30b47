#include "tools/data/csv_timeline.hpp"

#include <doctest/doctest.h>

#include "tests/support/open_bytes.hpp"

using namespace fixture;

namespace {

using Rows = std::vector<std::size_t>;

/// Rows of a time and a reading.
std::string table_of(const std::string& heading, const std::vector<std::string>& times) {
  std::string text = heading.empty() ? "" : heading + ",left\n";
  for (std::size_t n = 0; n < times.size(); ++n) text += times[n] + "," + std::to_string(n * 7 % 5) + "\n";
  return text;
}

tool::Dataset open_table(const std::string& text, const std::string& time_column = "", double rate = 0) {
  tool::Reading reading;
  reading.kind.reset();
  reading.time_column = time_column;
  reading.rate = rate;
  return open_bytes(text, reading);
}

std::string only_note(const tool::Dataset& data) {
  REQUIRE(data.notes.size() == 1);
  return data.notes[0];
}

const std::string left_out = " and is left out; --columns takes it";

}  // namespace

TEST_CASE("CSV: times of rows give the interval, the gaps and the place of each row") {
  const tool::Dataset data =
      open_table(table_of("when", {"2026-11-27 23:59:50", "2026-11-27 23:59:55", "2026-11-28 00:00:00",
                                   "2026-11-28 00:01:00", "2026-11-28 00:01:05", "2026-11-28 00:01:05"}));
  CHECK(data.columns == 1);
  CHECK(data.time.interval == 5);
  CHECK(data.time.seconds == std::vector<double>{0, 5, 10, 70, 75, 75});
  CHECK(data.time.start == "2026-11-27 23:59:50");
  CHECK(data.time.column == "column 1 ('when')");
  CHECK(data.time.gaps == Rows{3, 5});
  CHECK(tool::time_of_row(data.time, 3) == "2026-11-28 00:01:00");
  CHECK(only_note(data) == "data: column 1 ('when') holds times" + left_out +
                               ": a reading each 5 s; it jumps at rows 4 and 6: windows do not span these");
}

TEST_CASE("CSV: each notation of times is written again as it was") {
  const std::pair<std::vector<std::string>, const char*> tables[] = {
      {{"2026-11-27T10:00:00.5Z", "2026-11-27T10:00:00.75Z"}, "2026-11-27 10:00:00.75Z"},
      {{"27.11.2026 10:00", "27.11.2026 10:01"}, "2026-11-27 10:01:00"},
      {{"11/27/2026", "11/28/2026"}, "2026-11-28"},
      {{"23:59:59", "00:00:00"}, "00:00:00"},
      {{"10:00:00,5", "10:00:01,0"}, "10:00:01.0"}};
  for (const auto& [times, second] : tables) {
    CAPTURE(second);
    std::string text;
    for (const std::string& time : times) text += "\"" + time + "\",1,5\n";
    CHECK(tool::time_of_row(open_table(text).time, 1) == second);
  }
  // Times of day go on over midnight, durations do not.
  CHECK(open_table(table_of("when", {"23:59:58", "23:59:59", "00:00:00", "00:00:01"})).time.gaps.empty());
  CHECK(open_table(table_of("when", {"99:59:58", "99:59:59", "00:00:00", "00:00:01"})).time.gaps == Rows{2});
}

TEST_CASE("CSV: whether the day or the month comes first is found out") {
  const auto days = [](const std::string& mark, bool month_first, int first, int last) {
    std::vector<std::string> times;
    for (int day = first; day <= last; ++day) {
      const std::string digits = (day < 10 ? "0" : "") + std::to_string(day);
      times.push_back((month_first ? "03" + mark + digits : digits + mark + "03") + mark + "2026");
    }
    return open_table(table_of("date", times)).time;
  };
  for (const std::string mark : {"/", "-", "."})
    for (const bool month_first : {false, true}) {
      CAPTURE(mark);
      CAPTURE(month_first);
      const tool::Timeline decided = days(mark, month_first, 9, 20);  // no month is the 13th
      CHECK(decided.interval == 86400);
      CHECK(tool::time_of_row(decided, 11) == "2026-03-20");
    }
  // Without a day above 12, the usual order where nothing else tells.
  CHECK(tool::time_of_row(open_table(table_of("date", {"05/06/2026 10:00", "05/06/2026 11:00"})).time, 0) ==
        "2026-05-06 10:00:00");
  CHECK(tool::time_of_row(open_table(table_of("date", {"05.06.2026 10:00", "05.06.2026 11:00"})).time, 0) ==
        "2026-06-05 10:00:00");
  // Midnights tell: 5 and 6 June are a minute apart, 6 May and 6 June are not.
  std::vector<std::string> minutes{"05/06/2026 23:57", "05/06/2026 23:58", "05/06/2026 23:59"};
  for (const char* minute : {"00:00", "00:01", "00:02"})
    minutes.push_back("06/06/2026 " + std::string(minute));
  CHECK(tool::time_of_row(open_table(table_of("date", minutes)).time, 3) == "2026-06-06 00:00:00");
}

TEST_CASE("CSV: a column of dates and one of times of day belong together") {
  for (const bool date_first : {false, true}) {
    CAPTURE(date_first);
    std::string text = date_first ? "date,time,left\n" : "time,date,left\n";
    for (const char* row : {"2026-11-27 23:59", "2026-11-28 00:00", "2026-11-28 00:05"}) {
      const std::string date(row, 10), clock(row + 11);
      text += (date_first ? date + "," + clock : clock + "," + date) + ",7\n";
    }
    const tool::Dataset data = open_table(text);
    CHECK(data.columns == 1);
    CHECK(data.time.seconds == std::vector<double>{0, 60, 360});
    CHECK(data.time.start == "2026-11-27 23:59");
    CHECK(tool::time_of_row(data.time, 2) == "2026-11-28 00:05:00");
  }
}

TEST_CASE("CSV: numbers are times in the unit of their name, or by their size") {
  const std::tuple<const char*, std::vector<std::string>, double, const char*> tables[] = {
      {"time", {"0.00", "0.02", "0.04", "0.06"}, 0.02, "0.06"},
      {"Time (ms)", {"100", "120", "140", "160"}, 0.02, "0.160"},
      {"time_us", {"0", "20", "40", "60"}, 2e-5, "0.000060"},
      {"t [min]", {"0", "1.5", "3", "4.5"}, 90, "270.0"},
      {"elapsed (hours)", {"1", "2", "3", "4"}, 3600, "14400"},
      {"timestamp", {"1700000000", "1700000005", "1700000010", "1700000015"}, 5, "1700000015"},
      {"timestamp",
       {"1700000000000", "1700000000500", "1700000001000", "1700000001500"},
       0.5,
       "1700000001.500"},
      {"ticks", {"0", "4000", "8000", "12000"}, 0, "4"}};
  for (const auto& [name, times, interval, last] : tables) {
    CAPTURE(name);
    const tool::Timeline time = open_table(table_of(name, times)).time;
    CHECK(time.interval == doctest::Approx(interval));
    CHECK(tool::time_of_row(time, 3) == last);
    CHECK(time.column == "column 1 ('" + std::string(name) + "')");
  }
}

TEST_CASE("CSV: a counter that begins anew is one of rows, and its rate is said") {
  std::vector<std::string> counts;
  for (int n = 0; n < 150; ++n) counts.push_back(std::to_string(n % 60 + 1));
  counts.erase(counts.begin() + 140, counts.end());
  const std::string text = table_of("reading", counts);
  const tool::Dataset data = open_table(text);
  CHECK(data.columns == 2);  // runs of 60 may be a period
  counts.clear();
  for (int n = 0; n < 1450; ++n) counts.push_back(std::to_string(n < 700 ? n : n - 700));
  const tool::Dataset counted = open_table(table_of("reading", counts));
  CHECK(counted.columns == 1);
  CHECK(counted.time.interval == 0);
  CHECK(counted.time.gaps == Rows{700});
  CHECK(tool::time_of_row(counted.time, 700) == "701");
  CHECK(only_note(counted) == "data: column 1 ('reading') holds row numbers" + left_out +
                                  "; it restarts at row 701: windows do not span these");
  const tool::Dataset rated = open_table(table_of("reading", counts), "", 0.2);
  CHECK(rated.time.interval == 5);
  CHECK(tool::time_of_row(rated.time, 700) == "3500");
}

TEST_CASE("CSV: a column that changes at gaps only may name recordings") {
  const std::string heading = "time,mote,left\n";
  const auto rows = [&](const char* second, const char* other) {
    return heading + "0,1,5\n1,1,3\n2,1,4\n60," + second + ",3\n61," + other + ",9\n62,2,7\n";
  };
  CHECK(open_table(rows("2", "2")).notes.back() ==
        "data: column 2 ('mote') is read as data, but changes at gaps only and perhaps names recordings; "
        "--columns leaves it out");
  CHECK(open_table(rows("1", "2")).notes.size() == 1);
  CHECK(open_table(heading + "0,1,5\n1,1,3\n2,1,4\n60,1,3\n").notes.size() == 1);
}

TEST_CASE("CSV: --time-column names a column of times, or of counts") {
  const std::string text = "left,stamp\n5,0.5\n3,1.0\n9,1.5\n8,3.5\n";
  CHECK(open_table(text).columns == 2);
  for (const char* said : {"stamp", "2"}) {
    const tool::Dataset data = open_table(text, said);
    CHECK(data.columns == 1);
    CHECK(data.time.gaps == Rows{3});
    CHECK(only_note(data) ==
          "data: column 2 ('stamp') holds times: 2 Hz; it jumps at row 4: windows do not span these");
  }
  const tool::Dataset counts = open_table("left,nr\n5,7\n3,8\n9,9\n8,1\n", "nr");
  CHECK(counts.time.gaps == Rows{3});
  CHECK_THROWS_WITH_AS(open_table(text, "stmp"),
                       "data: has no column 'stmp', which --time-column asks for; the nearest is 'stamp'",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(open_table(text, "3"),
                       "data: has no column 3, which --time-column asks for: it has 2 columns",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(open_table("left,stamp\n5,0.5\n3,never\n", "stamp"),
                       "data: line 3, column 2 ('stamp'): 'never' is no time", tool::Failure);
  CHECK_THROWS_WITH_AS(open_table("left,stamp\n5,30.6.2026\n3,31.6.2026\n", "stamp"),
                       "data: line 3, column 2 ('stamp'): '31.6.2026' is no time", tool::Failure);
  CHECK_THROWS_WITH_AS(open_table("left,stamp\n5,1\n3,1e999\n", "stamp"),
                       "data: line 3, column 2 ('stamp'): '1e999' is no time", tool::Failure);
}

TEST_CASE("CSV: --rate and times that contradict each other") {
  const std::string text = table_of("time", {"0", "10", "20", "30"});
  const tool::Dataset data = open_table(text, "", 100);
  CHECK(data.time.interval == 0.01);
  CHECK(data.time.seconds[3] == doctest::Approx(0.03));
  CHECK(data.notes.back() == "data: --rate 100, but column 1 ('time') says a reading each 10 s");
  CHECK(open_table(text, "", 0.1).notes.size() == 1);
  CHECK_THROWS_WITH_AS(open_table(std::string("\0\0\x08\3\0\0\0\1\0\0\0\1\0\0\0\1a", 17), "", 1),
                       "data: holds pictures: --rate is of recordings", tool::Failure);
}

TEST_CASE("CSV: times beside columns that are chosen") {
  tool::Reading reading;
  reading.kind.reset();
  reading.columns = "left";
  const std::string even = table_of("time", {"0", "10", "20", "30"}),
                    gap = table_of("time", {"0", "10", "20", "90"});
  CHECK(open_bytes(even, reading).time.interval == 10);
  CHECK(open_bytes(even, reading).notes.empty());
  CHECK(only_note(open_bytes(gap, reading)) ==
        "data: column 1 ('time') jumps at row 4: windows do not span these");
  reading.columns = "time,left";  // a reading, as the user says
  CHECK(open_bytes(gap, reading).time.column.empty());
}

TEST_CASE("CSV: a time that cannot be is told where nobody asked for times") {
  const tool::Dataset data = open_table(table_of("when", {"30.6.2026", "31.6.2026", "1.7.2026"}));
  CHECK(data.time.interval == 0);
  CHECK(
      data.notes.back() ==
      "data: column 1 ('when') holds times, but '31.6.2026' in line 3 is none: gaps in time are not noticed");
}
