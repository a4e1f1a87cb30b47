/// The model: a Bernoulli restricted Boltzmann machine.
///
///     E(v,h) = -b'v - c'h - h'Wv      W: weights [hidden][visible], b: visible_bias, c: hidden_bias
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "matrix.hpp"
#include "random.hpp"

namespace rbm {

/// The sizes of a model's layers. What takes working memory takes this or a struct that begins alike.
struct ModelShape {
  size_t visible, hidden;  ///< units, 1 to most_units each

  constexpr bool is_valid() const {
    return visible >= 1 && visible <= most_units && hidden >= 1 && hidden <= most_units;
  }
};

/// A model in somebody's storage; T is float or const float. Sizes are those of the views.
template <class T>
struct BasicRbmView {
  MatrixView<T> weights;       ///< W [hidden][visible]
  VectorView<T> visible_bias;  ///< b [visible]
  VectorView<T> hidden_bias;   ///< c [hidden]

  constexpr size_t visible() const { return weights.columns; }
  constexpr size_t hidden() const { return weights.rows; }
  constexpr bool has_shape(ModelShape shape) const {
    return shape.visible == visible() && shape.hidden == hidden();
  }
  constexpr operator BasicRbmView<const T>() const { return {weights, visible_bias, hidden_bias}; }
};
using RbmView = BasicRbmView<float>;
using ConstRbmView = BasicRbmView<const float>;

/// A model that owns its storage: sizeof is the memory it takes, (Visible * Hidden + Visible + Hidden)
/// floats, each array rounded up to whole vector registers where there are any.
template <size_t Visible, size_t Hidden>
struct Rbm {
  static_assert(Visible >= 1 && Hidden >= 1 && Visible <= most_units && Hidden <= most_units);

  Matrix<Hidden, Visible> weights;
  Vector<Visible> visible_bias;
  Vector<Hidden> hidden_bias;

  operator RbmView() { return {weights, visible_bias, hidden_bias}; }
  operator ConstRbmView() const { return {weights, visible_bias, hidden_bias}; }
};

/// Starts a model for training: W ~ N(0, deviation^2), in storage order, and biases 0.
template <class Generator>
void initialize(RbmView rbm, float deviation, Generator& random) {
  for (size_t i = 0; i < rbm.hidden(); ++i)
    for (size_t j = 0; j < rbm.visible(); ++j) rbm.weights.row(i)[j] = deviation * draw_normal(random);
  for (size_t j = 0; j < rbm.visible(); ++j) rbm.visible_bias[j] = 0.0f;
  for (size_t i = 0; i < rbm.hidden(); ++i) rbm.hidden_bias[i] = 0.0f;
}

/// The same with the usual deviation, 0.01.
template <class Generator>
void initialize(RbmView rbm, Generator& random) {
  initialize(rbm, 0.01f, random);
}

/// Turns hidden unit i into its opposite, 1 - h_i, by
///
///     b <- b + W_i,  W_i <- -W_i,  c_i <- -c_i
///
/// which leaves p(v) as it was (Cho, Raiko and Ilin 2011): all free energies, and log Z the other way, change
/// by c_i. Where a unit is on more often than off, its opposite saves the work of half of its rows.
inline void flip_hidden(RbmView rbm, size_t i) {
  const VectorView<float> weights = rbm.weights.row(i);
  for (size_t j = 0; j < rbm.visible(); ++j) {
    rbm.visible_bias[j] += weights[j];
    weights[j] = -weights[j];
  }
  rbm.hidden_bias[i] = -rbm.hidden_bias[i];
}

/// The visible bias of a unit that is on with the given mean (0 to 1) where no weight is at work: log(p / (1
/// - p)). Training begins better from the biases of the data's means (Hinton's practical guide 2010,
/// section 8.1). Means of 0 and 1 count as one in 2,000 from there, for a bias of 7.6 that learning can still
/// move.
inline float bias_for_mean(float mean) {
  constexpr float least = 1.0f / 2048.0f;
  const float p = mean < least ? least : mean > 1.0f - least ? 1.0f - least : mean;
  return log(p / (1.0f - p));
}

/// Takes one more model into a mean of models, the number `count`, from 1 on; the first replaces what stood
/// in `mean`. The mean over the last part of training is nearer to the optimum than the last model, which
/// every batch throws about (Polyak and Juditsky 1992).
inline void add_to_mean(RbmView mean, ConstRbmView rbm, uint64_t count) {
  const float share = 1.0f / static_cast<float>(count);
  const auto add = [&](VectorView<float> to, VectorView<const float> from) {
    for (size_t n = 0; n < to.size; ++n) to[n] = count == 1 ? from[n] : to[n] + share * (from[n] - to[n]);
  };
  for (size_t i = 0; i < rbm.hidden(); ++i) add(mean.weights.row(i), rbm.weights.row(i));
  add(mean.visible_bias, rbm.visible_bias);
  add(mean.hidden_bias, rbm.hidden_bias);
}

}  // namespace rbm
