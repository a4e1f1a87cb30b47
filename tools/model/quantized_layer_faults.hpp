#pragma once

#include <cstdint>
#include <string>

#include "tools/model/quantized_model.hpp"

namespace tool {

/// What find_fault() says of the visible layer of a model of readings.
std::string find_layer_fault(const QuantizedModel& model);

/// The most that the visible units add to the free energy or take from it, in steps, for any input.
std::int64_t most_visible_energy(const QuantizedModel& model);

}  // namespace tool
