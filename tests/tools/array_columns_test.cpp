#include "tools/data/array_columns.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

TEST_CASE("columns: of an array, the elements of others are left out") {
  tool::Dataset shape;
  shape.name = "data";
  shape.rows = 2;
  shape.columns = 3;
  tool::Reading reading;
  reading.columns = "3,1";
  // Elements of two bytes, behind a header of one.
  tool::Elements elements{std::vector<unsigned char>{9, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 61},
                          1,
                          {tool::NumberType::Kind::unsigned_integer, 2, true},
                          3};
  CHECK_THROWS_WITH_AS(tool::keep_columns(shape, reading, 3, elements),
                       "data: holds pictures: --columns takes columns of tables", tool::Failure);
  tool::keep_columns(shape, {}, 3, elements);
  CHECK(shape.columns == 3);
  CHECK(elements.columns.empty());
  tool::keep_columns(shape, reading, 2, elements);
  double taken[2];
  elements.decode(1, 0, 2, taken);
  CHECK(taken[0] == 60 * 256 + 61);
  CHECK(taken[1] == 40 * 256 + 41);
  CHECK(shape.columns == 2);
  CHECK(shape.width == 2);
  CHECK(shape.taken.numbers == std::vector<std::size_t>{2, 0});
}

TEST_CASE("columns: of an array, labels and times are taken out by number") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::string file = npy("<f4", "(4, 3)", floats({0, 7, 0, 0.5f, 8, 2, 1, 9, nan, 3, 10, 0}));
  tool::Reading reading;
  reading.kind.reset();
  reading.time_column = "1";
  reading.label_column = "3";
  const tool::Dataset data = open_bytes(file, reading);
  CHECK(data.values == std::vector<float>{7, 8, 9, 10});
  CHECK(data.taken.numbers == std::vector<std::size_t>{1});
  CHECK(data.labels == std::vector<std::uint8_t>{0, 1, 0, 0});
  CHECK(data.time.interval == 0.5);
  CHECK(data.time.seconds == std::vector<double>{0, 0.5, 1, 3});
  CHECK(data.time.gaps == std::vector<std::size_t>{3});
  CHECK(data.time.column == "column 1");
  reading.label_column = "4";
  CHECK_THROWS_WITH_AS(open_bytes(file, reading),
                       "data: has no column 4, which --label-column asks for: it has 3 columns",
                       tool::Failure);
  reading.label_column = "odd";
  CHECK_THROWS_WITH_AS(open_bytes(file, reading),
                       "data: has no column 'odd', which --label-column asks for: it has no heading",
                       tool::Failure);
  reading.label_column = "1";
  CHECK_THROWS_WITH_AS(
      open_bytes(file, reading),
      "data: column 1 cannot hold both labels and times: --label-column and --time-column name it",
      tool::Failure);
  reading = {};
  reading.time_column = "3";
  CHECK_THROWS_WITH_AS(open_bytes(file, reading), "data: row 3, column 3 holds no time", tool::Failure);
}
