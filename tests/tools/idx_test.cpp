#include "tools/data/idx.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

constexpr std::uint64_t huge = 0xffffffff;

}  // namespace

TEST_CASE("IDX: pictures of bytes") {
  const tool::Dataset data = open_bytes(idx(8, {2, 2, 3}, {"\0\xff\x33\x66\x99\xcc\1\2\3\4\5\6", 12}));
  CHECK(data.rows == 2);
  CHECK(data.columns == 6);
  CHECK(data.height == 2);
  CHECK(data.width == 3);
  CHECK(data.maximum == 255);
  std::vector<float> expected;
  for (const int byte : {0, 255, 51, 102, 153, 204, 1, 2, 3, 4, 5, 6})
    expected.push_back(static_cast<float>(byte) / 255.0f);
  CHECK(all_intensities(data) == expected);
}

TEST_CASE("IDX: a table of floats, big-endian") {
  const tool::Dataset data = open_bytes(idx(13, {2, 2}, big_floats({0, 0.25f, 1, 0.1f})));
  CHECK(data.rows == 2);
  CHECK(data.columns == 2);
  CHECK(all_intensities(data) == std::vector<float>{0, 0.25f, 1, 0.1f});
}

TEST_CASE("IDX: integers and doubles, most significant byte first") {
  const std::vector<float> expected{0, 0.25f, 1};
  const auto file = [](unsigned type, std::size_t size, const std::vector<std::uint64_t>& bits) {
    std::string payload;
    for (const std::uint64_t element : bits) payload += big(element, size);
    return idx(type, {1, 3}, payload);
  };
  CHECK(all_intensities(open_bytes(file(9, 1, {0, 25, 100}), {100.0f})) == expected);
  CHECK(all_intensities(open_bytes(file(11, 2, {0, 1000, 4000}), {4000.0f})) == expected);
  CHECK(all_intensities(open_bytes(file(12, 4, {0, 1000000, 4000000}), {4e6f})) == expected);
  CHECK(all_intensities(open_bytes(file(14, 8, {0, double_bits(0.25), double_bits(1)}))) == expected);
}

TEST_CASE("IDX: what is no such file, or not whole, is refused") {
  const std::string good = idx(8, {2, 2, 3}, std::string(12, '\1'));
  const std::string announced = ": its header announces 2 x 6 bytes, ";
  CHECK_REFUSED(good.substr(0, 3), "data: is cut short within its header");
  CHECK_REFUSED(good.substr(0, 15), "data: is cut short within its header");
  CHECK_REFUSED(good.substr(0, 27), ("data: is cut short" + announced + "11 follow").c_str());
  CHECK_REFUSED(good + "1", ("data: is too long" + announced + "13 follow").c_str());
  CHECK_REFUSED(idx(8, {3}, "abc"), "data: has one dimension, as files of labels have, which --labels takes beside DATA");
  CHECK_REFUSED(idx(10, {1, 1}, "a"),
                "data: holds IDX elements of type 10, of which 8, 9, 11, 12, 13 and 14 are known");
  CHECK_REFUSED(idx(8, {}, ""),
                "data: is an array of rank 0: rank 2 (rows, columns), 3 (pictures, height, width) or 4 with "
                "one channel can be read");
  CHECK_REFUSED(idx(8, {1, 1, 1, 1, 1}, "a"),
                "data: is an array of rank 5: rank 2 (rows, columns), 3 (pictures, height, width) or 4 with "
                "one channel can be read");
}

TEST_CASE("IDX: impossible dimensions are refused, also where their product overflows") {
  CHECK_REFUSED(idx(8, {0, 2}, ""), "data: holds no rows");
  CHECK_REFUSED(idx(8, {2, 0}, ""), "data: holds rows without columns");
  CHECK_REFUSED(idx(8, {2, 3, 0}, ""), "data: holds rows without columns");
  CHECK_REFUSED(idx(8, {1, 65536}, std::string(65536, '\0')),
                "data: has 65536 columns, of which at most 65535 can be read");
  CHECK_REFUSED(idx(8, {1, 256, 256}, std::string(65536, '\0')),
                "data: has 65536 columns, of which at most 65535 can be read");
  CHECK_REFUSED(idx(8, {1, huge, huge}, "a"),
                "data: has 4294967295 columns, of which at most 65535 can be read");
  CHECK_REFUSED(idx(8, {huge, 65535}, "a"),
                "data: is cut short: its header announces 4294967295 x 65535 bytes, 1 follow");
  CHECK_REFUSED(idx(13, {huge, 65535}, "a"),
                "data: is cut short: its header announces 4294967295 x 262140 bytes, 1 follow");
}

TEST_CASE("IDX: a value that is no intensity is refused, with its place") {
  CHECK_REFUSED(idx(13, {2, 2}, big_floats({0, 0, 0, NAN})),
                "data: row 2, column 2: nan is no finite number");
  CHECK_REFUSED(idx(13, {2, 2}, big_floats({0, 0, INFINITY, 0})),
                "data: row 2, column 1: inf is no finite number");
  CHECK_REFUSED(idx(13, {1, 2}, big_floats({0, -0.5f})),
                "data: row 1, column 2: -0.5 is below 0: intensities of bits go from 0 to --maximum. "
                "Readings of any sign are for a model of real units, which rbm train --visible real makes");
  CHECK_REFUSED(idx(13, {1, 2}, big_floats({0, 1.5f})),
                "data: row 1, column 2: 1.5 is above 1: --maximum sets the value that means 1");
  CHECK_THROWS_WITH_AS(open_bytes(idx(8, {2, 2}, "\1\2\3\4"), {3.0f}),
                       "data: row 2, column 2: 4 is above 3: --maximum sets the value that means 1",
                       tool::Failure);
}
