#pragma once

#include <vector>

#include "tools/model/model.hpp"
#include "tools/output/chart.hpp"
#include "tools/training/model_pictures.hpp"

namespace tool {

/// What a model of readings does, as curves over the number of the reading: a few examples beside their
/// reconstructions, and a few examples that the model makes up. Where each column has a scale of its own,
/// such as those of different sensors, all are drawn as (reading - offset) / scale; else as readings.
std::vector<Chart> reading_charts(const Model& model, const ModelPictures& pictures);

}  // namespace tool
