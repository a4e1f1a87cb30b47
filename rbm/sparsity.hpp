/// A sparsity target: hidden units that are on for few examples are easier to tell apart and to interpret
/// (Hinton's practical guide 2010, section 11).
#pragma once

#include <stddef.h>

#include "gradient.hpp"

namespace rbm {

/// Pulls the mean of p(h_i = 1 | v0) towards the target: every sample of the data adds
///
///     cost * (target - mean of p(h_i = 1 | v0))
///
/// to the likelihood's gradient of the input of unit i. `activity` [hidden columns] holds the moving means,
/// to which each batch contributes a tenth. Works on the hidden columns `left` up to `right` of the first
/// `samples` samples, after the draws of the likelihood's gradient. Every later step, centring too, takes the
/// pull as part of the data's phase.
inline void pull_to_sparsity(Phases& phases, VectorView<float> activity, const TrainOptions& options,
                             size_t samples, size_t left, size_t right) {
  constexpr float share = 0.1f;
  const MatrixView<float> hidden = phases.data_hidden();
  for (size_t i = left; i < right; ++i) {
    float sum = 0.0f;
    for (size_t n = 0; n < samples; ++n) sum += hidden.row(n)[i];
    activity[i] += share * (sum / static_cast<float>(samples) - activity[i]);
    const float pull = options.sparsity_cost * (options.sparsity_target - activity[i]);
    for (size_t n = 0; n < samples; ++n) hidden.row(n)[i] += pull;
  }
}

}  // namespace rbm
