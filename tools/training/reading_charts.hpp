#pragma once

#include <vector>

#include "tools/model/model.hpp"
#include "tools/output/chart.hpp"
#include "tools/training/model_pictures.hpp"

namespace tool {

/// What a model of readings does, as curves: a few examples beside their reconstructions, and a few examples
/// that the model makes up. A chart for each channel of a window.
std::vector<Chart> reading_charts(const Model& model, const ModelPictures& pictures);

}  // namespace tool
