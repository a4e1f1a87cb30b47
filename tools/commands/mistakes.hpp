#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/data/dataset.hpp"
#include "tools/inference/label_figures.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// Writes a picture of examples whose label is wrong, in the order of `mistakes`: pictures in rows, at most
/// 100, or curves with what was said of each, at most 24. Returns how many it shows; where there are none, it
/// writes nothing.
std::size_t draw_mistakes(const std::string& path, const Model& model, const Dataset& data,
                          const std::vector<LabelFigures::Mistake>& mistakes);

}  // namespace tool
