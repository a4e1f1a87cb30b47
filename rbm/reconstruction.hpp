/// How far a reconstruction is from what it reconstructs: squared errors.
#pragma once

#include <stddef.h>

#include "matrix.hpp"
#include "visible.hpp"

namespace rbm {

/// Sum over units of (v - p)^2: the sum of all p^2, and a correction for each unit listed.
inline float squared_error(ActiveUnits v, VectorView<const float> p) {
  float listed = 0.0f;
  for (size_t n = 0; n < v.count; ++n) {
    const float value = v.factor(n);
    listed += value * (value - 2.0f * p[v.units[n]]);
  }
  return sum_terms(p.size, [&](size_t n) { return p[n] * p[n]; }) + listed;
}

/// The same for the units `begin` up to `end` in all samples, from the lists of the samples in which each is
/// on; `p` [samples][units] has those units alone.
inline float squared_error(const UnitLists& samples_on, MatrixView<const float> p, size_t begin) {
  float sum = 0.0f;
  for (size_t n = 0; n < p.rows; ++n) sum += dot(p.row(n), p.row(n));
  for (size_t j = 0; j < p.columns; ++j) {
    const ActiveUnits on = samples_on.row(begin + j);
    for (size_t m = 0; m < on.count; ++m) {
      const float value = on.factor(m);
      sum += value * (value - 2.0f * p.row(on.units[m])[j]);
    }
  }
  return sum;
}

/// The same for a state of any layer: (x - m)^2 of real units, whose deviation given h is about 1.
inline float squared_error(const ConstVisibleLayer& layer, ActiveUnits v, VectorView<const float> means) {
  if (!layer.has_real()) return squared_error(v, means);
  float factor[most_factors], sum = 0.0f;
  for (size_t k = 0; k < layer.factors(); ++k) factor[k] = dot(layer.loadings.row(k), v);
  size_t n = 0;
  for (size_t j = 0; j < means.size; ++j) {
    float x = n < v.count && v.units[n] == j ? v.factor(n++) : 0.0f;
    for (size_t k = 0; k < layer.factors(); ++k) x += factor[k] * layer.loadings.row(k)[j];
    sum += (x - means[j]) * (x - means[j]);
  }
  return sum;
}

}  // namespace rbm
