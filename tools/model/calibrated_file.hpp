#pragma once

#include <string>

#include "tools/model/calibration.hpp"

namespace tool {

/// Throws Failure, with what to do instead, unless the file at this path is one that write_calibration() can
/// write anew: a model in safetensors, no header, no other format and not standard input.
void check_calibratable(const std::string& path);

/// Writes a model file anew, whole or not at all, with the calibration in its metadata. All else stays.
void write_calibration(const std::string& path, const Calibration& calibration);

}  // namespace tool
