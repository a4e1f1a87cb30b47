#pragma once

#include "tools/data/dataset.hpp"
#include "tools/model/model.hpp"
#include "tools/training/recipe.hpp"

namespace tool {

/// The model that a run begins with: small random weights from the recipe's seed, the visible biases that it
/// asks for, and what the data mean.
Model initial_model(const Recipe& recipe, const Dataset& data);

}  // namespace tool
