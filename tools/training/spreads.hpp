#pragma once

#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// What a column of readings varies by. So that a few outliers do not make mean and deviation, values count
/// as at most 3 interquartile ranges beyond the quartiles (Tukey's far fences; Exploratory Data Analysis,
/// 1977), unless that range is 0.
struct Spread {
  double low = 0, high = 0;        ///< the fences
  double mean = 0, deviation = 0;  ///< of the values within them
  bool constant = true;            ///< all values are equal

  /// A value as it counts.
  double clipped(float value) const;
};

/// [columns]: of each column of a table without gaps. Quartiles are exact; yet nothing of the size of the
/// data is held: six passes are made over the data for each 512 columns.
std::vector<Spread> find_spreads(const Dataset& data);

}  // namespace tool
