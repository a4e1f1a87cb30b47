#pragma once

#include <vector>

#include "tools/base/workers.hpp"
#include "tools/data/dataset.hpp"
#include "tools/inference/gaussian_fit.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// What the simplest densities make of examples: -log p in nats [examples], by a mean and a deviation for
/// each reading, and by one Gaussian over all of them, which is empty where readings are too many for it.
struct BaselineScores {
  std::vector<double> independent, full;
};

/// The visible units of a model of readings, as baselines see them.
std::vector<BaselineColumn> baseline_columns(const Model& model);

/// The scores of the data by densities learned from all normal examples.
BaselineScores baseline_scores(const Dataset& normal, const Dataset& data,
                               const std::vector<BaselineColumn>& columns, const Workers& workers);

/// The scores of normal examples, at least 8, by densities that have not seen them: each quarter in turn is
/// scored by those learned from the others.
BaselineScores held_out_baseline_scores(const Dataset& normal, const std::vector<BaselineColumn>& columns,
                                        const Workers& workers);

}  // namespace tool
