#pragma once

#include <vector>

#include "tools/base/workers.hpp"
#include "tools/inference/detector.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/c_program.hpp"
#include "tools/model/calibration.hpp"
#include "tools/model/model.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// What a device makes of the recording that its model learned from, beside what is simpler.
struct Watched {
  Examples windows;                 ///< of the recording in the sensor's steps, odd ones too
  std::vector<Detector> detectors;  ///< the device's, then a mean and a deviation, and one full Gaussian
};

/// What one step of the sensor is, of each channel of a model of windows.
std::vector<float> steps_of_channels(const QuantizedModel& made);

/// Scores all windows of the recording by the device's integers and by the simpler detectors, which learn
/// from the same windows as the model did, `learned`, and get their limits likewise. `device` has a
/// calibration.
Watched watch(const Dataset& learned, const Model& device, const std::vector<float>& steps,
              const FalseAlarms& allowed, const Votes& votes, const Workers& workers);

/// The rows before and behind the oddest window, without a gap in them, at most 4,000 before.
PlayedRecording oddest_stretch(const Watched& watched, const std::vector<float>& steps);

}  // namespace tool
