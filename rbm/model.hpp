/// The model: a restricted Boltzmann machine with binary hidden units.
///
///     E(v,h) = -b'v - c'h - h'Wv      W: weights [hidden][visible], b: visible_bias, c: hidden_bias
///
/// So it is with binary visible units; visible.hpp has the other kinds.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "matrix.hpp"
#include "random.hpp"
#include "visible.hpp"

namespace rbm {

/// The sizes of a model's layers. Constructors that take working memory take this, or a struct that begins
/// alike.
struct ModelShape {
  size_t visible, hidden;  ///< units, 1 to most_units each

  constexpr bool is_valid() const {
    return visible >= 1 && visible <= most_units && hidden >= 1 && hidden <= most_units;
  }
};

/// A view of a model. T is the type of a parameter, float or that of fixed_point.hpp, const where it is only
/// read. Sizes are those of the views.
template <class T>
struct BasicRbmView {
  MatrixView<T> weights;         ///< W [hidden][visible]
  VectorView<T> visible_bias;    ///< b [visible]
  VectorView<T> hidden_bias;     ///< c [hidden]
  BasicVisibleLayer<T> layer{};  ///< kinds of visible units; by default all are binary

  constexpr size_t visible() const { return weights.columns; }
  constexpr size_t hidden() const { return weights.rows; }
  constexpr bool has_shape(ModelShape shape) const {
    return shape.visible == visible() && shape.hidden == hidden();
  }
  constexpr operator BasicRbmView<const T>() const { return {weights, visible_bias, hidden_bias, layer}; }
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

#if RBM_REAL_UNITS
/// A model of readings that owns its storage: all visible units are real, with `Factors` factors.
template <size_t Visible, size_t Hidden, size_t Factors = 0>
struct RealRbm {
  static_assert(Visible >= 1 && Hidden >= 1 && Visible <= most_units && Hidden <= most_units &&
                Factors <= most_factors);
  static constexpr VisibleGroup group{VisibleKind::real, 0, Visible};

  Matrix<Hidden, Visible> weights;
  Vector<Visible> visible_bias;
  Vector<Hidden> hidden_bias;
  Vector<Visible> offset, scale;
  float loadings[Factors > 0 ? Factors* Visible : 1];

  operator RbmView() {
    return {weights,
            visible_bias,
            hidden_bias,
            {&group, 1, offset, scale, {loadings, Factors, Visible, Visible}}};
  }
  operator ConstRbmView() const {
    return {weights,
            visible_bias,
            hidden_bias,
            {&group, 1, offset, scale, {loadings, Factors, Visible, Visible}}};
  }
};
#endif

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
/// which leaves p(v) as it was (Cho, Raiko and Ilin 2011): all free energies rise by c_i, and log Z falls by
/// it. Only units that are on cost work, so that it pays to flip a unit that is mostly on.
inline void flip_hidden(RbmView rbm, size_t i) {
  const VectorView<float> weights = rbm.weights.row(i);
  for (size_t j = 0; j < rbm.visible(); ++j) {
    rbm.visible_bias[j] += weights[j];
    weights[j] = -weights[j];
  }
  rbm.hidden_bias[i] = -rbm.hidden_bias[i];
}

/// The bias of a visible unit that is on with the given mean p (0 to 1) while all weights are 0:
///
///     log(p / (1 - p))
///
/// Training begins better from the biases of the data's means (Hinton's practical guide 2010, section 8.1).
/// Means within 1 / 2,048 of 0 or 1 count as that far from them, so that the bias is within +-7.6, which
/// learning can still move.
inline float bias_for_mean(float mean) {
  constexpr float least = 1.0f / 2048.0f;
  const float p = mean < least ? least : mean > 1.0f - least ? 1.0f - least : mean;
  return log(p / (1.0f - p));
}

/// Adds a model to a mean of models. `count` is the number of the model, from 1 on; the first model replaces
/// what stood in `mean`. The mean over the last part of training is nearer to the optimum than the last
/// model, which every batch moves at random (Polyak and Juditsky 1992). Loadings are those of the last model,
/// as they turn while they are learned.
inline void add_to_mean(RbmView mean, ConstRbmView rbm, uint64_t count) {
  const float share = 1.0f / static_cast<float>(count);
  const auto add = [&](VectorView<float> to, VectorView<const float> from) {
    for (size_t n = 0; n < to.size; ++n) to[n] = count == 1 ? from[n] : to[n] + share * (from[n] - to[n]);
  };
  for (size_t i = 0; i < rbm.hidden(); ++i) add(mean.weights.row(i), rbm.weights.row(i));
  add(mean.visible_bias, rbm.visible_bias);
  add(mean.hidden_bias, rbm.hidden_bias);
  add(mean.layer.scale, rbm.layer.scale);
  for (size_t k = 0; k < rbm.layer.factors(); ++k)
    for (size_t j = 0; j < rbm.visible(); ++j) mean.layer.loadings.row(k)[j] = rbm.layer.loadings.row(k)[j];
}

}  // namespace rbm
