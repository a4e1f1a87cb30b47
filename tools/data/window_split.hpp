#pragma once

#include <cstddef>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Windows of a recording to learn from, and others to measure with, in ascending order. None of the learned
/// ones shares a row of the recording with one held out.
struct WindowSplit {
  std::vector<std::size_t> learned, held_out;
  std::size_t blocks = 0;  ///< in which windows are held out
};

/// Holds out a share, above 0 and below 1, of the windows: of 20 blocks in turn as many as are that share, at
/// least one, spread evenly to the end of the recording. So what changes slowly is in both parts. Either part
/// may be empty where windows are few.
WindowSplit split_windows(const Dataset& windows, double share);

}  // namespace tool
