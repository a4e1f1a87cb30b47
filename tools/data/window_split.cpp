#include "tools/data/window_split.hpp"

#include <algorithm>
#include <cmath>

namespace tool {

WindowSplit split_windows(const Dataset& data, double share) {
  constexpr double all_blocks = 20;
  const double blocks = std::max(1.0, std::round(all_blocks * share)), count = static_cast<double>(data.rows);
  WindowSplit split;
  split.blocks = static_cast<std::size_t>(blocks);
  std::vector<bool> held_out(data.rows);
  for (std::size_t b = 0; b < split.blocks; ++b) {
    const double end = std::round(count * static_cast<double>(b + 1) / blocks),
                 begin = std::round(count * (static_cast<double>(b + 1) - share) / blocks);
    for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) held_out[n] = true;
  }
  const std::size_t rows = data.windows.rows();
  // The first row that a window may begin at so that it shares none with those held out before it.
  std::size_t free_from = 0;
  std::vector<bool> overlaps(data.rows);
  for (std::size_t n = 0; n < data.rows; ++n) {
    if (held_out[n]) free_from = data.ends[n] + 1;
    overlaps[n] = data.ends[n] + 1 - rows < free_from;
  }
  // The row that a window must end before.
  std::size_t free_to = data.recording->rows;
  for (std::size_t n = data.rows; n-- > 0;) {
    if (held_out[n]) free_to = data.ends[n] + 1 - rows;
    overlaps[n] = overlaps[n] || data.ends[n] >= free_to;
  }
  for (std::size_t n = 0; n < data.rows; ++n) {
    if (held_out[n])
      split.held_out.push_back(n);
    else if (!overlaps[n])
      split.learned.push_back(n);
  }
  return split;
}

}  // namespace tool
