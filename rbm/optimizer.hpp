/// Optimizers turn a gradient into a change of parameters. Both climb the log-likelihood.
///
/// An optimizer holds its options; the trainer holds its counters, and its slots: `slot_count` numbers for
/// each parameter. `update` takes one parameter or a vector register of them, so that a parameter and its
/// slots are read and written once a step.
#pragma once

#include <stddef.h>

#include "config.hpp"
#include "math.hpp"

namespace rbm {

/// Stochastic gradient ascent with momentum:
///
///     velocity = momentum * velocity + gradient - decay * parameter,   parameter += rate * velocity
struct Sgd {
  float rate = 0.05f;         ///< learning rate, usually 0.01 to 0.1
  float momentum = 0.0f;      ///< 0 (none) to below 1, usually 0 to 0.9
  float weight_decay = 0.0f;  ///< L2 penalty on weights, not on biases, usually 0 to 0.001

  static constexpr size_t slot_count = 1;
  struct Counters {};

  void begin_step(Counters&) const {}

  /// The new value of `parameter`; `slot` is changed in place.
  template <class Lane>
  RBM_INLINE Lane update(const Counters&, Lane parameter, Lane gradient, Lane (&slot)[slot_count],
                         float decay) const {
    slot[0] = momentum * slot[0] + (gradient - decay * parameter);
    return parameter + rate * slot[0];
  }
};

/// Adam (Kingma and Ba 2015), as PyTorch has it, with moving averages of the gradient and of its square, both
/// corrected for their start at 0:
///
///     parameter += rate * mean / (sqrt(square) + epsilon)
struct Adam {
  float rate = 0.005f;          ///< learning rate, usually 0.001 to 0.01
  float mean_decay = 0.9f;      ///< beta 1, usually 0.9
  float square_decay = 0.999f;  ///< beta 2, usually 0.999
  float epsilon = 1e-8f;
  float weight_decay = 0.0f;  ///< L2 penalty in the gradient of weights, not of biases, usually 0 to 0.001

  static constexpr size_t slot_count = 2;
  struct Counters {
    float mean_power = 1.0f;    ///< beta 1 to the number of steps taken
    float square_power = 1.0f;  ///< beta 2 to the same
    float step = 0.0f;          ///< rate, corrected for the mean's start at 0
    float correction = 0.0f;    ///< factor of the square, for its start at 0
  };

  void begin_step(Counters& counters) const {
    counters.mean_power *= mean_decay;
    counters.square_power *= square_decay;
    counters.step = rate / (1.0f - counters.mean_power);
    counters.correction = 1.0f / (1.0f - counters.square_power);
  }

  /// The new value of `parameter`; `slot` is changed in place.
  template <class Lane>
  RBM_INLINE Lane update(const Counters& counters, Lane parameter, Lane gradient, Lane (&slot)[slot_count],
                         float decay) const {
    const Lane g = gradient - decay * parameter;
    slot[0] = mean_decay * slot[0] + (1.0f - mean_decay) * g;
    slot[1] = square_decay * slot[1] + (1.0f - square_decay) * (g * g);
    return parameter +
           counters.step * slot[0] / (detail::square_root(slot[1] * counters.correction) + epsilon);
  }
};

}  // namespace rbm
