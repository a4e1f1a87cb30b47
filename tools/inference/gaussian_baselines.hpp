#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tools/base/statistics.hpp"
#include "tools/base/workers.hpp"
#include "tools/data/dataset.hpp"

namespace tool {

/// What the simplest densities reach on data that they have not seen: a model should be better. They are
/// fitted to the even rows and score the odd ones, and the other way round. Log-densities in nats an example.
struct GaussianBaselines {
  Mean independent;          ///< a mean and a deviation for each reading, a rate for each bit
  std::optional<Mean> full;  ///< one Gaussian over all readings, beside the bits' rates; none where too many
};

/// What a baseline must know of a column.
struct BaselineColumn {
  bool is_real;           ///< a reading; else 0 or 1, where a value between counts as a mean of bits
  double least_variance;  ///< of a reading that does not vary where the baseline is fitted, above 0
};

/// The most readings of which covariances are found: their inverse takes time with the cube.
inline constexpr std::size_t most_covariant_readings = 1024;

/// The baselines on the data, whose columns are described one by one. Nothing below 6 rows, or where no
/// column is a reading.
///
/// The covariances are those of the readings divided by their deviations, shrunk towards independence as far
/// as the number of rows asks for (Ledoit and Wolf 2004), so that few rows do.
std::optional<GaussianBaselines> gaussian_baselines(const Dataset& data,
                                                    const std::vector<BaselineColumn>& columns,
                                                    const Workers& workers);

}  // namespace tool
