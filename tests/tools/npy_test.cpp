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

/// The file decides what it holds.
tool::Reading any_kind() {
  tool::Reading reading;
  reading.kind.reset();
  return reading;
}

}  // namespace

namespace {

// Bits of 0, 1, 2 and 100 in each type, as IEEE 754 and two's complement have them.
struct Type {
  std::string name;
  std::vector<std::uint64_t> bits;
};
const std::vector<std::uint64_t> whole{0, 1, 2, 100};
const std::vector<Type> types{
    {"i1", whole},
    {"u1", whole},
    {"i2", whole},
    {"u2", whole},
    {"i4", whole},
    {"u4", whole},
    {"i8", whole},
    {"u8", whole},
    {"f2", {0, 0x3c00, 0x4000, 0x5640}},
    {"f4", {0, 0x3f800000, 0x40000000, 0x42c80000}},
    {"f8", {0, 0x3ff0000000000000, 0x4000000000000000, 0x4059000000000000}},
};

}  // namespace

TEST_CASE("NPY: every type of element, in both orders of bytes, by rows and by columns") {
  const std::vector<std::size_t> rows_first{0, 1, 2, 3}, columns_first{0, 2, 1, 3};
  for (const auto& [name, bits] : types)
    for (const bool big_endian : {false, true})
      for (const bool by_columns : {false, true}) {
        const auto size = static_cast<std::size_t>(name[1] - '0');
        const std::string type = (size == 1 ? "|" : big_endian ? ">" : "<") + name;
        CAPTURE(type);
        CAPTURE(by_columns);
        std::string payload;
        for (const std::size_t n : by_columns ? columns_first : rows_first)
          payload += big_endian ? big(bits[n], size) : little(bits[n], size);
        const std::string order = by_columns ? "True" : "False";
        const tool::Dataset data = open_bytes(
            npy_file("{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': (2, 2), }", payload),
            {100.0f});
        CHECK(data.rows == 2);
        CHECK(all_intensities(data) == std::vector<float>{0, 0.01f, 0.02f, 1});
      }
  const std::vector<float> corners{0, 1, 1, 0};
  CHECK(all_intensities(open_bytes(npy("|b1", "(2, 2)", {"\0\1\1\0", 4}))) == corners);
  CHECK(all_intensities(open_bytes(npy("|u1", "(2, 2)", {"\0\xff\xff\0", 4}))) == corners);
}

TEST_CASE("NPY: integers below 0 are told with their value") {
  for (const char* type : {"|i1", "<i2", ">i4", "<i8"}) {
    CAPTURE(type);
    CHECK_REFUSED(npy(type, "(1, 1)", std::string(static_cast<std::size_t>(type[2] - '0'), '\xff')),
                  "data: row 1, column 1: -1 is below 0: intensities of bits go from 0 to --maximum. "
                  "Readings of any sign are for a model of real units, which rbm train --visible real makes");
  }
}

TEST_CASE("NPY: pictures with one channel, by rows and by columns") {
  // Two pictures of 2 x 3; each element is its own place in the order of rows.
  std::string by_rows, by_columns;
  std::vector<float> expected;
  for (int place = 0; place < 12; ++place) {
    by_rows += static_cast<char>(place);
    expected.push_back(static_cast<float>(place) / 1000);
  }
  for (int column = 0; column < 3; ++column)
    for (int row = 0; row < 2; ++row)
      for (int picture = 0; picture < 2; ++picture)
        by_columns += static_cast<char>(picture * 6 + row * 3 + column);
  for (const char* shape : {"(2, 2, 3)", "(2, 1, 2, 3)", "(2, 2, 3, 1)"})
    for (const bool transposed : {false, true}) {
      CAPTURE(shape);
      const std::string order = transposed ? "True" : "False";
      const tool::Dataset data = open_bytes(
          npy_file("{'descr': '|u1', 'fortran_order': " + order + ", 'shape': " + std::string(shape) + "}",
                   transposed ? by_columns : by_rows),
          {1000.0f});
      CHECK(data.height == 2);
      CHECK(data.width == 3);
      CHECK(all_intensities(data) == expected);
    }
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

TEST_CASE("NPY: an array of rank 1 is a recording of one channel") {
  const tool::Dataset data = open_bytes(npy("<f4", "(3,)", floats({0.5f, -2, 1})), any_kind());
  CHECK(data.rows == 3);
  CHECK(data.columns == 1);
  CHECK(data.values == std::vector<float>{0.5f, -2, 1});
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
  std::string version_4 = good;
  version_4[6] = 4;
  CHECK_REFUSED(version_4, "data: is of an NPY version other than 1.0, 2.0 and 3.0");
  CHECK_REFUSED("\x93NUMPY" + little(2, 1) + little(0, 1) + little(huge, 4),
                "data: announces an NPY header above 1 MB");
  CHECK_REFUSED(
      npy("<c8", "(1, 1)", std::string(8, '\0')),
      "data: holds elements of type '<c8': booleans, integers, and floats of 2, 4 and 8 bytes can be read");
  CHECK_REFUSED(npy_file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1), }", floats({0})),
                "data: holds records of named fields: save an array of one type of numbers");
  CHECK_REFUSED(npy("|u1", "(1, 3, 2, 2)", std::string(12, 'a')),
                "data: holds pictures of 2 channels, of which one can be read: save greys");
  CHECK_REFUSED(npy("<f4", "()", floats({0})),
                "data: is an array of rank 0: rank 2 (rows, columns), 3 (pictures, height, width) or 4 with "
                "one channel can be read");
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
                "data: row 1, column 1: -1 is below 0: intensities of bits go from 0 to --maximum. "
                "Readings of any sign are for a model of real units, which rbm train --visible real makes");
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
