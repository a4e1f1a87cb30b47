// Files of readings: what decides that they are, and how they are read.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/fixtures.hpp"
#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

using Kind = tool::DataKind;

tool::Reading reading_of(std::optional<Kind> kind, bool gaps = false) {
  tool::Reading reading;
  reading.kind = kind;
  reading.gaps = gaps;
  return reading;
}

const tool::Reading readings = reading_of(Kind::readings), with_gaps = reading_of(Kind::readings, true);

Kind kind_by_file(const std::string& bytes) {
  return open_bytes(bytes, reading_of(std::nullopt)).kind;
}

void refuse(const std::string& bytes, const tool::Reading& reading, const char* message) {
  CAPTURE(bytes);
  CHECK_THROWS_WITH_AS(open_bytes(bytes, reading), message, tool::Failure);
}

}  // namespace

TEST_CASE("readings: of any sign and size, as they stand in the file, in every format") {
  const std::vector<float> expected{-1.5f, 20, 0, 1e30f, -1e-30f, 7};
  const std::string csv = "-1.5,20,0\n1e30,-1e-30,7\n";
  for (const tool::Dataset& data : {open_bytes(csv, readings), open_bytes("a,b,c\n" + csv, readings),
                                    open_bytes("-1,5;20;0\n1e30;-1e-30;7,0\n", readings),
                                    open_bytes(npy("<f4", "(2, 3)", floats(expected)), readings),
                                    open_bytes(idx(13, {2, 3}, big_floats(expected)), readings),
                                    open_bytes(csv, reading_of(std::nullopt))}) {
    CHECK(data.kind == Kind::readings);
    CHECK(data.maximum == 1);
    CHECK(all_intensities(data) == expected);
  }
  const std::string bytes("\0\1\x80\xff", 4);
  CHECK(all_intensities(open_bytes(npy("|u1", "(2, 2)", bytes), readings)) ==
        std::vector<float>{0, 1, 128, 255});
  CHECK(all_intensities(open_bytes(npy("|i1", "(2, 2)", bytes), readings)) ==
        std::vector<float>{0, 1, -128, -1});
  CHECK(all_intensities(open_bytes(idx(8, {2, 2}, bytes), readings)) == std::vector<float>{0, 1, 128, 255});
  CHECK(all_intensities(open_bytes(npy("<i2", "(1, 2)", bytes), readings)) == std::vector<float>{256, -128});
  CHECK(all_intensities(open_bytes("2,true\n-3,false\n", readings)) == std::vector<float>{2, 1, -3, 0});
}

TEST_CASE("readings: the file decides where nobody says what its numbers are") {
  CHECK(kind_by_file("0,1\n1,0\n") == Kind::intensities);
  CHECK(kind_by_file("0,1\n1,0.5\n") == Kind::readings);
  CHECK(kind_by_file("3,1\n1,2\n") == Kind::readings);
  CHECK(kind_by_file(npy("<f4", "(1, 2)", floats({0, 1}))) == Kind::intensities);
  CHECK(kind_by_file(npy("<f4", "(1, 2)", floats({0, -1}))) == Kind::readings);
  CHECK(kind_by_file(npy("<i2", "(1, 2)", std::string("\7\0\1\0", 4))) == Kind::readings);
  // Bytes, and arrays of pictures, are pictures.
  CHECK(kind_by_file(npy("|u1", "(1, 2)", "\3\7")) == Kind::intensities);
  CHECK(kind_by_file(idx(8, {1, 2}, "\3\7")) == Kind::intensities);
  CHECK(kind_by_file(npy("<f4", "(1, 1, 2)", floats({0.5f, 1}))) == Kind::intensities);
  CHECK(kind_by_file(idx(13, {1, 1, 2}, big_floats({0.5f, 1}))) == Kind::intensities);
  CHECK(tool::open_dataset("digits", reading_of(std::nullopt)).kind == Kind::intensities);
  // What means 1 is said of intensities only.
  tool::Reading scaled = reading_of(std::nullopt);
  scaled.maximum = 4.0f;
  CHECK(open_bytes("3,1\n1,2\n", scaled).kind == Kind::intensities);
}

TEST_CASE("readings: a value that is none is refused, with its place") {
  const char* const beyond = "data: line 1, column 2: 1.1e+30 is no reading: these go from -1e30 to 1e30";
  refuse("0,1.1e30\n", readings, beyond);
  refuse("0,1.1e30\n", with_gaps, beyond);
  refuse("0,inf\n", with_gaps, "data: line 1, column 2: 'inf' is no finite number");
  refuse("0,-1e400\n", with_gaps, "data: line 1, column 2: '-1e400' is no finite number");
  refuse("2,3\n0,nan\n", readings,
         "data: line 2, column 2: 'nan' is missing: leave the row out, or fill a value in");
  refuse("2,3\n0,\n", readings,
         "data: line 2, column 2: a value is missing: leave the row out, or fill a value in");
  refuse(npy("<f4", "(2, 1)", floats({0, NAN})), readings, "data: row 2, column 1: nan is no finite number");
  refuse(npy("<f4", "(2, 1)", floats({0, -INFINITY})), with_gaps,
         "data: row 2, column 1: -inf is no finite number");
  refuse(npy("<f4", "(1, 2)", floats({0, -2e30f})), readings,
         "data: row 1, column 2: -2.0000000300949324e+30 is no reading: these go from -1e30 to 1e30");
}

TEST_CASE("readings: where gaps are allowed, a missing value is NaN") {
  const auto as_text = [](const std::string& bytes, tool::Reading reading) {
    std::string text;
    const tool::Dataset data = open_bytes(bytes, reading);
    CHECK(data.notes.empty());
    for (const float value : all_intensities(data))
      text += (text.empty() ? "" : " ") + (std::isnan(value) ? "-" : std::to_string(static_cast<int>(value)));
    return text;
  };
  CHECK(as_text("1,5,3\n4,,6\n,8,NA\n", with_gaps) == "1 5 3 4 - 6 - 8 -");
  CHECK(as_text("4,,6\n1,2,3\n", with_gaps) == "4 - 6 1 2 3");
  CHECK(as_text(",5,6\n1,2,3\n", with_gaps) == "- 5 6 1 2 3");
  CHECK(as_text("a,b\n1,nan\n", with_gaps) == "1 -");
  CHECK(as_text("4;;6,5\n1;2;3\n", with_gaps) == "4 - 6 1 2 3");
  CHECK(as_text(npy("<f4", "(1, 3)", floats({7, NAN, -2})), with_gaps) == "7 - -2");
  CHECK(as_text(idx(13, {1, 3}, big_floats({7, NAN, -2})), with_gaps) == "7 - -2");
  CHECK(as_text("1,,0\n", reading_of(Kind::intensities, true)) == "1 - 0");
  // A last column without values is one where a model knows of it.
  tool::Reading known = with_gaps;
  known.known_columns.total = 3;
  CHECK(as_text("1,2,\n4,5,\n", known) == "1 2 - 4 5 -");
}
