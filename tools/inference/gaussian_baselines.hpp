#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tools/base/statistics.hpp"
#include "tools/base/workers.hpp"
#include "tools/data/dataset.hpp"
#include "tools/inference/gaussian_fit.hpp"

namespace tool {

/// What the simplest densities reach on data that they have not seen: a model should be better. They are
/// fitted to the even rows and score the odd ones, and the other way round. Log-densities in nats an example.
struct GaussianBaselines {
  Mean independent;          ///< a mean and a deviation for each reading, a rate for each bit
  std::optional<Mean> full;  ///< one Gaussian over all readings, beside the bits' rates; none where too many
};

/// The baselines on the data, whose columns are described one by one. Nothing below 6 rows, or where no
/// column is a reading.
std::optional<GaussianBaselines> gaussian_baselines(const Dataset& data,
                                                    const std::vector<BaselineColumn>& columns,
                                                    const Workers& workers);

}  // namespace tool
