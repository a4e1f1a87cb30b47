#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace tool {

/// Replaces the lower triangle of a positive definite matrix [size][size], whose diagonal is near 1, by its
/// root L, of which L L' is the matrix (Cholesky). What rounding leaves on the diagonal of a row that others
/// tell exactly counts as 1e-9.
inline void decompose(std::vector<double>& matrix, std::size_t size) {
  constexpr double least = 1e-9;
  for (std::size_t i = 0; i < size; ++i) {
    double* const row = matrix.data() + i * size;
    for (std::size_t k = 0; k <= i; ++k) {
      const double* const other = matrix.data() + k * size;
      double rest = row[k];
      for (std::size_t l = 0; l < k; ++l) rest -= row[l] * other[l];
      row[k] = k < i ? rest / other[k] : std::sqrt(std::max(rest, least));
    }
  }
}

/// Solves L z = x in place for the root L [size][size] of decompose(), and returns |z|^2: x' (L L')^-1 x.
inline double squared_distance(const std::vector<double>& root, std::size_t size, double* x) {
  double square = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double* const row = root.data() + i * size;
    for (std::size_t k = 0; k < i; ++k) x[i] -= row[k] * x[k];
    x[i] /= row[i];
    square += x[i] * x[i];
  }
  return square;
}

}  // namespace tool
