/// Matrices whose columns lie in panels, so that who owns some of the columns owns memory without gaps. Where
/// the columns of two workers meet within a panel, they take turns in that one.
///
/// Row by row, the columns of two workers would take turns in memory, and what a processor fetches ahead of
/// one worker would be the other's: cores then take lines of cache from each other that they never use. And
/// a worker who goes down its columns would leave most of each page of memory aside.
#pragma once

#include <stddef.h>

#include "bits.hpp"
#include "block.hpp"
#include "matrix.hpp"

namespace rbm {

/// Columns of a panel: whole granules, and whole blocks of registers, so that kernels see none of the
/// borders.
inline constexpr size_t panel_width =
    detail::block_registers * vector_lanes < granule ? granule : detail::block_registers * vector_lanes;

namespace detail {

/// Columns of a panel from whose first one there are `rest` to the end.
constexpr size_t panel_stride(size_t rest) {
  return rest < panel_width ? rest : panel_width;
}

}  // namespace detail

/// A view of the columns `begin` up to `end` of a matrix, in panels of panel_width columns, one after the
/// other, each row by row. The last panel has the columns that remain. Columns keep their numbers in the
/// matrix. T is the type of an element, const where it is only read.
template <class T>
struct PanelView {
  T* data;
  size_t rows, begin, end;

  constexpr operator PanelView<const T>() const { return {data, rows, begin, end}; }
  constexpr size_t size() const { return rows * (end - begin); }

  /// Columns `left` up to `right`, which lie in one panel.
  constexpr MatrixView<T> columns_from(size_t left, size_t right) const {
    const size_t first = begin + (left - begin) / panel_width * panel_width, rest = end - first;
    RBM_ASSERT(begin <= left && left <= right && right <= end && right - first <= panel_width);
    return {data + (first - begin) * rows + (left - first), rows, right - left, detail::panel_stride(rest)};
  }

  /// Calls body(part, column) for the columns `left` up to `right`, as far as they are here, part by part:
  /// `part` is a matrix of those that lie in one panel, and `column` the first of them.
  template <class Body>
  RBM_INLINE void for_each_panel(size_t left, size_t right, const Body& body) const {
    if (left < begin) left = begin;
    if (right > end) right = end;
    for (size_t column = left; column < right;) {
      const size_t border = begin + ((column - begin) / panel_width + 1) * panel_width;
      const size_t stop = border < right ? border : right;
      body(columns_from(column, stop), column);
      column = stop;
    }
  }

  /// Makes the columns `left` up to `right` 0, as far as they are here.
  void clear(size_t left, size_t right) const {
    for_each_panel(left, right, [&](const MatrixView<T>& part, size_t) {
      for (size_t row = 0; row < rows; ++row)
        for (size_t i = 0; i < part.columns; ++i) part.row(row)[i] = 0.0f;
    });
  }

  constexpr T& at(size_t row, size_t column) const { return columns_from(column, column + 1).row(row)[0]; }

  /// Copies the columns of a row that are here to their places in `out`, which may have fewer.
  void copy_row(size_t row, VectorView<float> out) const {
    for_each_panel(0, out.size, [&](const MatrixView<T>& part, size_t column) {
      for (size_t i = 0; i < part.columns; ++i) out[column + i] = part.row(row)[i];
    });
  }

  /// The other way.
  void set_row(size_t row, VectorView<const float> values) const {
    for_each_panel(0, values.size, [&](const MatrixView<T>& part, size_t column) {
      for (size_t i = 0; i < part.columns; ++i) part.row(row)[i] = values[column + i];
    });
  }
};

/// out_j = start_j + sum_i A_ij x_i of the states `begin` up to `end` of a batch, for the columns j of A from
/// `left` up to `right`. Columns of `out` and `start` have the numbers that they have in the matrix.
inline void multiply_transposed(MatrixView<float> out, VectorView<const float> start,
                                PanelView<const float> a, const UnitLists& x, size_t begin, size_t end,
                                size_t left, size_t right) {
  RBM_ASSERT(right <= out.columns && right <= start.size);
  a.for_each_panel(left, right, [&](const MatrixView<const float>& part, size_t column) {
    const size_t stop = column + part.columns;
    multiply_transposed(out.columns_from(column, stop), start.part(column, stop), part, x, begin, end);
  });
}

}  // namespace rbm
