/// Optimizers: how a gradient changes parameters. Both climb the log-likelihood.
///
/// An optimizer is its options and its counters; the arrays that it keeps for each parameter (`slots` of
/// them) are in the trainer's memory. Parameters are updated in runs, each touched once a step.
#pragma once

#include <stddef.h>

#include "config.hpp"
#include "math.hpp"

namespace rbm {

/// Stochastic gradient ascent with momentum: velocity = momentum * velocity + gradient - decay * parameter;
/// parameter += rate * velocity.
struct Sgd {
  float rate = 0.05f;
  float momentum = 0.0f;      ///< 0 (none) to below 1
  float weight_decay = 0.0f;  ///< L2 penalty on weights, not on biases

  static constexpr size_t slots = 1;
  struct Counters {};

  RBM_INLINE void begin_step(Counters&) const {}

  RBM_INLINE void update(const Counters&, float* RBM_RESTRICT parameter, const float* RBM_RESTRICT gradient,
                         float* RBM_RESTRICT const (&slot)[slots], size_t count, float decay) const {
    float* RBM_RESTRICT velocity = slot[0];
    for (size_t n = 0; n < count; ++n) {
      velocity[n] = momentum * velocity[n] + (gradient[n] - decay * parameter[n]);
      parameter[n] += rate * velocity[n];
    }
  }
};

/// Adam (Kingma and Ba 2015), as PyTorch's: moving averages of the gradient and of its square, both corrected
/// for their start at 0; parameter += rate * mean / (sqrt(square) + epsilon).
struct Adam {
  float rate = 0.005f;
  float mean_decay = 0.9f;      ///< beta 1
  float square_decay = 0.999f;  ///< beta 2
  float epsilon = 1e-8f;
  float weight_decay = 0.0f;  ///< L2 penalty added to the gradient of weights, not of biases

  static constexpr size_t slots = 2;
  struct Counters {
    float mean_power = 1.0f;    ///< beta 1 to the number of steps taken
    float square_power = 1.0f;  ///< beta 2 to the same
  };

  RBM_INLINE void begin_step(Counters& counters) const {
    counters.mean_power *= mean_decay;
    counters.square_power *= square_decay;
  }

  RBM_INLINE void update(const Counters& counters, float* RBM_RESTRICT parameter,
                         const float* RBM_RESTRICT gradient, float* RBM_RESTRICT const (&slot)[slots],
                         size_t count, float decay) const {
    const float step = rate / (1.0f - counters.mean_power);
    const float correction = 1.0f / (1.0f - counters.square_power);
    float* RBM_RESTRICT mean = slot[0];
    float* RBM_RESTRICT square = slot[1];
    for (size_t n = 0; n < count; ++n) {
      const float g = gradient[n] - decay * parameter[n];
      mean[n] = mean_decay * mean[n] + (1.0f - mean_decay) * g;
      square[n] = square_decay * square[n] + (1.0f - square_decay) * (g * g);
      parameter[n] += step * mean[n] / (square_root(square[n] * correction) + epsilon);
    }
  }
};

}  // namespace rbm
