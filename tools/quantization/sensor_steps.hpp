#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/model/model.hpp"

namespace tool {

/// [visible]: what one step of a sensor is for each reading of a model, in the readings' units; 1 for binary
/// units. A device takes a reading as a whole number of steps, of 16 bits. If `given`, it is that. Else it is
/// 1 where all readings may well be whole numbers: where a deviation, given the hidden units, is 4 steps at
/// least. Else it is 1, 2 or 5 times a power of ten, at most a sixteenth of a deviation: one for all readings
/// where they fit, else one for each. `name` is what messages call the model. Throws Failure where no step
/// serves.
std::vector<float> sensor_steps(const Model& model, std::optional<float> given, const std::string& name);

}  // namespace tool
