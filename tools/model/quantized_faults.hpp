#pragma once

#include <string>

#include "tools/model/quantized_model.hpp"

namespace tool {

/// Why the device runtime cannot work with a model, to follow the model's name in a sentence; empty if it
/// can. No input of such a model makes a sum overflow.
std::string find_fault(const QuantizedModel& model);

}  // namespace tool
