#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rbm/visible.hpp"
#include "tools/data/dataset.hpp"
#include "tools/training/spreads.hpp"

// Offsets and scales of readings, r_j = offset_j + scale_j x_j, in which x has mean 0 and deviation about 1
// and no unit. They are found from training data once and travel with the model. The same data in another
// unit, volts or millivolts, give the same x.

namespace tool {

/// What has a scale of its own.
enum class Scale {
  each,  ///< each column of readings: its deviation
  all,   ///< all together: the root mean square of the columns' deviations; in windows, all of a channel
  none   ///< nothing: offset 0, scale 1
};

/// What a table of readings is like.
struct ReadingStatistics {
  /// Of visible units. Readings are real units; but columns that hold both 0 and 1, and nothing else, are
  /// binary beside others.
  std::vector<rbm::VisibleGroup> groups;
  std::vector<Spread> spreads;  ///< [columns]
  bool is_signal = false;       ///< each example is a window of signals over time: see below
  bool is_one_signal = false;   ///< of one signal: no column's deviation is more than 8 times another's
  std::size_t window = 0;  ///< readings of each channel in turn, where rows were cut from a recording; else 0

  /// How many columns are real units.
  std::size_t readings() const;
};

/// Rows that were cut from a recording are known to be windows of signals; all columns are readings then.
ReadingStatistics measure_readings(const Dataset& readings);

/// Whether an example is a window of signals over time: at least 8 columns of readings, whose
/// neighbours are alike, and more so than columns further apart. Neighbours are alike where the median of
/// their correlations is at least 0.8; it must be above those at distances of 2, 3 and 4, so that values of a
/// few channels in turn are none.
bool is_signal(const Dataset& readings, const std::vector<rbm::VisibleGroup>& groups,
               const std::vector<Spread>& spreads);

/// Columns of readings that never vary, counted from 0.
std::vector<std::size_t> constant_columns(const ReadingStatistics& statistics);

/// Offsets and scales of the columns of a table.
struct Standardization {
  std::vector<float> offset, scale;  ///< [columns]; 0 and 1 where a column is binary
};

/// The offset of a reading is the mean of its column, the scale as the rule says. A scale is at least 2^-20
/// of the offset, which is what float32 resolves, with room for arithmetic, and at least 1e-30. With a scale
/// for each, a constant column has a thousandth of its value, or of the root mean square of all deviations
/// where it is 0. `name` is what messages call the data. Throws Failure where readings vary in no column.
Standardization standardize(const ReadingStatistics& statistics, Scale rule, const std::string& name);

/// How many deviations from its mean a reading counts in training, at most: one broken example would
/// otherwise move the weights more than all others.
inline constexpr double most_deviations = 10;

/// Has readings further than most_deviations from their column's mean count as if they lay there: rows are
/// read so from here on. Returns how many they are.
std::size_t bound_readings(Dataset& readings, const ReadingStatistics& statistics);

}  // namespace tool
