#pragma once

#include <cstddef>
#include <limits>

namespace tool {

/// What was measured after an epoch. A figure that was not measured is NaN; curves go on across it.
struct EpochFigures {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::size_t epoch = 0;               ///< how many were done; 0 is before training
  double loss = none;                  ///< the mean of F(v0) - F(vk), nats
  double reconstruction_error = none;  ///< the mean square for each visible unit
  double validation_reconstruction_error = none;
  double free_energy_gap = none;    ///< mean F of validation less that of training data, nats
  double pseudo_likelihood = none;  ///< nats an example
  double validation_pseudo_likelihood = none;
  double log_likelihood = none;  ///< nats an example
  double validation_log_likelihood = none;
  double log_z_standard_error = none;  ///< of both log-likelihoods' log Z; 0: it is exact
  /// Of training examples as they were met, each before it was learned from in that epoch.
  double label_loss = none;   ///< -log p(label | example), nats
  double label_error = none;  ///< the share of likeliest labels that are wrong
  double validation_label_loss = none;
  double validation_label_error = none;
};

}  // namespace tool
