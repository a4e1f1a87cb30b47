/// Pseudo-likelihood: a cheap estimate of how good a model is, nats. For binary visible units: of a real unit
/// given all others, which factors join to it, it would be no cheaper than the likelihood. The term of a
/// choice is -choice_surprise() (choice.hpp).
#pragma once

#include <stddef.h>

#include "energy.hpp"
#include "model.hpp"

namespace rbm {

/// The change of the free energy when visible unit j is flipped: F(v with v_j flipped) - F(v), v binary.
/// `hidden_inputs` [hidden] are c + W v; `scratch` [hidden] is overwritten. Unit j is binary, not of a
/// choice.
inline float free_energy_of_flip(VectorView<float> scratch, ConstRbmView rbm,
                                 VectorView<const float> hidden_inputs, size_t j, bool on) {
  RBM_ASSERT(!rbm.layer.has_real() && kind_of(rbm.layer, j) == VisibleKind::binary);
  const float sign = on ? -1.0f : 1.0f;
  for (size_t i = 0; i < rbm.hidden(); ++i) scratch[i] = hidden_inputs[i] + sign * rbm.weights.row(i)[j];
  return -sign * rbm.visible_bias[j] - (sum_softplus(scratch) - sum_softplus(hidden_inputs));
}

/// One term of the log-pseudo-likelihood (Besag 1975), nats:
///
///     log p(v_j | all other visible units),   summed over j in the whole
///
/// With j drawn at random, the number of visible units times the mean of this term is an unbiased estimate of
/// the whole. With choices the terms are those of all binary units, and one for each choice.
inline float log_conditional(VectorView<float> scratch, ConstRbmView rbm,
                             VectorView<const float> hidden_inputs, size_t j, bool on) {
  return -softplus(-free_energy_of_flip(scratch, rbm, hidden_inputs, j, on));
}

}  // namespace rbm
