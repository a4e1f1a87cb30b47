#pragma once

#include "tools/data/dataset.hpp"
#include "tools/model/model.hpp"
#include "tools/training/recipe.hpp"
#include "tools/training/standardization.hpp"

namespace tool {

/// The model that a run begins with: small random weights from the recipe's seed, the visible biases that it
/// asks for, and what the data mean. Of readings, real units with the offsets and scales that it asks for,
/// and factors with loadings of 0; `statistics` are those of readings, else empty. Of data with labels, a
/// choice of them behind the units. Without weights where another rank has them. Throws Failure where no
/// reading varies.
Model initial_model(const Recipe& recipe, const Dataset& data, const ReadingStatistics& statistics,
                    bool with_weights = true);

}  // namespace tool
