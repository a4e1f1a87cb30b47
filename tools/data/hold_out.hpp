#pragma once

#include "tools/data/dataset.hpp"

namespace tool {

/// Takes a share of the examples away from the data and returns it: the last rows; of data with labels the
/// last rows of each label, as rows may be sorted by label; of windows, blocks spread over the recording,
/// and what overlaps them is left out. Throws Failure where that leaves nothing to learn from or to hold out.
Dataset hold_out(Dataset& data, double share);

}  // namespace tool
