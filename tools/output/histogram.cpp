#include "tools/output/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tools/output/plot.hpp"
#include "tools/output/svg.hpp"

namespace tool {
namespace {

constexpr std::size_t most_x_ticks = 7, most_y_ticks = 6;

// Bins between ticks; a value on a bound belongs to the bin above it, on the last bound to the last bin.
std::vector<std::uint64_t> count(const Ticks& bounds, const std::vector<float>& values) {
  std::vector<std::uint64_t> counts(bounds.values.size() - 1);
  for (const float value : values) {
    const auto above =
        std::upper_bound(bounds.values.begin() + 1, bounds.values.end() - 1, static_cast<double>(value));
    ++counts[static_cast<std::size_t>(above - bounds.values.begin()) - 1];
  }
  return counts;
}

void set_bins(Histogram& histogram, const Ticks& bounds) {
  histogram.low = bounds.values.front();
  histogram.bin = bounds.step;
}

std::vector<float> finite(const std::vector<float>& values) {
  std::vector<float> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
               [](float value) { return std::isfinite(value); });
  return kept;
}

// What is drawn up: counts, or of two kinds percent of the values of that kind.
std::vector<double> heights(const std::vector<std::uint64_t>& counts, bool share) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  std::vector<double> result;
  result.reserve(counts.size());
  for (const std::uint64_t number : counts)
    result.push_back(share && total > 0 ? 100 * static_cast<double>(number) / total
                                        : static_cast<double>(number));
  return result;
}

void draw_bars(Surface& surface, const Plot& plot, const Histogram& histogram,
               const std::vector<double>& tops, Ink ink, double opacity) {
  Line outline{plot.at(histogram.low, 0)};
  for (std::size_t n = 0; n < tops.size(); ++n)
    for (const std::size_t side : {n, n + 1})
      outline.push_back(plot.at(histogram.low + histogram.bin * static_cast<double>(side), tops[n]));
  outline.push_back({outline.back().x, outline.front().y});
  surface.fill(ink, opacity, outline);
}

}  // namespace

void count_values(Histogram& histogram, const std::vector<float>& values, std::size_t most) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  count_values(histogram, values, most, {infinity, -infinity});
}

void count_values(Histogram& histogram, const std::vector<float>& values, std::size_t most,
                  std::pair<double, double> range) {
  const std::vector<float> counted = finite(values);
  histogram.counts.clear();
  if (counted.empty()) return;
  const auto [least, largest] = std::minmax_element(counted.begin(), counted.end());
  const Ticks bounds = round_ticks(std::min(range.first, static_cast<double>(*least)),
                                   std::max(range.second, static_cast<double>(*largest)), most + 1);
  set_bins(histogram, bounds);
  histogram.counts = count(bounds, counted);
}

void count_kinds(Histogram& histogram, const std::vector<float>& usual, const std::vector<float>& odd,
                 std::size_t most, std::pair<double, double> range) {
  const Ticks bounds = round_ticks(range.first, range.second, most + 1);
  set_bins(histogram, bounds);
  histogram.counts = count(bounds, usual);
  histogram.odd_counts = count(bounds, odd);
}

bool has_data(const Histogram& histogram) {
  return !histogram.counts.empty();
}

std::string drawing(const Histogram& histogram) {
  const bool kinds = !histogram.odd_counts.empty();
  const std::vector<double> usual = heights(histogram.counts, kinds),
                            odd = heights(histogram.odd_counts, kinds);
  double tallest = std::max(1.0, *std::max_element(usual.begin(), usual.end()));
  for (const double height : odd) tallest = std::max(tallest, height);
  const double high = histogram.low + histogram.bin * static_cast<double>(histogram.counts.size());
  const Frame frame;
  const Plot plot(frame, histogram.low, high,
                  axis_of(round_ticks(histogram.low, high, most_x_ticks), histogram.x_label),
                  axis_of(round_ticks(0, tallest, most_y_ticks, 1), histogram.y_label));
  Svg svg;
  plot.draw_axes(svg);
  draw_bars(svg, plot, histogram, usual, Ink::bars, 1);
  constexpr double seen_through = 0.6;
  if (kinds) draw_bars(svg, plot, histogram, odd, Ink::odd, seen_through);
  if (histogram.limit) {
    const double x = plot.across(*histogram.limit);
    if (x >= plot.left() && x <= plot.right()) svg.stroke(Ink::limit, {{{x, plot.top()}, {x, plot.floor()}}});
  }
  return svg.element_of(frame.width, frame.height, "Histogram: " + histogram.title);
}

}  // namespace tool
