#pragma once

#include <cstddef>
#include <optional>

#include "tools/base/statistics.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// What rounding costs a model with labels, on the same states of labelled examples.
struct LabelLoss {
  std::size_t examples = 0;              ///< that have a label
  Mean float_accuracy, device_accuracy;  ///< shares of them whose likeliest label is theirs
  Mean float_surprise, device_surprise;  ///< -log p(label | v), nats
  std::optional<Mean> nats_lost;  ///< of log p(v, label); only where log Z is exact, and where the model
                                  ///< learned to make data likely, not labels alone
};

/// Runs the model of floats, and the quantized one as a device does. The data have labels.
LabelLoss measure_labels(const Model& model, const QuantizedModel& made, const Examples& examples,
                         const Workers& workers);

}  // namespace tool
