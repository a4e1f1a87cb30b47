#include "rbm/panels.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "tests/support/fixtures.hpp"

namespace {

constexpr std::size_t width = rbm::panel_width;

struct Panels {
  std::vector<float> values;
  std::size_t rows, columns;

  Panels(std::size_t row_count, std::size_t column_count)
      : values(row_count * column_count), rows(row_count), columns(column_count) {
    std::iota(values.begin(), values.end(), 1.0f);
  }
  rbm::PanelView<float> view(std::size_t begin = 0) { return {values.data(), rows, begin, begin + columns}; }
};

}  // namespace

TEST_CASE("panels hold each element of a matrix in a place of its own, and leave none") {
  for (const std::size_t columns : {std::size_t{1}, width - 1, width, width + 1, 3 * width + 5}) {
    Panels panels(7, columns);
    std::set<float> found;
    for (std::size_t row = 0; row < 7; ++row)
      for (std::size_t column = 0; column < columns; ++column) found.insert(panels.view().at(row, column));
    CHECK(found.size() == panels.values.size());
    CHECK(*found.rbegin() == static_cast<float>(panels.values.size()));
  }
}

TEST_CASE("the columns of a panel lie together, row behind row") {
  Panels panels(5, 2 * width + 3);
  const std::size_t sizes[] = {width, width, 3};
  float first = 1;
  for (std::size_t panel = 0; panel < 3; ++panel)
    for (std::size_t row = 0; row < 5; ++row)
      for (std::size_t column = 0; column < sizes[panel]; ++column, ++first)
        CHECK(panels.view().at(row, panel * width + column) == first);
}

TEST_CASE("parts are the columns that were asked for, in order, none across a border") {
  Panels panels(3, 3 * width + 2);
  for (const auto& [begin, end] : {std::pair<std::size_t, std::size_t>{0, 3 * width + 2},
                                   {5, 5},
                                   {1, 2 * width + 1},
                                   {width, 2 * width},
                                   {width + 3, width + 9}}) {
    std::size_t next = begin;
    panels.view().for_each_panel(begin, end, [&](const rbm::MatrixView<float>& part, std::size_t column) {
      CHECK(column == next);
      CHECK(column / width == (column + part.columns - 1) / width);
      CHECK(part.rows == 3);
      for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t i = 0; i < part.columns; ++i)
          CHECK(&part.row(row)[i] == &panels.view().at(row, column + i));
      next += part.columns;
    });
    CHECK(next == end);
  }
}

TEST_CASE("columns of a larger matrix keep their numbers, and rows are copied as far as they are here") {
  constexpr std::size_t begin = 40, columns = width + 7;
  Panels panels(3, columns);
  const rbm::PanelView<float> part = panels.view(begin), whole = panels.view();
  CHECK(part.end == begin + columns);
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t i = 0; i < columns; ++i) CHECK(&part.at(row, begin + i) == &whole.at(row, i));
  std::vector<float> row(begin + columns + 2, -1), first(begin + 3, -1);
  part.copy_row(1, fixture::view(row));
  part.copy_row(1, fixture::view(first));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool here = i >= begin && i < part.end;
    CHECK(row[i] == (here ? part.at(1, i) : -1.0f));
    if (i < first.size()) CHECK(first[i] == row[i]);
  }
  part.clear(0, begin + 5);
  for (std::size_t i = 0; i < columns; ++i) CHECK((whole.at(2, i) == 0) == (i < 5));
  part.clear(0, part.end);
  CHECK(panels.values == std::vector<float>(panels.values.size(), 0.0f));
}

TEST_CASE("a row is copied out of its panels, and back") {
  Panels panels(4, width + 7), other(4, width + 7);
  std::vector<float> row(width + 4);
  panels.view().copy_row(2, fixture::view(row));
  for (std::size_t i = 0; i < row.size(); ++i) CHECK(row[i] == panels.view().at(2, i));
  std::fill(other.values.begin(), other.values.end(), 0.0f);
  other.view().set_row(1, fixture::view(row));
  for (std::size_t j = 0; j < 4; ++j)
    for (std::size_t i = 0; i < width + 7; ++i)
      CHECK(other.view().at(j, i) == (j == 1 && i < row.size() ? row[i] : 0.0f));
}

TEST_CASE("products with panels have the bits of those with the matrix, and write the columns asked for") {
  constexpr std::size_t rows = 90, columns = 2 * width + 5, states = 3;
  std::mt19937 random(4);
  const fixture::Matrix matrix(rows, columns, 3, 0.5f, random);
  Panels panels(rows, columns);
  for (std::size_t j = 0; j < rows; ++j)
    for (std::size_t i = 0; i < columns; ++i) panels.view().at(j, i) = matrix.at(j, i);
  const std::vector<float> start = fixture::random_vector(columns, 1, random);
  std::vector<rbm::Unit> units(states * rows), counts(states);
  const rbm::UnitLists lists{units.data(), nullptr, counts.data(), states, rows};
  for (std::size_t n = 0; n < states; ++n)
    lists.write_row(n, [&](rbm::UnitList& list) {
      for (std::size_t j = n; j < rows; j += n + 2) list.add(j);
    });
  std::vector<float> wanted(states * columns), found(states * columns, -1);
  const rbm::MatrixView<float> out{found.data(), states, columns, columns};
  rbm::multiply_transposed({wanted.data(), states, columns, columns}, fixture::view(start), matrix, lists, 0,
                           states);
  const std::size_t left = 3, right = width + 9;
  rbm::multiply_transposed(out, fixture::view(start), panels.view(), lists, 1, states, left, right);
  for (std::size_t n = 0; n < states; ++n)
    for (std::size_t i = 0; i < columns; ++i)
      CHECK(out.row(n)[i] == (n >= 1 && i >= left && i < right ? wanted[n * columns + i] : -1.0f));
}
