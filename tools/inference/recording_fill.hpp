#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "tools/base/workers.hpp"
#include "tools/inference/inference.hpp"
#include "tools/inference/measured_chains.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// A recording with its missing readings filled in.
struct FilledRecording {
  std::vector<float> readings, deviations;  ///< [rows][channels]; NaN, 0 what is in no window
  std::size_t missing = 0, left = 0;        ///< readings: those that were missing, and still are
};

/// Fills in what is missing of a recording that was cut into windows with missing readings. Each reading is
/// the mean of what the windows that span it say, with their levels added back; where several rows become one
/// reading of a window, it stands in all of them that lack it. The deviation is that of one of these windows
/// drawn at random: the mean of their variances, and the variance of their means. Calls seen(readings,
/// deviations) with both [visible] of each window of which something was missing, its level added back.
FilledRecording fill_recording(const Model& model, const Examples& windows, const MeasuredOptions& options,
                               const Workers& workers,
                               const std::function<void(const float*, const float*)>& seen);

}  // namespace tool
