#include "tools/inference/detection.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tool {
namespace {

// For each example, the share of those of the other kind that are on the side where they should be. The mean
// over examples of either kind is the AUC.
std::vector<double> placements(const Truth& truth, const std::vector<double>& scores) {
  const std::size_t count = scores.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t one, std::size_t other) { return scores[one] < scores[other]; });
  const auto odd = static_cast<double>(std::count(truth.odd.begin(), truth.odd.end(), 1));
  const double normal = static_cast<double>(count) - odd;
  std::vector<double> found(count);
  double odd_below = 0, normal_below = 0;
  for (std::size_t first = 0, last = 0; first < count; first = last) {
    double odd_here = 0;
    for (last = first; last < count && !(scores[order[last]] > scores[order[first]]); ++last)
      odd_here += truth.odd[order[last]] ? 1 : 0;
    const double normal_here = static_cast<double>(last - first) - odd_here;
    for (std::size_t n = first; n < last; ++n)
      found[order[n]] = truth.odd[order[n]] ? (normal_below + normal_here / 2) / normal
                                            : 1 - (odd_below + odd_here / 2) / odd;
    odd_below += odd_here;
    normal_below += normal_here;
  }
  return found;
}

// The mean of the values of one kind of example, whose standard error is that of sums over blocks.
Mean mean_over_blocks(const Truth& truth, std::uint8_t kind, const std::vector<double>& values) {
  double sum = 0, count = 0;
  for (std::size_t n = 0; n < values.size(); ++n)
    if (truth.odd[n] == kind) sum += values[n], ++count;
  const double mean = sum / count;
  double squares = 0, blocks = 0, block_sum = 0;
  bool open = false;
  std::size_t block = 0;
  const auto close = [&] {
    squares += block_sum * block_sum;
    blocks += open;
    block_sum = 0;
  };
  for (std::size_t n = 0; n < values.size(); ++n) {
    if (truth.odd[n] != kind) continue;
    if (open && truth.blocks[n] != block) close();
    open = true;
    block = truth.blocks[n];
    block_sum += values[n] - mean;
  }
  close();
  return {mean, blocks > 1 ? std::sqrt(squares * blocks / (blocks - 1)) / count : std::nan("")};
}

}  // namespace

Areas areas_under_curves(const Truth& truth, const std::vector<std::vector<double>>& scores) {
  Areas found;
  std::vector<double> first;
  for (const std::vector<double>& each : scores) {
    std::vector<double> places = placements(truth, each);
    found.areas.push_back(mean_over_blocks(truth, 1, places).value);
    if (first.empty()) {
      first = places;
      continue;
    }
    for (std::size_t n = 0; n < places.size(); ++n) places[n] = first[n] - places[n];
    const Mean odd = mean_over_blocks(truth, 1, places), normal = mean_over_blocks(truth, 0, places);
    found.differences.push_back({odd.value, std::hypot(odd.standard_error, normal.standard_error)});
  }
  return found;
}

bool is_significant(const Mean& difference) {
  constexpr double two_sided = 1.96;
  return std::fabs(difference.value) > two_sided * difference.standard_error;
}

std::vector<Event> events_of(const std::vector<std::uint8_t>& labels, const std::vector<std::size_t>& gaps) {
  std::vector<Event> events;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (!labels[row]) continue;
    const bool goes_on =
        !events.empty() && events.back().end == row && !std::binary_search(gaps.begin(), gaps.end(), row);
    if (goes_on)
      events.back().end = row + 1;
    else
      events.push_back({row, row + 1});
  }
  return events;
}

std::vector<std::size_t> delays(const std::vector<Event>& events, const std::vector<WindowPlace>& windows,
                                const std::vector<std::uint8_t>& flagged) {
  std::vector<std::size_t> found(events.size(), missed);
  for (std::size_t n = 0; n < windows.size(); ++n) {
    if (!flagged[n]) continue;
    const std::size_t end = windows[n].end, begin = end + 1 - windows[n].span;
    for (std::size_t k = 0; k < events.size(); ++k)
      if (found[k] == missed && begin < events[k].end && end >= events[k].begin)
        found[k] = end - events[k].begin;
  }
  return found;
}

}  // namespace tool
