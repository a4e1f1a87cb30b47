/// What a batch tells of a training: losses and errors before the update.
#pragma once

#include <stddef.h>

#include "gradient.hpp"

namespace rbm {

/// Means over the samples of a batch, before the update. Without a chain (TrainOptions::label_weight is 1),
/// loss and reconstruction are 0.
struct BatchReport {
  float loss;               ///< F(v0) - F(vk), nats
  float reconstruction;     ///< squared error of p(v | h) after the first Gibbs step, for each visible unit;
                            ///< 0 with persistent chains, which reconstruct no data
  float label_loss = 0.0f;  ///< -log p(y | v), nats, whatever the weights of labels: mean over the samples
                            ///< that have a label; 0 where none has
  float label_errors = 0.0f;  ///< share of these samples of which another label is likelier
  size_t labelled = 0;        ///< samples that have a label
};

namespace detail {

/// The report of both phases of a batch.
inline BatchReport report_of(const Phases& phases, size_t samples, size_t visible) {
  BatchReport report{0.0f, 0.0f};
  for (size_t n = 0; n < samples; ++n) {
    report.loss += phases.visible_loss[n];
  }
  for (size_t n = 0; n < phases.reconstruction.size; ++n) report.reconstruction += phases.reconstruction[n];
  for (size_t at = 0; at < phases.hidden_loss.size; ++at) report.loss += phases.hidden_loss[at];
  report.loss /= static_cast<float>(samples);
  report.reconstruction /= static_cast<float>(samples * visible);
  for (size_t n = 0; phases.labels.is_on() && n < samples; ++n) {
    report.label_loss += phases.labels.loss[n];
    report.label_errors += phases.labels.wrong[n];
    report.labelled += phases.labels.label[n] < phases.labels.labels.size();
  }
  if (report.labelled == 0) return report;
  report.label_loss /= static_cast<float>(report.labelled);
  report.label_errors /= static_cast<float>(report.labelled);
  return report;
}

}  // namespace detail

}  // namespace rbm
