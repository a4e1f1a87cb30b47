#include "tools/data/npy.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"
#include "tools/base/bytes.hpp"
#include "tools/data/data_file.hpp"

using namespace fixture;

namespace {

constexpr std::uint64_t huge = 0xffffffff;

}  // namespace

TEST_CASE("NPY: every type of element that is read") {
  const std::vector<float> expected{0, 1, 1, 0};
  const auto numbers = [](auto convert, std::size_t size) {
    std::string bytes;
    for (const int value : {0, 1, 1, 0}) bytes += little(convert(value), size);
    return bytes;
  };
  const auto whole = [](int value) { return static_cast<std::uint64_t>(value); };
  CHECK(all_intensities(open_bytes(npy("<f4", "(2, 2)", floats(expected)))) == expected);
  CHECK(all_intensities(open_bytes(
            npy("<f8", "(2, 2)", numbers([](int value) { return double_bits(value); }, 8)))) == expected);
  CHECK(all_intensities(open_bytes(npy("<i4", "(2, 2)", numbers(whole, 4)))) == expected);
  CHECK(all_intensities(open_bytes(npy("<i8", "(2, 2)", numbers(whole, 8)))) == expected);
  CHECK(all_intensities(open_bytes(npy("|b1", "(2, 2)", numbers(whole, 1)))) == expected);
  CHECK(all_intensities(open_bytes(npy("|u1", "(2, 2)", {"\0\xff\xff\0", 4}))) == expected);
}

TEST_CASE("NPY: both versions, three dimensions, any order of the dictionary") {
  const std::string values = floats({0.5f, 0.25f, 1, 0});
  const std::string dictionary = "{ \"shape\":(1,2,2), 'descr':'<f4','fortran_order' :False}";
  const std::string version_2 = "\x93NUMPY" + little(2, 1) + little(0, 1) + little(dictionary.size(), 4);
  for (const std::string& file : {npy_file(dictionary, values), version_2 + dictionary + values}) {
    const tool::Dataset data = open_bytes(file);
    CHECK(data.rows == 1);
    CHECK(data.height == 2);
    CHECK(data.width == 2);
    CHECK(all_intensities(data) == std::vector<float>{0.5f, 0.25f, 1, 0});
  }
}

TEST_CASE("NPY: what is no such file, or not whole, is refused") {
  CHECK_REFUSED("PK\3\4 and more",
                "data: is a ZIP archive, such as .npz; of data, save one array by numpy.save");
  const std::string good = npy("<f4", "(1, 2)", floats({0, 1}));
  CHECK_REFUSED(good.substr(0, 8), "data: is cut short within its header");
  CHECK_REFUSED(good.substr(0, 40), "data: is cut short within its header");
  for (const std::size_t beyond : {1u, 10u}) {  // 10 bytes stand before the header
    std::string longer = good;
    longer.replace(8, 2, little(good.size() - 10 + beyond, 2));
    CHECK_REFUSED(longer, "data: is cut short within its header");
  }
  CHECK_REFUSED(good.substr(0, good.size() - 1),
                "data: is cut short: its header announces 1 x 8 bytes, 7 follow");
  CHECK_REFUSED(good + "1", "data: is too long: its header announces 1 x 8 bytes, 9 follow");
  std::string version_3 = good;
  version_3[6] = 3;
  CHECK_REFUSED(version_3, "data: is of an NPY version other than 1.0 and 2.0");
  CHECK_REFUSED("\x93NUMPY" + little(2, 1) + little(0, 1) + little(huge, 4),
                "data: announces an NPY header above 1 MB");
  CHECK_REFUSED(
      npy("<c8", "(1, 1)", std::string(8, '\0')),
      "data: holds elements of type '<c8': u1, b1, and little-endian f4, f8, i4 and i8 can be read");
  CHECK_REFUSED(
      npy(">f4", "(1, 1)", floats({0})),
      "data: holds elements of type '>f4': u1, b1, and little-endian f4, f8, i4 and i8 can be read");
  CHECK_REFUSED(npy_file("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", floats({0})),
                "data: is stored column by column: save numpy.ascontiguousarray(it) instead");
  CHECK_REFUSED(
      npy("<f4", "(2,)", floats({0, 1})),
      "data: is an array of rank 1: rank 2 (rows, columns) or 3 (pictures, height, width) can be read");
}

TEST_CASE("NPY: a header that Python would not write is refused") {
  const std::string rest = "'fortran_order': False, 'shape': (1, 1), }";
  for (const std::string& dictionary :
       {std::string(), std::string("{}"), "{'descr': '<f4', " + rest + " x",
        "{'descr': '<f4', 'descr': '<f4', " + rest, "{'other': '<f4', " + rest, "{'descr': <f4, " + rest,
        "{'descr': '<f4, " + rest.substr(0, 20),
        std::string("{'descr': '<f4', 'fortran_order': 0, 'shape': (1, 1)}"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 1)}"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (1.0, 1)}"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1)}")}) {
    CAPTURE(dictionary);
    CHECK_REFUSED(npy_file(dictionary, floats({0})), "data: has an NPY header that cannot be read");
  }
}

TEST_CASE("NPY: impossible dimensions are refused, also where their product overflows") {
  CHECK_REFUSED(npy("<f4", "(0, 2)", ""), "data: holds no rows");
  CHECK_REFUSED(npy("<f4", "(2, 0)", ""), "data: holds rows without columns");
  CHECK_REFUSED(npy("<f4", "(1, 4294967296, 4294967296)", ""),
                "data: has 4294967296 columns, of which at most 65535 can be read");
  // 2^62 rows of 4 bytes are 2^64 bytes, which 64 bits count as none.
  CHECK_REFUSED(npy("<f4", "(4611686018427387904, 1)", ""),
                "data: is cut short: its header announces 4611686018427387904 x 4 bytes, 0 follow");
}

TEST_CASE("NPY: a value that is no intensity is refused, with its place") {
  CHECK_REFUSED(npy("<f4", "(2, 1)", floats({0, NAN})), "data: row 2, column 1: nan is no finite number");
  CHECK_REFUSED(npy("<f8", "(1, 1)", little(double_bits(-INFINITY), 8)),
                "data: row 1, column 1: -inf is no finite number");
  CHECK_REFUSED(npy("<i4", "(1, 1)", little(huge, 4)),
                "data: row 1, column 1: -1 is below 0: values must lie from 0 to what --maximum says");
  CHECK_REFUSED(npy("<i8", "(1, 2)", little(0, 8) + little(7, 8)),
                "data: row 1, column 2: 7 is above 1: --maximum sets the value that means 1");
  CHECK_REFUSED(npy("|b1", "(1, 1)", "\2"),
                "data: row 1, column 1: 2 is above 1: --maximum sets the value that means 1");
}

TEST_CASE("NPY: the header that is written is NumPy's own, padded to 64 bytes") {
  const Folder folder;
  {
    platform::OutputFile file(folder.path("table.npy"));
    tool::write_npy_header(file, 60000, 784);
    file.commit();
  }
  const std::string bytes = folder.read("table.npy");
  const std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 784), }";
  CHECK(bytes.size() % 64 == 0);
  CHECK(bytes.substr(0, 10) == "\x93NUMPY" + little(1, 1) + little(0, 1) + little(bytes.size() - 10, 2));
  CHECK(bytes.substr(10) == dictionary + std::string(bytes.size() - 11 - dictionary.size(), ' ') + "\n");
}

TEST_CASE("NPY: a table that was written is read back bit by bit") {
  const Folder folder;
  const std::vector<float> values{0, 1, 0.1f, std::numeric_limits<float>::denorm_min(), 0.5f, 0x1.fffffep-1f};
  {
    platform::OutputFile file(folder.path("table.npy"));
    tool::write_npy_header(file, 3, 2);
    tool::write_floats(file, values.data(), values.size());
    file.commit();
  }
  const tool::Dataset data = tool::open_dataset(folder.path("table.npy"), {});
  CHECK(data.rows == 3);
  CHECK(data.columns == 2);
  CHECK(all_intensities(data) == values);
}
