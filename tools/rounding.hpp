#pragma once

#include "quantized_model.hpp"

namespace tool {

/// Rounds a model to weights of `bits` bits, each hidden unit's by the least shift that its largest weight
/// fits.
QuantizedModel rounded(const Model& model, unsigned bits);

}  // namespace tool
