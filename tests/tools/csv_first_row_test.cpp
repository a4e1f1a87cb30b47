#include "tools/data/csv_first_row.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

tool::Reading reading_of(float maximum, const std::string& columns = "") {
  tool::Reading reading;
  reading.maximum = maximum;
  reading.columns = columns;
  return reading;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

const std::string is_heading = " is taken for a heading, though it may be a row of data";
const std::string may_be_heading = " may be a heading but is read as a row; --skip-lines 1 leaves it out";

}  // namespace

TEST_CASE("CSV: a heading is one whichever columns are taken") {
  for (const char* text :
       {"sample,0.40,0.45,0.50,0.55\nS0,0.6,0.7,0.8,0.9\nS1,0.1,0.2,0.9,0.3\nS2,0.5,0.1,0.2,0.3\n",
        "country,2019,2020,2021\nFrance,0.5,0.1,0.2\nItaly,0.3,0.1,0.7\n",
        "gene,1,2,3\nTP53,0.5,0.1,0.2\nMYC,0.3,0.1,0.7\n", "id,0.1,0.2,0.3\n7,0.5,0.1,0.2\n8,0.3,0.1,0.7\n",
        "time,0.1,0.2,0.3\n2026-11-27,0.5,0.1,0.2\n2026-11-28,0.3,0.1,0.7\n",
        ",0.1,0.2,0.3\na,0.5,0.1,0.2\nb,0.3,0.1,0.7\n"}) {
    CAPTURE(text);
    const tool::Dataset data = open_bytes(text, reading_of(1, "2-4"));
    CHECK(data.heading_line == 1);
    CHECK(data.rows == lines_of(text) - 1);
    REQUIRE(data.notes.size() == 1);
    CHECK(data.notes[0].find(is_heading) != std::string::npos);
  }
}

TEST_CASE("CSV: a first row that cannot be read is refused or told, though its words are in other columns") {
  const std::string cure = " is no number; if line 1 is a heading, --skip-lines 1 leaves it out";
  for (const char* text :
       {"word,0.1,0.7\n5,0.5,0.1\n8,0.3,0.1\n", "word,0.1,0.7\n2026-11-27,0.5,0.1\n2026-11-28,0.3,0.1\n",
        "word,0.1,0.7\nS1,0.5,0.1\nS2,0.3,0.1\n", "word,0.1,0.7\nAnn,0.5,0.1\nBob,0.3,0.1\n"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(open_bytes(text, reading_of(1, "2-3")),
                         ("data: line 1, column 1: 'word'" + cure).c_str(), tool::Failure);
  }
  CHECK(open_bytes("0.5,sat\n0.25,1\n", reading_of(1, "1")).notes ==
        std::vector<std::string>{"data: line 1 (0.5, sat)" + may_be_heading});
  for (const char* first : {"word", "NA", "-", "", "5V"}) {
    CAPTURE(first);
    const tool::Dataset data =
        open_bytes(std::string(first) + ",0.1,0.7\ncat,0.5,0.1\ndog,0.3,0.1\n", reading_of(1, "2-3"));
    CHECK(data.rows == 3);
    CHECK(data.notes ==
          std::vector<std::string>{"data: line 1 (" + std::string(first) + ", 0.1, ...)" + may_be_heading});
  }
  // What stands in other rows too is a value, and no name.
  for (const char* rows :
       {"cat,0.1\ndog,0.5\ncat,0.3\n", "NA,0.1\n0.4,0.5\nNA,0.3\n", "10:00,0.1\n10:01,0.5\n10:02,0.3\n"}) {
    CAPTURE(rows);
    const tool::Dataset data = open_bytes(rows, reading_of(1, "2"));
    CHECK(data.rows == 3);
    CHECK(data.notes.empty());
  }
}

TEST_CASE("CSV: a first row of data does not vanish") {
  const std::string rows = "\n0.5,0.25\n0.25,0.75\n0.75,0.5\n";
  const std::string cure = "; if line 1 is a heading, --skip-lines 1 leaves it out";
  struct {
    const char* first;
    const char* fault;
  } const refused[] = {{",", "a value is missing: leave the row out, or fill a value in"},
                       {"\"NA\",\"NA\"", "'NA' is missing: leave the row out, or fill a value in"},
                       {"#N/A,#N/A", "'#N/A' is missing: leave the row out, or fill a value in"},
                       {"<0.1,<0.2", "'<0.1' is no number"},
                       {">0.1,x", "'>0.1' is no number"},
                       {"~0.1,x", "'~0.1' is no number"},
                       {"\xc2\xb1"
                        "0.1,x",
                        "'\xc2\xb1"
                        "0.1' is no number"},
                       {"BDL,ND", "'BDL' is no number"},
                       {"n.d.,<LOD", "'n.d.' is no number"},
                       {"open,short", "'open' is no number"}};
  for (const auto& [first, fault] : refused)
    CHECK_REFUSED(first + rows, ("data: line 1, column 1: " + std::string(fault) + cure).c_str());
  CHECK_REFUSED(
      "left,NA" + rows,
      ("data: line 1, column 2: 'NA' is missing: leave the row out, or fill a value in" + cure).c_str());
  for (const char* first : {"\"0.5\",\"0.75\"", "\"0\",\"1\""}) {
    CAPTURE(first);
    CHECK(open_bytes(first + rows).rows == 4);
    CHECK(open_bytes(first + rows).notes.size() == 1);
  }
  CHECK(open_bytes("\"1\",\"0\"" + rows).rows == 4);
  CHECK_REFUSED(";;\n0.5;0.25;1\n", ("data: line 1, column 1: a value is missing: leave the row out, or "
                                     "fill a value in" +
                                     cure)
                                        .c_str());
  // Blank fields of a table with tabs.
  CHECK_REFUSED("0.5\t1\n\t\n1\t0\n",
                "data: line 2, column 1: a value is missing: leave the row out, or fill a value in");
}

TEST_CASE("CSV: words for states and faults may be names of columns") {
  for (const char* heading : {"No,year,month,pm", "NO,NO2,CO", "x,error", "s1,s2,Fault", "Open,Close"}) {
    CAPTURE(heading);
    std::string row;
    for (const char* at = heading; *at != '\0'; ++at)
      if (*at == ',') row += "0.5,";
    const tool::Dataset data = open_bytes(heading + ("\n" + row) + "0.25\n" + row + "0.75\n");
    CHECK(data.heading_line == 1);
    CHECK(data.rows == 2);
  }
  const tool::Dataset data = open_bytes("On,Off\n0.5,0.25\n0.25,1\n");
  CHECK(data.heading_line == 1);
  CHECK(data.notes == std::vector<std::string>{"data: line 1 (On, Off)" + is_heading});
}

TEST_CASE("CSV: whole numbers that pandas writes above one or two columns are told") {
  for (const char* first : {"0", "1", "0,1"}) {
    CAPTURE(first);
    const std::string text(first);
    const bool two = text.size() > 1;
    const std::string rows = two ? "0.5,0.25\n0.25,0.75\n0.3,0.1\n" : "0.5\n0.25\n0.3\n";
    CHECK(open_bytes(text + "\n" + rows).rows == 4);
    CHECK(open_bytes(text + "\n" + rows).notes ==
          std::vector<std::string>{"data: line 1 (" + std::string(two ? "0, 1" : first) + ")" +
                                   may_be_heading});
    CHECK(open_bytes(text + "\n" + rows + (two ? "0,1\n" : "1\n")).notes.empty());
  }
  CHECK(open_bytes("0,1\n300,129\n45,468\n800,12\n", reading_of(1000)).notes.size() == 1);
}

TEST_CASE("CSV: lines above the table are counted for the user") {
  const std::string begins = "; the table seems to begin below line ";
  CHECK_REFUSED("left,right\nmV,mV\n0.5,0.25\n0.25,0.5\n",
                ("data: line 1, column 1: 'left' is no number" + begins + "2: --skip-lines 2").c_str());
  CHECK_REFUSED("Device: X\nRate: 100\na,b\n0,1\n1,0\n",
                ("data: line 2, column 1: 'Rate:' is no number" + begins + "2: --skip-lines 2").c_str());
  CHECK_REFUSED("Device: X\nRate: 100\n\nSerial, 55\na,b,c\n0,1,1\n1,0,0\n",
                ("data: line 2, column 1: 'Rate:' is no number" + begins + "4: --skip-lines 4").c_str());
  CHECK_REFUSED("a,b\n0,1\na,b\n1,0\n", "data: line 3 repeats the heading: leave it out");
  CHECK_THROWS_WITH_AS(
      open_bytes("label,0,1,2\n5,1,9,7\n7,3,9,4\nlabel,0,1,2\n1,8,8,3\n", reading_of(9, "2-4")),
      "data: line 4 repeats the heading: leave it out", tool::Failure);
  CHECK(open_bytes("0,1,2,3,4\n9,1,7,1,2\n0,1,2,3,4\n", reading_of(9)).notes ==
        std::vector<std::string>{"data: line 1 (0, 1, ...)" + may_be_heading});
}

TEST_CASE("CSV: decimal commas between commas are told") {
  const std::string cure = "write points where commas are decimal marks, else name each column";
  CHECK_REFUSED(
      "volt\n0,5\n0,7\n",
      ("data: line 1, column 1: 'volt' is no number; line 1 has 1 field, the next row 2: " + cure).c_str());
  CHECK_REFUSED(
      "a,b\n0,5,0,7\n0,7,0,9\n",
      ("data: line 1, column 1: 'a' is no number; line 1 has 2 fields, the next row 4: " + cure).c_str());
}

TEST_CASE("CSV: what is no list of names in a comment is no heading") {
  for (const char* comment : {"# created by X, version 2", "# made by me, today", "# Device: X, 2026",
                              "# left, 5", "# left,right.", "# left,right\n# made today"}) {
    CAPTURE(comment);
    CHECK(open_bytes(std::string(comment) + "\n0,1\n1,0\n").heading_line == 0);
  }
  CHECK(open_bytes("#,left,right\n7,0,1\n3,1,0\n").columns == 2);
  CHECK(open_bytes("# left hand,right (mV)\n0,1\n1,0\n").heading_line == 1);
  // Where a model knows other names, they give way to the order of the columns.
  tool::Reading reading;
  reading.known_columns = {2, {}, {"left", "right"}};
  reading.model_name = "model";
  CHECK(all_intensities(open_bytes("# a,b\n0,1\n", reading)) == std::vector<float>{0, 1});
  CHECK(open_bytes("# a,b\n0,1\n", reading).notes ==
        std::vector<std::string>{
            "data: line 1 has none of the names of model's columns, which are taken by number"});
  CHECK_THROWS_AS(open_bytes("# right,other\n0,1\n", reading), tool::Failure);
  CHECK(all_intensities(open_bytes("# right,left\n0,1\n", reading)) == std::vector<float>{1, 0});
}

TEST_CASE("CSV: a line of too many fields is not cut to its end") {
  const std::string wide(200000, ',');
  CHECK_REFUSED(wide, "data: has 65536 columns, of which at most 65535 can be read");
  CHECK_REFUSED("\"0\"" + wide + "\n0,1\n", "data: has 65537 columns, of which at most 65535 can be read");
  CHECK_REFUSED("0,1\n0" + wide + "\n", "data: line 2: number of columns is 65537, in the lines before 2");
  CHECK_REFUSED("0.5\n" + std::string(100000, 'x') + "\n",
                ("data: line 2, column 1: '" + std::string(40, 'x') + "...' is no number").c_str());
}

TEST_CASE("CSV: text that is no UTF-8 is in Windows-1252") {
  const std::vector<std::string> names = open_bytes(
                                             "Temp \xb0"
                                             "C,H\xf6he\x80\n0,1\n1,0\n")
                                             .taken.names;
  CHECK(names == std::vector<std::string>{"Temp \xc2\xb0"
                                          "C",
                                          "H\xc3\xb6he\xe2\x82\xac"});
  CHECK(all_intensities(open_bytes("0.5\xa0,1\n0,1\n")) == std::vector<float>{0.5f, 1, 0, 1});
}
