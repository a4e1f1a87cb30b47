#include "tools/data/csv.hpp"

#include <doctest/doctest.h>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

const std::vector<float> expected{0, 1, 0.5f, 0.25f};

/// The bytes of a text of ASCII in UTF-16.
std::string utf16(const std::string& text, bool big_endian) {
  std::string bytes;
  for (const char character : text) {
    const auto unit = static_cast<unsigned char>(character);
    bytes += big_endian ? big(unit, 2) : little(unit, 2);
  }
  return bytes;
}

}  // namespace

TEST_CASE("CSV: separators, headings, blank lines and line ends") {
  for (const char* text :
       {"0,1\n.5,2.5e-1\n", "0,1\r\n0.5,0.25\r\n", "0,1\r0.5,0.25\r", "0,1\r0.5,0.25",
        "\r0,1\r\n\n0.5,0.25\n\r", "0;1\n0.5;0.25", "0\t1\n0.5\t0.25\n", "0 1\n0.5   0.25\n",
        " 0  1 \n0.5\t 0.25\n", " 0 , 1 \n\n 0.5,0.25\n\n", "0,\t1\n0.5,\t0.25\t\n", "0,1\t\n0.5,0.25\t\n",
        "left,right\n0,1\n0.5,0.25\n", "sep=;\r\n0;1\r\n0.5;0.25\r\n", "left hand;right, near\n0;1\n0.5;0.25",
        "left hand,right hand\n0,1\n0.5,0.25", "left right\n0 1\n0.5 0.25",
        "\xef\xbb\xbf"
        "0,1\n0.5,0.25\n"}) {
    CAPTURE(text);
    const tool::Dataset data = open_bytes(text);
    CHECK(data.rows == 2);
    CHECK(data.columns == 2);
    CHECK(all_intensities(data) == expected);
    CHECK(data.notes.empty());
  }
}

TEST_CASE("CSV: separators at the end of every line are no column") {
  for (const char* text : {"0,1,\n0.5,0.25,\n", "a,b,\n0,1,\n0.5,0.25,\n", "a,b\n0,1,\n0.5,0.25,\n",
                           "0;1;\n0.5;0.25; \n", "0\t1\t\n0.5\t0.25\t\n"}) {
    CAPTURE(text);
    CHECK(all_intensities(open_bytes(text)) == expected);
  }
  CHECK_REFUSED("0,1,\n0.5,0.25\n",
                "data: line 1, column 3: a value is missing: leave the row out, or fill a value in");
  CHECK_REFUSED("a,b\n1,\n1,\n",
                "data: line 2, column 2: a value is missing: leave the row out, or fill a value in");
}

TEST_CASE("CSV: quoted fields, with separators, quotes and line ends within") {
  for (const char* text :
       {"\"0\",\"1\"\n0.5,\"0.25\"\n", "\"a,b\",\"c\nd\"\n0,1\n0.5,\"0.25\"", "\"a\"\"b\" ,c\n0,1\n0.5,0.25",
        "5\" pipe,c\n0,1\n0.5,0.25", "\"a\" \"b\"\n0 1\n0.5 0.25", "\"a\"b,c\n0,1\n0.5,0.25"}) {
    CAPTURE(text);
    CHECK(all_intensities(open_bytes(text)) == expected);
  }
  const tool::Dataset data = open_bytes("\"a,b\",\"say \"\"c\"\"\"\n0,1\n");
  CHECK(data.taken.names == std::vector<std::string>{"a,b", "say \"c\""});
  CHECK_REFUSED("a,\"b\nc\"\n0,1\n0,x\n", "data: line 4, column 2: 'x' is no number");
  CHECK_REFUSED("0,1\n0,\"1\n0,1\n", "data: the row of line 2 opens a quotation mark that is never closed");
}

TEST_CASE("CSV: UTF-16, with a byte order mark or where it is certain") {
  const std::string text = "left,right\r\n0,1\r\n0.5,0.25\r\n";
  CHECK(all_intensities(open_bytes("\xff\xfe" + utf16(text, false))) == expected);
  CHECK(all_intensities(open_bytes("\xfe\xff" + utf16(text, true))) == expected);
  CHECK(all_intensities(open_bytes(utf16(text, false))) == expected);
  CHECK(all_intensities(open_bytes(utf16(text, true))) == expected);
  // Temperatures in degrees, U+00B0, and a pair of surrogates.
  const tool::Dataset data =
      open_bytes("\xff\xfe" + utf16("a ", false) + little(0xb0, 2) + little(0x20ac, 2) + little(0xd83d, 2) +
                 little(0xde00, 2) + utf16(",b\n0,1\n", false));
  CHECK(data.taken.names[0] == "a \xc2\xb0\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK_REFUSED("\xff\xfe" + utf16("0,1\n", false) + "x", "data: is cut short within a character of UTF-16");
  CHECK_REFUSED("\xff\xfe" + utf16("0,", false) + little(0xd83d, 2) + utf16("\n", false),
                "data: byte 7: half a character of UTF-16 is missing");
  CHECK_REFUSED("\xff\xfe" + std::string("\0\0\x30\0\0\0", 6), "data: is text in UTF-32: save it in UTF-8");
  CHECK_REFUSED(std::string("\x01\0\x02\0\x03\0", 6), "data: is neither an IDX, an NPY, a WAV nor a CSV file");
}

TEST_CASE("CSV: numbers in the spelling of other tools") {
  struct {
    const char* spelled;
    float value;
  } const cases[] = {{"+1", 1},
                     {"+.5", 0.5f},
                     {".5", 0.5f},
                     {"1.", 1},
                     {"00.5", 0.5f},
                     {"5d-1", 0.5f},
                     {"5.0D-01", 0.5f},
                     {"5E-1", 0.5f},
                     {"1e-400", 0},
                     {"0.1E-999", 0},
                     {"-1e-400", 0},
                     {"-0", 0},
                     {"+0.5e+0", 0.5f},
                     {"\"0.5\"", 0.5f},
                     {"\xc2\xa0"
                      "0.5",
                      0.5f},
                     {"\xe2\x88\x92"
                      "0",
                      0},
                     {"True", 1},
                     {"false", 0},
                     {"1e-99999999999999999999", 0}};
  for (const auto& [spelled, value] : cases) {
    CAPTURE(spelled);
    for (const std::string before : {"0,1\n", "a,b\n"}) {
      const tool::Dataset data = open_bytes(before + "0," + spelled + "\n");
      CHECK(all_intensities(data).back() == value);
      CHECK(data.columns == 2);
    }
  }
  CHECK(all_intensities(open_bytes("0," + ("0." + std::string(400, '0')) + "1\n"))[1] == 0);
  CHECK(all_intensities(open_bytes("True,False\nFalse,True\n")) == std::vector<float>{1, 0, 0, 1});
}

TEST_CASE("CSV: decimal commas, where that is certain") {
  for (const char* text : {"0;1\n0,5;0,25\n", "0\t1\n0,5\t0,25\n", "0,000\t1,000\n0,500\t0,250",
                           "a;b, in V\n0;1\n0,5;2,5e-1", "+0,0;1;\n0,5;0,25;\n"}) {
    CAPTURE(text);
    CHECK(all_intensities(open_bytes(text)) == expected);
  }
#define CURE " is no number: decimals take a point, thousands no mark"
  // A point in another number, more than one comma, thousands, or a comma that separates.
  for (const char* text :
       {"0.5;1\n0,5;1\n", "0;1\n0,5;0\n0;1.5\n", "0;1\n0,5;0\n1,000,000;0", "1;0\n0,5;0\n1.000,5;0"})
    CHECK_THROWS_AS(open_bytes(text, {1e6f}), tool::Failure);
  CHECK_REFUSED("0;1\n1,234;5,678\n", "data: line 2, column 1: '1,234'" CURE);
  CHECK_REFUSED("0;1\n0,5;1\n0.5;1\n", "data: line 2, column 1: '0,5'" CURE);
  CHECK_REFUSED("\"0,5\",1\n0,1\n", "data: line 1, column 1: '0,5'" CURE);
  CHECK_REFUSED("0 0,5\n1 0,25\n",
                "data: line 1, column 1: '0 0' is no number: thousands take no mark, and one kind of mark "
                "separates fields");
#undef CURE
}

TEST_CASE("CSV: rows that fill a square are pictures, others lines") {
  CHECK(open_bytes("0,0,0,0,0,0,0,0,0\n").height == 3);
  CHECK(open_bytes("0,0,0,0,0,0,0,0,0\n").width == 3);
  CHECK(open_bytes("0,0,0,0,0,0,0,0\n").height == 1);
  CHECK(open_bytes("0,0,0,0,0,0,0,0\n").width == 8);
}

TEST_CASE("CSV: what cannot be read is refused, in the first row as in any other, with what cures it") {
  struct {
    const char* spelled;
    const char* fault;
  } const cases[] = {
      {"x", "'x' is no number"},
      {"0x1F", "'0x1F' is hexadecimal: write decimal digits"},
      {"1_000", "'1_000' is no number: decimals take a point, thousands no mark"},
      {"1'000", "'1'000' is no number: decimals take a point, thousands no mark"},
      {"1 000", "'1 000' is no number: thousands take no mark, and one kind of mark separates fields"},
      {"\"1,000\"", "'1,000' is no number: decimals take a point, thousands no mark"},
      {"50%", "'50%' has a percent sign: without the signs, --maximum 100 reads it"},
      {"23.5 C", "'23.5 C' has a unit behind the number: leave it out"},
      {"5V", "'5V' has a unit behind the number: leave it out"},
      {"0.1.2", "'0.1.2' is no number: decimals take a point, thousands no mark"},
      {"10:00", "'10:00' is a time, no number"},
      {"++1", "'++1' is no number"},
      {"+-1", "'+-1' is no number"},
      {"1e", "'1e' has a unit behind the number: leave it out"},
      {"inf", "'inf' is no finite number"},
      {"-Infinity", "'-Infinity' is no finite number"},
      {"1.#INF", "'1.#INF' is no finite number"},
      {"1e400", "'1e400' is no finite number"},
      {"10e99999999999999999999", "'10e99999999999999999999' is no finite number"},
      {"2", "2 is above 1: --maximum sets the value that means 1"},
  };
  for (const auto& [spelled, fault] : cases) {
    CAPTURE(spelled);
    CHECK_REFUSED(std::string("0,1\n0,") + spelled + "\n",
                  ("data: line 2, column 2: " + std::string(fault)).c_str());
    std::string cure;
    if (std::string(spelled) == "x") cure = "; if line 1 is a heading, --skip-lines 1 leaves it out";
    CHECK_REFUSED(std::string("0,") + spelled + "\n0,1\n",
                  ("data: line 1, column 2: " + std::string(fault) + cure).c_str());
  }
  for (const char* mark :
       {"NA",   "N/A",  "n/a", "#N/A", "<NA>", "nan", "NaN",    "-nan",    "NAN",     "-nan(ind)", "NULL",
        "null", "None", "?",   "-",    "--",   ".",   "1.#IND", "-1.#IND", "1.#QNAN", "#DIV/0!"}) {
    CHECK_REFUSED(std::string("0,1\n0,") + mark + "\n",
                  ("data: line 2, column 2: '" + std::string(mark) +
                   "' is missing: leave the row out, or fill a value in")
                      .c_str());
    CHECK_REFUSED(std::string("0,") + mark + "\n0,1\n",
                  ("data: line 1, column 2: '" + std::string(mark) +
                   "' is missing: leave the row out, or fill a value in")
                      .c_str());
  }
  CHECK_REFUSED("0,1\n,0\n",
                "data: line 2, column 1: a value is missing: leave the row out, or fill a value in");
  CHECK_REFUSED(std::string("0,1\n") + std::string(4096, '\n') + std::string("0,\0\0\n", 5),
                "data: line 4098, column 2: '?\?' has a byte of 0: the file is damaged, or no text");
  CHECK_THROWS_WITH_AS(open_bytes("4,1\nTrue,2\n", {4.0f}),
                       "data: line 2, column 1: 'True' is no number: write 1 for true, 0 for false",
                       tool::Failure);
}

TEST_CASE("CSV: what is wrong with rows is refused, with its line") {
  CHECK_REFUSED("0,1\n0\n", "data: line 2: number of columns is 1, in the lines before 2");
  CHECK_REFUSED("0,1\n\n0,1,1\n", "data: line 3: number of columns is 3, in the lines before 2");
  CHECK_REFUSED("a,b,c\n0,1,1\n0,1\n", "data: line 3: number of columns is 2, in the lines before 3");
  CHECK_REFUSED("0,-1\n",
                "data: line 1, column 2: -1 is below 0: intensities of bits go from 0 to --maximum. "
                  "Readings of any sign are for a model of real units, which rbm train --visible real makes");
  CHECK_REFUSED("a,b\n", "data: holds no rows of numbers");
  CHECK_REFUSED("\n\n", "data: holds no rows of numbers");
  CHECK_REFUSED("# a comment\n", "data: holds no rows of numbers");
  CHECK_REFUSED("name,left\ncat,0\ndog,1\n",
                "data: line 2, column 1: 'cat' is no number; without this column: --columns 2");
  CHECK_REFUSED("0,cat,1\n0,dog,1\n",
                "data: line 1, column 2: 'cat' is no number; without this column: --columns 1,3");
  std::string wide = "0";
  for (int n = 1; n < 65536; ++n) wide += ",0";
  CHECK_REFUSED(wide, "data: has 65536 columns, of which at most 65535 can be read");
  CHECK(open_bytes(wide.substr(2)).columns == 65535);
}

TEST_CASE("CSV: columns are chosen by number and by name") {
  tool::Reading reading;
  reading.columns = "right,1";
  const tool::Dataset data = open_bytes("left,name,right\n0,cat,1\n0.25,dog,0.5\n", reading);
  CHECK(all_intensities(data) == std::vector<float>{1, 0, 0.5f, 0.25f});
  CHECK(data.taken.total == 3);
  CHECK(data.taken.numbers == std::vector<std::size_t>{2, 0});
  CHECK(data.taken.names == std::vector<std::string>{"right", "left"});
  CHECK(data.width == 2);
  reading.columns = "2-3";
  CHECK(all_intensities(open_bytes("5,0,1\n6,0.5,0.25\n", reading)) == expected);
}
