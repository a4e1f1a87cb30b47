#pragma once

#include <optional>

#include "tools/inference/inference.hpp"
#include "tools/model/quantized_model.hpp"
#include "tools/quantization/fidelity.hpp"
#include "tools/quantization/quantization_loss.hpp"

namespace tool {

/// What quantizing a model of readings changed, on readings that the device's integers compute with.
struct ReadingLoss {
  Fidelity fidelity;
  std::optional<QuantizationLoss> loss;  ///< where log Z is found by enumeration
};

ReadingLoss measure_readings(const Model& model, const QuantizedModel& made, const Examples& examples,
                             const Workers& workers);

}  // namespace tool
