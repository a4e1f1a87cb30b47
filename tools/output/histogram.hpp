#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tool {

/// How many values lie in each of many bins of equal width; of two kinds of values, what share of its kind.
struct Histogram {
  std::string title;
  std::string caption;  ///< how to read it; may be empty
  std::string x_label;
  std::string y_label;  ///< what is counted
  double low = 0;       ///< where the first bin begins
  double bin = 1;       ///< the width of each
  std::vector<std::uint64_t> counts{};
  std::vector<std::uint64_t> odd_counts{};  ///< of the second kind; empty: there is one kind
  std::string name{}, odd_name{};           ///< of the kinds, for a legend
  std::optional<double> limit{};            ///< a line upright
};

/// Counts the values in at most `most` bins (2 or more) with round bounds, which together span all finite
/// values and `range`. Values that are not finite are left out; if there are no others, so are the bins.
void count_values(Histogram& histogram, const std::vector<float>& values, std::size_t most);
void count_values(Histogram& histogram, const std::vector<float>& values, std::size_t most,
                  std::pair<double, double> range);

/// Counts values of two kinds in the same bins, at most `most` with round bounds that span `range`. A value
/// beyond them counts in the bin at that end, also an infinite one; no value is NaN.
void count_kinds(Histogram& histogram, const std::vector<float>& usual, const std::vector<float>& odd,
                 std::size_t most, std::pair<double, double> range);

/// Whether there is anything to draw.
bool has_data(const Histogram& histogram);

/// The drawing as an <svg> element of a page.
std::string drawing(const Histogram& histogram);

}  // namespace tool
