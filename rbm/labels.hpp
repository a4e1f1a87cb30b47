/// Which label: the exact probabilities of a choice, the last group of visible units, for many samples.
///
///     p(y | v) = softmax_y(d_y + sum_i softplus(o_i + U_iy)),     o = c + W a
///
/// where a is the state of the other visible units, U the columns of the weights that belong to labels, W all
/// others, and d the biases of labels (Larochelle and Bengio 2008). With a transposed copy of the weights the
/// column U_y is a row, so that each label costs one pass over the hidden units that vectorizes:
///
///     rbm::hidden_inputs(inputs, weights, rest, 0, samples);      rest has no labels; two_way_weights.hpp
///     float sum = rbm::label_probabilities(probability, scratch, weights, labels, inputs_of_sample);
///     float energy = rbm::free_energy_of_all(model, rest_of_sample, sum);
///
/// choice.hpp is the same from W alone, for a device, and for a choice anywhere among the visible units.
#pragma once

#include <stddef.h>

#include "energy.hpp"
#include "two_way_weights.hpp"

namespace rbm {

namespace detail {

/// d_y + sum_i softplus(o_i + U_iy). Leaves o + U_y in `scratch` [hidden], or with ToSigmoid sigma of it.
template <bool ToSigmoid>
float score_label(VectorView<float> scratch, const TwoWayWeights& weights, Choice labels,
                  VectorView<const float> inputs, size_t y) {
  const size_t unit = labels.begin + y;
  for (size_t i = 0; i < inputs.size; ++i) scratch[i] = inputs[i];
  add_unit(scratch, weights, unit);
  return weights.rbm.visible_bias[unit] + sum_softplus<ToSigmoid>(scratch);
}

}  // namespace detail

/// p(y | v) [labels], from o [hidden]; `scratch` [hidden] is overwritten. Returns log sum_y exp(d_y + sum_i
/// softplus(o_i + U_iy)), nats.
inline float label_probabilities(VectorView<float> out, VectorView<float> scratch,
                                 const TwoWayWeights& weights, Choice labels,
                                 VectorView<const float> inputs) {
  RBM_ASSERT(labels.begin < labels.end && labels.end <= weights.rbm.visible());
  RBM_ASSERT(out.size == labels.size() && inputs.size == weights.rbm.hidden());
  for (size_t y = 0; y < out.size; ++y)
    out[y] = detail::score_label<false>(scratch, weights, labels, inputs, y);
  return softmax(out);
}

/// F(v) = -log sum_y exp(-F(v, y)) of the units without labels, nats, from what label_probabilities()
/// returned for them. It tells how unusual they are whatever their label.
inline float free_energy_of_all(const ConstRbmView& rbm, ActiveUnits rest, float log_sum) {
  return detail::visible_energy(rbm, rest) - log_sum;
}

/// p(h_i = 1 | v) = sum_y p(y | v) sigma(o_i + U_iy) [hidden], exactly, from o and p(y | v).
inline void hidden_probabilities_of_all(VectorView<float> out, const TwoWayWeights& weights, Choice labels,
                                        VectorView<const float> probability, VectorView<const float> inputs) {
  RBM_ASSERT(out.size == inputs.size && probability.size == labels.size());
  RBM_ASSERT(weights.hidden == (Share{0, out.size}));  // of one memory
  for (size_t i = 0; i < out.size; ++i) out[i] = 0.0f;
  for (size_t y = 0; y < labels.size(); ++y) {
    weights.transposed.for_each_panel(0, out.size, [&](const MatrixView<float>& part, size_t column) {
      const float* const u = part.row(labels.begin + y).data;
      for (size_t i = 0; i < part.columns; ++i)
        out[column + i] += probability[y] * sigmoid(inputs[column + i] + u[i]);
    });
  }
}

}  // namespace rbm
