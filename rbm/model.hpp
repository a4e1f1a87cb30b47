/// The model: a Bernoulli restricted Boltzmann machine.
///
///     E(v,h) = -b'v - c'h - h'Wv      W: weights [hidden][visible], b: visible_bias, c: hidden_bias
#pragma once

#include <stddef.h>

#include "matrix.hpp"
#include "random.hpp"

namespace rbm {

/// A model in somebody's storage; T is float or const float. Sizes are those of the views.
template <class T>
struct BasicRbmView {
  MatrixView<T> weights;       ///< W [hidden][visible]
  VectorView<T> visible_bias;  ///< b [visible]
  VectorView<T> hidden_bias;   ///< c [hidden]

  constexpr size_t visible() const { return weights.columns; }
  constexpr size_t hidden() const { return weights.rows; }
  operator BasicRbmView<const T>() const { return {weights, visible_bias, hidden_bias}; }
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
void initialize(RbmView rbm, Generator& random, float deviation = 0.01f) {
  for (size_t i = 0; i < rbm.hidden(); ++i)
    for (size_t j = 0; j < rbm.visible(); ++j) rbm.weights.row(i)[j] = deviation * draw_normal(random);
  for (size_t j = 0; j < rbm.visible(); ++j) rbm.visible_bias[j] = 0.0f;
  for (size_t i = 0; i < rbm.hidden(); ++i) rbm.hidden_bias[i] = 0.0f;
}

}  // namespace rbm
