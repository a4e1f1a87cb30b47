#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rbm/quantizer.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// Throws Failure, naming the model's file, where a model cannot be quantized: a parameter is no number, a
/// weight lies beyond 200 nats or a bias beyond 1,000, or a hidden unit has no weights.
void check_quantizable(const Model& model, const std::string& name);

/// Rounds a model to weights of `bits` bits (rbm::quantize), with means that follow from the model alone.
/// `steps` are those of a model of readings, sensor_steps(); else empty.
QuantizedModel rounded(const Model& model, unsigned bits, std::uint64_t seed,
                       const std::vector<float>& steps = {});

}  // namespace tool
