#include "tools/data/csv_heading.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

tool::Reading reading_of(float maximum, const std::string& columns = "", std::uint64_t skip_lines = 0) {
  tool::Reading reading;
  reading.maximum = maximum;
  reading.columns = columns;
  reading.skip_lines = skip_lines;
  return reading;
}

}  // namespace

TEST_CASE("CSV: a first row that is certain to be a heading is one") {
  for (const char* text : {
           // words above numbers
           "left,right,top\n0,1,2\n",
           "left,left.1,left.2\n0,1,2\n",
           "t1,t2,t3\n0,1,2\n",
           "Na,K,Cl\n0,1,2\n",
           "1st,second,3rd\n0,1,2\n",
           "left,,right\n5,1,2\n",
           "temp (\xb0"
           "C),b,c\n0,1,2\n",
           // quoted names
           "\"0\",\"1\",\"2\"\n275,129,522\n",
           "\"\",\"7\",\"9\"\n\"1\",275,129\n\"2\",5,1\n",
           "\"2019\",\"2020\",\"2030\"\n0,1,2\n",
           // numbers that count
           "0,1,2\n275,129,522\n545,468,209\n",
           "1,2,3\n0.5,0.25,0.5\n",
           "0,1,2\n1,0,0\n0,1,0\n",
           "0,1,2,3,4\n7,7,1,3,9\n",
           "1,2,3,4,5,6\n1,0,0,1,1,0\n",
           // axes of time and of wavelengths
           "0.00,0.01,0.02\n1,0,0\n0,1,0\n",
           "0.1,0.2,0.3\n7,8,3\n",
           "400,410,420\n1,0.5,0\n",
           "-1,-0.5,0\n4,5,9\n",
           "0,0.33,0.67,1.00,1.33\n1,1,5,1,1\n",
           "0,1e-3,2e-3,3e-3,4e-3\n1,1,5,1,1\n",
           "2019,2020,2021\n5,9,1\n",
       }) {
    CAPTURE(text);
    const tool::Dataset data = open_bytes(text, reading_of(1023, "1-"));
    const std::string rows(text);
    CHECK(data.heading_line == 1);
    const auto lines = static_cast<std::size_t>(std::count(rows.begin(), rows.end(), '\n'));
    CHECK(data.rows == lines - 1);
    CHECK(data.taken.names.size() == data.columns);
  }
}

TEST_CASE("CSV: names in a heading beside numbers") {
  for (const char* text :
       {"label,0,1,2\n5,7,9,9\n3,1,0,0\n", ",0,1\n0,500,7\n1,8,900\n2,1,9\n",
        "time,0.1,0.2,0.3,0.4,0.5\n1,4,5,6,9,8\n", "label,1x1,1x2,1x3\n5,7,9,9\n3,1,0,0\n"}) {
    CAPTURE(text);
    CHECK(open_bytes(text, reading_of(1023, "1-")).heading_line == 1);
  }
  for (const char* text : {"time,0.1,0.2\n1,4,5\n", "err,0,1\n1,4,5\n", "sensor,5,9\n1,4,5\n"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(open_bytes(text, reading_of(1023)), tool::Failure);
  }
  CHECK_REFUSED(
      "sensor,0.1,0.2\n1,0,0.5\n",
      "data: line 1, column 1: 'sensor' is no number; if line 1 is a heading, --skip-lines 1 leaves it out");
}

TEST_CASE("CSV: a heading may be without a name for the row names") {
  for (const char* text :
       {"\"a\" \"b\"\n\"1\" 0 1\n\"2\" 1 0\n", "a,b\n1,0,1\n2,1,0\n", "a b\nfirst 0 1\nsecond 1 0\n"}) {
    CAPTURE(text);
    const tool::Dataset data = open_bytes(text, reading_of(1, "a,b"));
    CHECK(data.heading_line == 1);
    CHECK(data.taken.numbers == std::vector<std::size_t>{1, 2});
    CHECK(all_intensities(data) == std::vector<float>{0, 1, 1, 0});
  }
  CHECK(open_bytes("a,b\n1,0,1\n2,1,0\n").columns == 2);
  CHECK_REFUSED("a,b\n0.5,0,1\n0.25,1,0\n",
                "data: line 1, column 1: 'a' is no number; if line 1 is a heading, "
                "--skip-lines 1 leaves it out");
}

TEST_CASE("CSV: what is not certain to be a heading is a row, read or refused") {
  struct {
    const char* text;
    const char* message;
  } const refused[] = {
      {"?,NA,+1,1e-400,-\n0,0,1,0,1\n",
       "line 1, column 1: '?' is missing: leave the row out, or fill a value in"},
      {"NA,NA\n0,1\n",
       "line 1, column 1: 'NA' is missing: leave the row out, or fill a value in; if line 1 is a heading, "
       "--skip-lines 1 leaves it out"},
      {"error,error\n0,1\n",
       "line 1, column 1: 'error' is no number; if line 1 is a heading, --skip-lines 1 leaves it out"},
      {"yes,no\n0,1\n1,no\n",
       "line 1, column 1: 'yes' is no number; if line 1 is a heading, --skip-lines 1 leaves it out"},
      {"abc,abc\n0,1\n",
       "line 1, column 1: 'abc' is no number; if line 1 is a heading, --skip-lines 1 leaves it out"},
      {"50%,20%\n0,1\n",
       "line 1, column 1: '50%' has a percent sign: without the signs, --maximum 100 reads it; if line 1 "
       "is a heading, --skip-lines 1 leaves it out"},
      {"0x1F,0x2F\n0,1\n",
       "line 1, column 1: '0x1F' is hexadecimal: write decimal digits; if line 1 is a heading, "
       "--skip-lines 1 leaves it out"},
      {"a,b\nc,d\n", "line 1, column 1: 'a' is no number; without this column: --columns 2"},
      {"cat,0\ndog,1\n", "line 1, column 1: 'cat' is no number; without this column: --columns 2"},
      {"My measurements\n0,1\n1,0\n",
       "line 1, column 1: 'My measurements' is no number; line 1 has 1 field, the next row 2: write "
       "points where commas are decimal marks, else leave the line out by --skip-lines 1"},
  };
  for (const auto& [text, message] : refused) CHECK_REFUSED(text, ("data: " + std::string(message)).c_str());

  // Rows of data that ascend: alone, among others that do, or few that chance explains.
  for (const char* text : {"0,0.25,0.5,0.75,1\n", "0,0.2,0.4,0.6,0.8\n0.1,0.3,0.5,0.7,0.9\n0.5,0.5,0.5,0,0\n",
                           "0.1,0.2,0.3\n0.3,0.1,0.2\n0.2,0.9,0.1\n", "0,1\n1,0\n", "1,1,1,1,1\n0,1,0,0,0\n",
                           "0.5,0.4,0.3,0.2,0.1\n0,1,0,0,0\n", "0,1,1\n0.5,0,0\n"}) {
    CAPTURE(text);
    const tool::Dataset data = open_bytes(text);
    const std::string rows(text);
    CHECK(data.rows == static_cast<std::size_t>(std::count(rows.begin(), rows.end(), '\n')));
    CHECK(data.heading_line == 0);
    CHECK(data.taken.names.empty());
  }
}

TEST_CASE("CSV: of a heading of numbers, and of a row that may be one, the user is told") {
  CHECK(open_bytes("0.00,0.01,0.02\n1,0,0\n").notes ==
        std::vector<std::string>{
            "data: line 1 (0.00, 0.01, ...) ascends in equal steps and is taken for a heading"});
  CHECK(open_bytes("0.1,0.2,0.3\n0.9,0.1,0.2\n").notes ==
        std::vector<std::string>{"data: line 1 (0.1, 0.2, ...) may be a heading but is read as a row; "
                                 "--skip-lines 1 leaves it out"});
}

TEST_CASE("CSV: a first row that ascends in other steps is read, and told where no other does") {
  const std::string likely = " may be a heading but is read as a row; --skip-lines 1 leaves it out";
  CHECK(open_bytes("10,20,50,100,200\n7,3,9,1,1\n", reading_of(200)).notes ==
        std::vector<std::string>{"data: line 1 (10, 20, ...)" + likely});
  CHECK(open_bytes("10,20,50,100,200\n7,8,9,10,12\n", reading_of(200)).notes.empty());
  CHECK(open_bytes("10,20,50,200\n7,3,9,1\n", reading_of(200)).notes.empty());
}

TEST_CASE("CSV: lines above the table are left out where the user says so") {
  const std::string above = "Logger 5\n\nsite,3,4,north\n";
  const tool::Dataset data = open_bytes(above + "left,right\n0,1\n", reading_of(1, "", 3));
  CHECK(data.heading_line == 4);
  CHECK(data.rows == 1);
  CHECK(open_bytes("0.1,0.2,0.3\n0.3,0.1,0.2\n", reading_of(1, "", 1)).rows == 1);
  CHECK_THROWS_WITH_AS(open_bytes("0,1\n", reading_of(1, "", 9)), "data: holds no rows of numbers",
                       tool::Failure);
}

TEST_CASE("CSV: comments are left out; names in one above the table are its heading") {
  tool::Dataset data = open_bytes("# made today\n# left,right\n0,1\n1,0\n");
  CHECK(data.heading_line == 2);
  CHECK(data.taken.names == std::vector<std::string>{"left", "right"});
  CHECK(data.rows == 2);
  CHECK(data.notes.empty());
  CHECK(open_bytes("# left right\n0 1\n").taken.names == std::vector<std::string>{"left", "right"});
  CHECK(open_bytes("#left,right\n0,1\n").taken.names == std::vector<std::string>{"left", "right"});
  data = open_bytes("# made today, and well, by me\nleft,right\n0,1\n");
  CHECK(data.heading_line == 2);
  CHECK(data.taken.names[0] == "left");
  CHECK(open_bytes("# made today, and well, by me\n0,1\n").heading_line == 0);
  data = open_bytes("0,1\n# 1,1\n1,0\n#end\n");
  CHECK(data.rows == 2);
  CHECK(data.notes == std::vector<std::string>{"data: 2 lines among the rows begin with # and are left out"});
}

TEST_CASE("CSV: names that the user or the model asks for make a heading") {
  CHECK(open_bytes("0.5,0.25\n0,1\n", reading_of(1, "\"0.25\"")).taken.names ==
        std::vector<std::string>{"0.25"});
  tool::Reading reading;
  reading.known_columns = {2, {}, {"yes", "no"}};
  reading.model_name = "model";
  CHECK(open_bytes("yes,no\n0,1\n", reading).rows == 1);
  CHECK(all_intensities(open_bytes("no,yes\n0,1\n", reading)) == std::vector<float>{1, 0});
  // Of numbers a first row of data may be made: the user is told.
  reading.known_columns.names = {"0", "1"};
  const tool::Dataset data = open_bytes("0,1\n1,1\n", reading);
  CHECK(data.heading_line == 1);
  CHECK(data.notes.front() ==
        "data: line 1 (0, 1) has the names of model's columns and is taken for a heading");
}
