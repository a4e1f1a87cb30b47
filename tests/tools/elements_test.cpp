#include "tools/data/elements.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"
#include "tools/data/hold_out.hpp"
#include "tools/data/windows.hpp"

using namespace fixture;
using tool::DataKind;
using tool::NumberType;
using Kind = NumberType::Kind;

namespace {

constexpr std::size_t rows = 9, columns = 300;  // more than are decoded at once
constexpr std::size_t header = 3;               // bytes before the first element, so that none is aligned

const std::vector<NumberType> types{
    {Kind::unsigned_integer, 1, false}, {Kind::boolean, 1, false},         {Kind::signed_integer, 1, false},
    {Kind::unsigned_integer, 2, false}, {Kind::unsigned_integer, 2, true}, {Kind::signed_integer, 2, false},
    {Kind::signed_integer, 2, true},    {Kind::unsigned_integer, 4, true}, {Kind::signed_integer, 4, false},
    {Kind::unsigned_integer, 8, false}, {Kind::signed_integer, 8, true},   {Kind::float_number, 2, false},
    {Kind::float_number, 2, true},      {Kind::float_number, 4, false},    {Kind::float_number, 4, true},
    {Kind::float_number, 8, false},     {Kind::float_number, 8, true}};

/// Elements that are numbers from 0 to 1 of floats, small whole numbers of integers.
tool::Elements random_elements(const NumberType& type, std::mt19937& random) {
  std::string bytes(header, 'x');
  for (std::size_t n = 0; n < rows * columns; ++n) {
    const std::uint64_t number = random();
    const std::uint64_t bits = type.kind != Kind::float_number ? number % 100
                               : type.size == 2                ? number % 0x3c01  // up to 1
                               : type.size == 4 ? float_bits(static_cast<float>(number >> 8) * 0x1p-24f)
                                                : double_bits(static_cast<double>(number) * 0x1p-32);
    bytes += type.big_endian ? big(bits, type.size) : little(bits, type.size);
  }
  return {std::vector<unsigned char>(bytes.begin(), bytes.end()), header, type, columns};
}

/// A table of the elements; `decoded` is as in keep_elements().
tool::Dataset table_of(tool::Elements elements, const tool::Reading& reading, std::size_t decoded) {
  tool::Dataset data = tool::shaped_dataset("data", {rows, columns}, 1, rows * columns);
  if (!elements.columns.empty()) data.columns = elements.columns.size();
  tool::keep_elements(data, std::move(elements), reading, 100, decoded);
  return data;
}

std::vector<std::uint32_t> bits_of(const tool::Dataset& data) {
  std::vector<std::uint32_t> bits;
  for (const float value : all_intensities(data)) bits.push_back(float_bits(value));
  return bits;
}

tool::Reading reading_of(DataKind kind, std::optional<float> maximum = std::nullopt) {
  tool::Reading reading;
  reading.kind = kind;
  reading.maximum = maximum;
  return reading;
}

constexpr std::size_t all = 1 << 30;

}  // namespace

TEST_CASE("elements: rows that are decoded when they are read have the bits of a table that is kept") {
  std::mt19937 random(1);
  for (const NumberType& type : types) {
    CAPTURE(type.size);
    CAPTURE(type.big_endian);
    CAPTURE(static_cast<int>(type.kind));
    tool::Elements elements = random_elements(type, random);
    for (const bool some : {false, true}) {
      if (some) elements.columns = {7, 3, 299, 0};
      for (const tool::Reading& reading :
           {reading_of(DataKind::readings), reading_of(DataKind::intensities, 100.0f),
            reading_of(DataKind::intensities, 99.25f)}) {
        const tool::Dataset kept = table_of(elements, reading, all), stored = table_of(elements, reading, 0);
        CHECK(stored.values.empty());
        CHECK(kept.kind == stored.kind);
        CHECK(bits_of(kept) == bits_of(stored));
        CHECK(tool::checksum(kept) == tool::checksum(stored));
        // Decoded one by one, as the words of to_kept() have it.
        const std::size_t column = some ? 299 : 2, place = 2;
        const double value = elements.at(4, column);
        std::vector<float> row(stored.columns);
        stored.row(4, row.data());
        CHECK(row[place] == *tool::to_kept(value, stored, reading));
      }
    }
  }
}

TEST_CASE("elements: a table is kept where it takes no more bytes than are allowed") {
  std::mt19937 random(1);
  const tool::Elements elements = random_elements({Kind::float_number, 8, false}, random);
  const tool::Reading reading = reading_of(DataKind::readings);
  CHECK(!table_of(elements, reading, rows * columns * sizeof(float)).values.empty());
  CHECK(table_of(elements, reading, rows * columns * sizeof(float) - 1).values.empty());
}

TEST_CASE("elements: of floats beyond 0 and 1 by a rounding, and of none, all ways make the same") {
  const float above = 1 + 0x1p-23f, below = -0x1p-30f, nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> values(rows * columns, 0.5f);
  values[0] = above;
  values[1] = below;
  values[2] = nan;
  values[3] = -0.0f;
  values[4] = 0x1p-149f;
  values[5] = -nan;
  for (const bool big_endian : {false, true}) {
    const std::string bytes = big_endian ? big_floats(values) : floats(values);
    const tool::Elements elements{std::vector<unsigned char>(bytes.begin(), bytes.end()),
                                  0,
                                  {Kind::float_number, 4, big_endian},
                                  columns};
    for (const float maximum : {1.0f, 3.0f}) {
      tool::Reading reading = reading_of(DataKind::intensities, maximum);
      reading.gaps = true;
      CHECK(bits_of(table_of(elements, reading, all)) == bits_of(table_of(elements, reading, 0)));
      reading.gaps = false;
      for (const std::size_t decoded : {all, std::size_t{0}})
        CHECK_THROWS_WITH_AS(table_of(elements, reading, decoded),
                             "data: row 1, column 3: nan is no finite number", tool::Failure);
    }
  }
}

TEST_CASE("elements: some rows of a stored table are views of it") {
  std::mt19937 random(1);
  for (const NumberType& type : {types[0], types[13]}) {
    const tool::Elements elements = random_elements(type, random);
    const tool::Reading reading = reading_of(DataKind::intensities, 100.0f);
    tool::Dataset data = table_of(elements, reading, 0);
    const std::vector<std::uint32_t> whole = bits_of(data);
    const auto row_of = [&](std::size_t n) {
      return std::vector<std::uint32_t>(whole.begin() + static_cast<std::ptrdiff_t>(n * columns),
                                        whole.begin() + static_cast<std::ptrdiff_t>((n + 1) * columns));
    };
    const tool::Dataset some = tool::take_rows(tool::take_rows(data, {8, 2, 5, 3}), {1, 3});
    CHECK(some.values.empty());
    std::vector<std::uint32_t> expected = row_of(2), more = row_of(3);
    expected.insert(expected.end(), more.begin(), more.end());
    CHECK(bits_of(some) == expected);

    const tool::Dataset last = tool::hold_out(data, 0.25);
    CHECK(last.values.empty());
    CHECK(data.rows == 7);
    expected = row_of(7), more = row_of(8);
    expected.insert(expected.end(), more.begin(), more.end());
    CHECK(bits_of(last) == expected);
  }
}

TEST_CASE("elements: values beyond bounds count as those") {
  tool::Dataset data;
  data.kind = DataKind::readings;
  data.rows = 2;
  data.columns = 3;
  data.values = {-5, 1, 9, 2, -7, 4};
  data.bounds = {{-1, 1}, {-10, 10}, {5, 8}};
  CHECK(all_intensities(data) == std::vector<float>{-1, 1, 8, 1, -7, 5});
}

TEST_CASE("elements: a pass lets go of what it left behind, and changes nothing") {
  const Folder folder;
  const std::size_t many = 20000;
  std::string payload;
  for (std::size_t n = 0; n < many * columns; ++n) payload += static_cast<char>(n % 251);
  folder.write("data", idx(8, {many, columns}, payload));
  const tool::Dataset data = tool::open_dataset(folder.path("data"), {});
  REQUIRE(data.stored.bytes.is_mapped());
  tool::RowReader read(data);
  for (std::size_t pass = 0; pass < 2; ++pass)
    for (std::size_t n = 0; n < many; ++n) {
      const std::vector<float>& row = read(n);
      REQUIRE(row[7] == static_cast<float>((n * columns + 7) % 251) / 255);
    }
}

TEST_CASE("elements: of a large array in columns, a line says that it is held in memory") {
  const std::size_t many = tool::most_decoded / columns + 1;
  const std::string payload(many * columns, '\1');
  const auto file = [&](const char* order) {
    return npy_file("{'descr': '|u1', 'fortran_order': " + std::string(order) + ", 'shape': (" +
                        std::to_string(many) + ", " + std::to_string(columns) + "), }\n",
                    payload);
  };
  CHECK(open_bytes(file("False")).notes.empty());
  CHECK(open_bytes(file("True")).notes ==
        std::vector<std::string>{"data: is stored column by column, and is held in memory as a whole; "
                                 "numpy.ascontiguousarray puts rows together, of which only those are read "
                                 "that are needed"});
}
