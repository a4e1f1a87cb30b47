/// The visible layer: a row of groups of units of one kind each.
///
///     E(v,h) = Q(a) - b'a - c'h - h'W a
///
/// A kind says what state `a` a unit hands to W, its term Q of the energy, and how it is drawn given the
/// hidden units, from its input m_j = b_j + W_j' h. No other code knows of kinds.
///
///     binary   a = v, 0 or 1     Q = 0               p(v_j = 1 | h) = sigma(m_j)
///     real     a = Lambda x      Q = x' Lambda x / 2      x | h ~ N(m, Sigma),   Lambda = Sigma^-1
///     choice   a = v, one is 1   Q = 0               p(v_j = 1 | h) = softmax_j(m), over the group
///
/// A choice is one of K, such as a label. Where no unit of its group is on, it is not known.
///
/// A real unit's reading is offset_j + scale_j x_j. Without factors, Sigma is 1, so that scale_j is the
/// deviation of the reading given the hidden units. That is the Gaussian-Bernoulli RBM (Hinton's practical
/// guide 2010, section 13.2) with learned variances (Cho, Ilin and Raiko 2011; Liao, Kornblith, Ren, Fleet
/// and Hinton 2022): their sum (r - b)^2 / 2 s^2 - c'h - h'W (r / s^2), with x = r / s.
///
/// With factors, as in factor analysis (Bishop 2006, section 12.2.4), real units vary together:
///
///     Sigma = 1 + L'L     Lambda = 1 - sum_k L_k L_k' / (1 + |L_k|^2)      L: loadings [factor][visible]
///
/// A factor is a Gaussian hidden unit (Welling, Rosen-Zvi and Hinton 2004) that is summed out. One factor is
/// a level that all readings share, for which it would take hundreds of binary hidden units. Rows of L are
/// orthogonal to each other, and 0 for binary units.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "log_sum.hpp"
#include "math.hpp"
#include "matrix.hpp"
#include "random.hpp"

namespace rbm {

/// What a visible unit is given the hidden units.
enum class VisibleKind : uint8_t {
  binary,  ///< 0 or 1
  real,    ///< Gaussian
  choice   ///< one of its group is 1, the others are 0
};

/// Neighbouring units of one kind.
struct VisibleGroup {
  VisibleKind kind;
  size_t begin, end;  ///< units `begin` up to `end`
};

/// The visible units `begin` up to `end`, of which one is on: labels. Where both are 0, there is none.
struct Choice {
  size_t begin, end;

  constexpr size_t size() const { return end - begin; }
};

/// The most factors of a model.
inline constexpr size_t most_factors = 16;

#if RBM_REAL_UNITS
/// A view of what visible units have beside W and b. T is float, const where it is only read.
template <class T>
struct BasicVisibleLayer {
  const VisibleGroup* groups = nullptr;  ///< in order, without gaps
  size_t group_count = 0;                ///< 0: all units are binary
  VectorView<T> offset{}, scale{};  ///< [visible], readings' units: those of real units; 0 and 1 of others.
                                    ///< Size 0 where no unit is real
  MatrixView<T> loadings{};         ///< L [factor][visible], at most most_factors rows

  constexpr bool has_real() const { return scale.size > 0; }
  constexpr size_t factors() const { return loadings.rows; }
  constexpr operator BasicVisibleLayer<const T>() const {
    return {groups, group_count, offset, scale, loadings};
  }
};
#else
/// In a program of bits nothing stands here, and the compiler leaves out all that other kinds need.
template <class T>
struct BasicVisibleLayer {
  static constexpr const VisibleGroup* groups = nullptr;
  static constexpr size_t group_count = 0;
  static constexpr VectorView<T> offset{nullptr, 0}, scale{nullptr, 0};
  static constexpr MatrixView<T> loadings{nullptr, 0, 0, 0};

  constexpr bool has_real() const { return false; }
  constexpr size_t factors() const { return 0; }
  constexpr operator BasicVisibleLayer<const T>() const { return {}; }
};
#endif
using VisibleLayer = BasicVisibleLayer<float>;
using ConstVisibleLayer = BasicVisibleLayer<const float>;

/// Calls body(group) for each group of a layer of `visible` units.
template <class T, class Body>
RBM_INLINE void for_each_group(const BasicVisibleLayer<T>& layer, size_t visible, const Body& body) {
  if (layer.group_count == 0) body(VisibleGroup{VisibleKind::binary, 0, visible});
  for (size_t n = 0; n != layer.group_count; ++n) body(layer.groups[n]);
}

/// The kind of visible unit j.
inline VisibleKind kind_of(const ConstVisibleLayer& layer, size_t j) {
  for (size_t n = 0; n != layer.group_count; ++n)
    if (j < layer.groups[n].end) return layer.groups[n].kind;
  return VisibleKind::binary;
}

/// Whether the last group of a layer is this choice: labels.
template <class T>
constexpr bool ends_with(const BasicVisibleLayer<T>& layer, Choice choice) {
  if (layer.group_count == 0) return false;
  const VisibleGroup& last = layer.groups[layer.group_count - 1];
  return last.kind == VisibleKind::choice && last.begin == choice.begin && last.end == choice.end;
}

/// |L_k|^2, the variance that factor k has beside that of the units, in units of it.
inline float factor_variance(const ConstVisibleLayer& layer, size_t k) {
  return dot(layer.loadings.row(k), layer.loadings.row(k));
}

/// Turns values x of listed units into states a = Lambda x. Other units, whose loadings are 0, stay.
inline void states_from_values(UnitList& list, const ConstVisibleLayer& layer) {
  for (size_t k = 0; k < layer.factors(); ++k) {
    const VectorView<const float> loadings = layer.loadings.row(k);
    const float value = dot(loadings, list) / (1.0f + factor_variance(layer, k));
    for (size_t n = 0; n < list.count; ++n) list.factors[n] -= value * loadings[list.units[n]];
  }
}

/// a = Lambda x for a vector over all units [visible].
inline void states_from_values(VectorView<float> x, const ConstVisibleLayer& layer) {
  for (size_t k = 0; k < layer.factors(); ++k) {
    const VectorView<const float> loadings = layer.loadings.row(k);
    const float value = dot(loadings, x) / (1.0f + factor_variance(layer, k));
    for (size_t j = 0; j < x.size; ++j) x[j] -= value * loadings[j];
  }
}

/// The values x = Sigma a of a state, [visible]: 0 or 1 for units that are not real.
inline void values_from_states(VectorView<float> x, const ConstVisibleLayer& layer, ActiveUnits state) {
  for (size_t j = 0; j < x.size; ++j) x[j] = 0.0f;
  for (size_t n = 0; n < state.count; ++n) x[state.units[n]] = state.factor(n);
  for (size_t k = 0; k < layer.factors(); ++k) {
    const VectorView<const float> loadings = layer.loadings.row(k);
    const float value = dot(loadings, state);
    for (size_t j = 0; j < x.size; ++j) x[j] += value * loadings[j];
  }
}

/// A value x is at most so many deviations either way: no energy of a broken reading overflows.
inline constexpr float farthest_value = 0x1p40f;

/// The value x = (reading - offset) / scale of real unit j.
inline float value_of_reading(const ConstVisibleLayer& layer, size_t j, float reading) {
  const float x = (reading - layer.offset[j]) / layer.scale[j];
  return x < -farthest_value ? -farthest_value : x > farthest_value ? farthest_value : x;
}

/// Turns values x into readings offset + scale x, in place [visible].
inline void readings_from_values(VectorView<float> x, const ConstVisibleLayer& layer) {
  for (size_t j = 0; layer.has_real() && j < x.size; ++j) x[j] = layer.offset[j] + layer.scale[j] * x[j];
}

/// Makes readings [visible] a state: real units by their offset and scale, all others on from 1/2, which at
/// most one unit of a choice may be. With real units the list needs factors.
inline void list_readings(UnitList& list, VectorView<const float> readings, const ConstVisibleLayer& layer) {
  RBM_ASSERT(list.factors != nullptr || !layer.has_real());
  list.count = 0;
  for_each_group(layer, readings.size, [&](const VisibleGroup& group) {
    for (size_t j = group.begin; j < group.end; ++j) {
      const bool real = group.kind == VisibleKind::real;
      if (!real && !(readings[j] >= 0.5f)) continue;
      list.add(j);
      if (real) list.factors[list.count - 1] = value_of_reading(layer, j, readings[j]);
    }
  });
  states_from_values(list, layer);
}

/// Q(a) = x' Lambda x / 2 = (|a|^2 + sum_k (L_k a)^2) / 2 over the real units of a state, nats.
inline float visible_quadratic(const ConstVisibleLayer& layer, ActiveUnits state) {
  float sum = 0.0f;
  size_t n = 0;
  for (size_t g = 0; g != layer.group_count; ++g)
    for (; n < state.count && state.units[n] < layer.groups[g].end; ++n)
      if (layer.groups[g].kind == VisibleKind::real) sum += state.factor(n) * state.factor(n);
  for (size_t k = 0; k < layer.factors(); ++k) {
    const float value = dot(layer.loadings.row(k), state);
    sum += value * value;
  }
  return 0.5f * sum;
}

/// The part of log Z that real units add whatever W is, nats, with the readings' units in it:
///
///     sum_j (log(2 pi) / 2 + log scale_j) + sum_k log(1 + |L_k|^2) / 2
///
/// so that exp(-F(v)) / Z is a density of readings as they are.
inline float log_volume(const ConstVisibleLayer& layer) {
  constexpr float half_log_two_pi = 0x1.d67f1cp-1f;
  float sum = 0.0f;
  for (size_t g = 0; g != layer.group_count; ++g)
    for (size_t j = layer.groups[g].begin; j < layer.groups[g].end; ++j)
      if (layer.groups[g].kind == VisibleKind::real) sum += half_log_two_pi + log(layer.scale[j]);
  for (size_t k = 0; k < layer.factors(); ++k) sum += 0.5f * log(1.0f + factor_variance(layer, k));
  return sum;
}

/// Turns scores into probabilities exp(score_y) / sum_z exp(score_z), in place, and returns the logarithm of
/// that sum, nats. At least one score.
inline float softmax(VectorView<float> scores) {
  float largest = scores[0];
  for (size_t y = 1; y < scores.size; ++y) largest = scores[y] > largest ? scores[y] : largest;
  for (size_t y = 0; y < scores.size; ++y) scores[y] = exp(scores[y] - largest);
  float sum = 0.0f;
  for (size_t y = 0; y < scores.size; ++y) sum += scores[y];
  const float factor = 1.0f / sum;
  for (size_t y = 0; y < scores.size; ++y) scores[y] *= factor;
  return largest + log(sum);
}

/// The logarithm of the sum of exp(score_y), nats.
inline float log_sum_exp(VectorView<const float> scores) {
  LogSum sum;
  for (size_t y = 0; y < scores.size; ++y) sum.add(scores[y]);
  return sum.value();
}

/// Draws one of the choices with the given probabilities, or numbers in proportion to them, and returns it;
/// the number of choices where all are 0. Takes draws in whole multiples of the stream's lanes.
inline size_t draw_choice(VectorView<const float> probability, RandomStream& random) {
  float sum = 0.0f;
  for (size_t y = 0; y < probability.size; ++y) sum += probability[y];
  uint32_t draws[RandomStream::lanes];
  random.next(draws, RandomStream::lanes);
  // Below the sum, also when rounded: some choice has it, and none of probability 0.
  const float drawn = static_cast<float>(draws[0] >> 8) * 0x1p-24f * sum;
  float below = 0.0f;
  size_t chosen = 0;
  while (chosen < probability.size && !(drawn < (below += probability[chosen]))) ++chosen;
  return chosen;
}

}  // namespace rbm
