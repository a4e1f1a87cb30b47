#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "rbm/visible.hpp"
#include "tools/data/dataset.hpp"

// Offsets and scales of readings, r_j = offset_j + scale_j x_j, in which x has mean 0 and deviation about 1
// and no unit. They are found from training data once and travel with the model. The same data in another
// unit, volts or millivolts, give the same x.

namespace tool {

/// What has a scale of its own.
enum class Scale {
  each,  ///< each column of readings: its deviation
  all,   ///< all together: the root mean square of the columns' deviations
  none   ///< nothing: offset 0, scale 1
};

/// Offsets and scales of the columns of a table.
struct Standardization {
  std::vector<float> offset, scale;   ///< [columns]; 0 and 1 where a column is binary
  std::vector<std::size_t> constant;  ///< columns of readings that are all equal, counted from 0
};

/// The groups of visible units that a table wants. Its readings are real units; but columns that hold both 0
/// and 1, and nothing else, are binary. With `all_real` there are no such.
std::vector<rbm::VisibleGroup> find_groups(const Dataset& readings, bool all_real);

/// Whether an example is one signal over time, a window of it: at least 8 columns of readings, whose
/// neighbours are alike, and more so than columns further apart. Neighbours are alike where the median of
/// their correlations is at least 0.8; it must be above those at distances of 2, 3 and 4, so that values of a
/// few channels in turn are none.
bool is_signal(const Dataset& readings, const std::vector<rbm::VisibleGroup>& groups);

/// Mean and deviation of each column of readings. So that a few outliers do not make them, values count as at
/// most 3 interquartile ranges beyond the quartiles (Tukey's far fences; Exploratory Data Analysis, 1977),
/// unless that range is 0. A deviation counts as at least 2^-20 of the mean, which is what float32 resolves,
/// with room for arithmetic, and as at least 1e-30. A constant column has a thousandth of its value as its
/// scale, or of the root mean square of all deviations where it is 0. Throws Failure where readings vary in
/// no column.
Standardization standardize(const Dataset& readings, const std::vector<rbm::VisibleGroup>& groups,
                            Scale rule);

}  // namespace tool
