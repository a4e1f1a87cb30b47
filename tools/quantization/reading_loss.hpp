#pragma once

#include "tools/quantization/model_quantizer.hpp"

namespace tool {

/// Measures what quantizing a model of readings changed, on readings that the device's integers compute with:
/// fidelity, and where log Z is found by enumeration, the loss.
void measure_readings(const Model& model, const Examples& examples, const Workers& workers,
                      Quantization& made);

}  // namespace tool
