#include "tools/data/csv_no_readings.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "tests/support/open_bytes.hpp"
#include "tools/data/column_list.hpp"

using namespace fixture;

namespace {

/// `rows` lines, each field(n) and two readings that ascend in no way.
std::string table_of(int rows, const std::function<std::string(int)>& field,
                     const std::string& heading = "") {
  std::string text = heading;
  for (int n = 0; n < rows; ++n)
    text += field(n) + "," + std::to_string(n * 7 % 5) + "," + std::to_string(n * 3 % 4) + "\n";
  return text;
}

std::string whole(int n) {
  return std::to_string(n);
}

constexpr std::string_view takes = "--columns takes it";

/// The columns that are taken of a table whose greatest reading is 1000, and the notes behind the file's
/// name, up to what they say of rate and gaps.
std::string taken(const std::string& text) {
  tool::Reading reading;
  reading.maximum = 1000.0f;
  const tool::Dataset data = open_bytes(text, reading);
  std::string result = data.taken.numbers.empty() ? "all" : tool::list_numbers(data.taken.numbers);
  for (const std::string& note : data.notes) {
    const std::size_t end = note.find(takes);
    result += ": " + note.substr(6, end == note.npos ? end : end + takes.size() - 6);
  }
  return result;
}

constexpr const char* out = " and is left out; --columns takes it";
constexpr const char* out_as_labels =
    " and is left out; --labels takes it as labels, --label-column as what is odd, --columns as data";
constexpr const char* perhaps = "; --columns leaves it out";
constexpr const char* perhaps_labels = "; --labels takes it as such, --columns leaves it out";

}  // namespace

TEST_CASE("CSV: row numbers are left out where that is certain") {
  for (const char* name : {"", "Unnamed: 0", "index", "ID", "row", "Row Number", "#", "sample"}) {
    CAPTURE(name);
    const std::string heading = "\"" + std::string(name) + "\",left,right\n";
    for (const int first : {0, 1, 500})
      CHECK(taken(table_of(
                4, [first](int n) { return whole(first + n); }, heading)) ==
            "2-3: column 1 ('" + std::string(name) + "') holds row numbers" + out);
  }
  // Shuffled or filtered, as pandas leaves them.
  CHECK(taken(",left,right\n7,0,1\n3,1,0\n912,1,1\n") ==
        "2-3: column 1 ('') holds row numbers" + std::string(out));
  CHECK(taken(",left,right\n7,0,1\n") == "2-3: column 1 ('') holds row numbers" + std::string(out));
  // Without a heading, or with a name that tells nothing.
  CHECK(taken(table_of(4, whole)) == "2-3: column 1 holds row numbers" + std::string(out));
  CHECK(taken(table_of(3, [](int n) { return whole(n + 1); })) ==
        "2-3: column 1 holds row numbers" + std::string(out));
  CHECK(taken(table_of(30, whole, "s0,s1,s2\n")) ==
        "2-3: column 1 ('s0') holds row numbers" + std::string(out));
}

TEST_CASE("CSV: what may be row numbers but is not certain is told and read") {
  const std::string likely = " is read as data, but perhaps holds row numbers" + std::string(perhaps);
  CHECK(taken(table_of(5, whole, "s0,s1,s2\n")) == "all: column 1 ('s0')" + likely);
  CHECK(taken("id,left,right\n7,0,1\n3,1,0\n") == "all: column 1 ('id')" + likely);
  CHECK(taken("sample,left,right\n7,0,1\n7,1,0\n") == "all: column 1 ('sample')" + likely);
}

TEST_CASE("CSV: readings that ascend are readings") {
  // Too few rows, a jump, two alike, binary; and ramps in all columns.
  for (const char* text :
       {"0,5,7\n1,2,3\n", "0,5,7\n1,2,3\n2,9,9\n4,3,2\n", "0,5,7\n0,2,3\n1,9,9\n", "2,5,7\n3,2,3\n4,9,9\n",
        "1,2,3\n2,3,4\n3,4,5\n4,5,6\n", "0\n1\n2\n3\n", "900,5,7\n800,2,3\n700,9,9\n"}) {
    CAPTURE(text);
    CHECK(taken(text) == "all");
  }
}

TEST_CASE("CSV: row numbers beside another column that ascends are told and read") {
  const std::string likely = " is read as data, but perhaps holds row numbers" + std::string(perhaps);
  CHECK(taken("0,23.5,1.2,0\n1,23.4,1.1,50\n2,23.9,1.4,100\n") == "all: column 1" + likely);
  CHECK(taken("0,7,0\n1,3,1\n2,9,2\n") == "all: column 1" + likely);
}

TEST_CASE("CSV: times are left out where that is certain") {
  const char* const stamps[][2] = {{"2026-11-27T10:00:00Z", "2026-11-27T10:00:01Z"},
                                   {"27.11.2026 10:00", "27.11.2026 10:05"},
                                   {"10:00:00.5", "10:00:01.0"},
                                   {"11/27/2026", "11/28/2026"},
                                   {"27-Nov-2026 10:00", "27-Nov-2026 10:01"},
                                   {"2026-11-27 10:00:00+01:00", "2026-11-27 10:00:01+01:00"},
                                   {"10:00 PM", "11:00 PM"},
                                   {"20261127T100000Z", "20261127T100001Z"}};
  for (const auto& [first, second] : stamps) {
    CAPTURE(first);
    const std::string rows = std::string(first) + ",0,1\n" + second + ",1,0\n";
    CHECK(taken(rows) == "2-3: column 1 holds times" + std::string(out));
    CHECK(taken("x,left,right\n" + rows) == "2-3: column 1 ('x') holds times" + std::string(out));
  }
  CHECK(taken("left,when,right\n0,10:00,1\n1,10:01,0\n") ==
        "1,3: column 2 ('when') holds times" + std::string(out));
  for (const char* name : {"time", "Time (s)", "timestamp", "time_ms", "DateTime", "seconds"}) {
    CAPTURE(name);
    CHECK(taken(std::string(name) + ",left,right\n0.5,0,1\n0.7,1,0\n3,1,1\n") ==
          "2-3: column 1 ('" + std::string(name) + "') holds times" + out);
  }
  CHECK(taken("left,t,right\n0,5,1\n1,9,0\n0,13,0\n") ==
        "1,3: column 2 ('t') holds times" + std::string(out));
  CHECK(taken(table_of(
            8, [](int n) { return std::to_string(n * n); }, "t [ms],left,right\n")) ==
        "2-3: column 1 ('t [ms]') holds times" + std::string(out));
  // Without a name: equal steps over many rows, to the rounding of their decimals.
  const auto hundredth = [](int n) { return "0." + std::to_string(100 + n); };
  const auto third = [](int n) {
    return std::to_string(n / 3) + (n % 3 == 0 ? ".00" : n % 3 == 1 ? ".33" : ".67");
  };
  CHECK(taken(table_of(20, hundredth)) ==
        "2-3: column 1 ascends in equal steps, as times do," + std::string(out));
  CHECK(taken(table_of(20, third)) ==
        "2-3: column 1 ascends in equal steps, as times do," + std::string(out));
}

TEST_CASE("CSV: row numbers before times") {
  std::string text;
  for (int n = 0; n < 25; ++n)
    text += std::to_string(n) + "," + std::to_string(n * 20 + 7) + "," + std::to_string(n * 7 % 5) + "\n";
  CHECK(taken(text) == "3: column 1 holds row numbers" + std::string(out) +
                           ": column 2 ascends in equal steps, as times do," + out);
}

TEST_CASE("CSV: what may be times but is not certain is told and read") {
  const std::string likely = " is read as data, but perhaps holds times" + std::string(perhaps);
  CHECK(taken("t,left,right\n5,0,1\n3,1,0\n") == "all: column 1 ('t')" + likely);
  CHECK(taken("t,left,right\n20,0,1\n21,1,0\n23,1,1\n") == "all: column 1 ('t')" + likely);
  CHECK(taken(table_of(20, [](int n) { return std::to_string(n * n); })) == "all: column 1" + likely);
  CHECK(taken(table_of(19, [](int n) { return std::to_string(n * n); })) == "all");
  CHECK(taken(table_of(10, [](int n) { return std::to_string(n * 5); })) == "all: column 1" + likely);
  CHECK(taken(table_of(
            30, [](int n) { return std::to_string(n * 5); }, "s0,s1,s2\n")) ==
        "all: column 1 ('s0')" + likely);
}

TEST_CASE("CSV: labels are left out by their name") {
  for (const char* name : {"label", "class", "Target", "species", "is_anomaly"}) {
    CAPTURE(name);
    const std::string found =
        "column 1 ('" + std::string(name) + "') holds labels, by its name," + out_as_labels;
    CHECK(taken(std::string(name) + ",a,b\n5,0,1\n3,1,0\n") == "2-3: " + found);
    CHECK(taken(std::string(name) + ",a,b\ncat,0,1\ndog,1,0\n") == "2-3: " + found);
  }
  CHECK(taken("a,b,y\n5,0,1\n3,1,0\n") ==
        "all: column 3 ('y') is read as data, but perhaps holds labels" + std::string(perhaps_labels));
  CHECK(taken("x,y,z\n5,0,1\n3,1,0\n") == "all");
}

TEST_CASE("CSV: classes in the first or last column are told where no heading names them") {
  const auto squares = [](int n) { return std::to_string(n * n % 17) + "," + std::to_string(n * n % 13); };
  const auto rows = [&](int count, const std::function<int(int)>& classes, bool first) {
    std::string text;
    for (int n = 0; n < count; ++n)
      text +=
          first ? whole(classes(n)) + "," + squares(n) + "\n" : squares(n) + "," + whole(classes(n)) + "\n";
    return text;
  };
  const auto found = [](int column) {
    return "all: column " + std::to_string(column) + " is read as data, but perhaps holds labels" +
           perhaps_labels;
  };
  const auto from_0 = [](int n) { return n % 5; };
  const auto from_1 = [](int n) { return 1 + n % 3; };
  CHECK(taken(rows(50, from_0, true)) == found(1));
  CHECK(taken(rows(50, from_0, false)) == found(3));
  CHECK(taken(rows(50, from_1, false)) == found(3));
  CHECK(taken("a,b,c\n" + rows(50, from_0, false)) == "all");  // it has a name
  CHECK(taken(rows(49, from_0, true)) == "all");               // too few rows
  CHECK(taken(rows(
            50, [](int n) { return n % 2; }, true)) == "all");  // binary
  CHECK(taken(rows(
            50, [](int n) { return n % 5 * 2; }, true)) == "all");  // with gaps
  CHECK(taken(rows(
            50, [](int n) { return n % 50 / 18; }, true)) == found(1));
  CHECK(taken(rows(
            90, [](int n) { return n < 80 ? 0 : n % 3; }, true)) == "all");  // rarely on
  CHECK(taken(rows(
            50, [](int n) { return n == 49 ? 64 : n % 5; }, true)) == "all");
  std::string steps;  // readings of few steps
  for (int n = 0; n < 60; ++n) steps += whole(n % 3) + "," + whole(n / 3 % 3) + "\n";
  CHECK(taken(steps) == "all");
}

TEST_CASE("CSV: what is left out is taken where it is asked for, and a column of text is refused") {
  tool::Reading reading;
  reading.columns = "t,left";
  CHECK(open_bytes("t,left\n0.25,1\n0.5,0\n", reading).notes.empty());
  CHECK(open_bytes("t,left\n0.25,1\n0.5,0\n", reading).columns == 2);
  reading.columns = "when,left";
  CHECK_THROWS_WITH_AS(
      open_bytes("when,left\n10:00,1\n", reading),
      "data: line 2, column 1: '10:00' is a time, no number; without this column: --columns 2",
      tool::Failure);
  CHECK_REFUSED("id,label\n1,5\n2,7\n", "data: no column holds readings; --columns takes some all the same");
}
