#include "tools/training/standardization.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "tools/base/failure.hpp"

namespace tool {
namespace {

/// Calls visit(column) for each real one.
template <class Visit>
void for_each_reading(const std::vector<rbm::VisibleGroup>& groups, const Visit& visit) {
  for (const rbm::VisibleGroup& group : groups)
    if (group.kind == rbm::VisibleKind::real)
      for (std::size_t j = group.begin; j < group.end; ++j) visit(j);
}

std::size_t count_readings(const std::vector<rbm::VisibleGroup>& groups) {
  std::size_t count = 0;
  for_each_reading(groups, [&](std::size_t) { ++count; });
  return count;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

constexpr std::size_t farthest = 4;

/// The medians of the correlations of columns that stand 1 to 4 apart in one group of readings.
std::array<double, farthest> median_correlations(const Dataset& data,
                                                 const std::vector<rbm::VisibleGroup>& groups,
                                                 const std::vector<Spread>& spreads) {
  std::array<std::vector<double>, farthest> products;
  for (auto& sums : products) sums.resize(data.columns);
  RowReader read(data);
  std::vector<double> standard(data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (std::size_t j = 0; j < data.columns; ++j)
      standard[j] = spreads[j].deviation > 0
                        ? (spreads[j].clipped(row[j]) - spreads[j].mean) / spreads[j].deviation
                        : 0;
    for (std::size_t apart = 1; apart <= farthest; ++apart)
      for (std::size_t j = 0; j + apart < data.columns; ++j)
        products[apart - 1][j] += standard[j] * standard[j + apart];
  }
  std::array<double, farthest> medians{};
  for (std::size_t apart = 1; apart <= farthest; ++apart) {
    std::vector<double> correlations;
    for (const rbm::VisibleGroup& group : groups)
      if (group.kind == rbm::VisibleKind::real)
        for (std::size_t j = group.begin; j + apart < group.end; ++j)
          if (spreads[j].deviation > 0 && spreads[j + apart].deviation > 0)
            correlations.push_back(products[apart - 1][j] / static_cast<double>(data.rows));
    medians[apart - 1] = median(std::move(correlations));
  }
  return medians;
}

/// The root mean square of the deviations of the readings from column `begin` to before `end`.
double mean_deviation(const ReadingStatistics& statistics, std::size_t begin, std::size_t end) {
  double squares = 0, count = 0;
  for_each_reading(statistics.groups, [&](std::size_t j) {
    if (j < begin || j >= end) return;
    squares += statistics.spreads[j].deviation * statistics.spreads[j].deviation;
    ++count;
  });
  return std::sqrt(squares / count);
}

std::vector<rbm::VisibleGroup> find_groups(const Dataset& readings) {
  std::vector<bool> zero(readings.columns), one(readings.columns), other(readings.columns);
  RowReader read(readings);
  for (std::size_t n = 0; n < readings.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (std::size_t j = 0; j < row.size(); ++j) {
      zero[j] = zero[j] || row[j] == 0;
      one[j] = one[j] || row[j] == 1;
      other[j] = other[j] || (row[j] != 0 && row[j] != 1);
    }
  }
  std::vector<rbm::VisibleGroup> groups;
  for (std::size_t j = 0; j < readings.columns; ++j) {
    const bool bits = zero[j] && one[j] && !other[j];
    const rbm::VisibleKind kind = bits ? rbm::VisibleKind::binary : rbm::VisibleKind::real;
    if (groups.empty() || groups.back().kind != kind) groups.push_back({kind, j, j});
    groups.back().end = j + 1;
  }
  if (groups.size() == 1) groups[0].kind = rbm::VisibleKind::real;
  return groups;
}

bool are_alike(const ReadingStatistics& statistics) {
  constexpr double alike = 8;
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for_each_reading(statistics.groups, [&](std::size_t j) {
    least = std::min(least, statistics.spreads[j].deviation);
    most = std::max(most, statistics.spreads[j].deviation);
  });
  return most <= alike * least;
}

}  // namespace

std::size_t ReadingStatistics::readings() const {
  return count_readings(groups);
}

ReadingStatistics measure_readings(const Dataset& readings) {
  ReadingStatistics statistics;
  statistics.spreads = find_spreads(readings);
  statistics.window = readings.windows.length;
  if (statistics.window > 0) {
    statistics.groups = {{rbm::VisibleKind::real, 0, readings.columns}};
    statistics.is_signal = statistics.is_one_signal = true;
    return statistics;
  }
  statistics.groups = find_groups(readings);
  statistics.is_signal = is_signal(readings, statistics.groups, statistics.spreads);
  statistics.is_one_signal = statistics.is_signal && are_alike(statistics);
  return statistics;
}

bool is_signal(const Dataset& readings, const std::vector<rbm::VisibleGroup>& groups,
               const std::vector<Spread>& spreads) {
  constexpr std::size_t fewest_columns = 8;
  constexpr double alike = 0.8;
  if (count_readings(groups) < fewest_columns) return false;
  const std::array<double, farthest> medians = median_correlations(readings, groups, spreads);
  return medians[0] >= alike && medians[0] > *std::max_element(medians.begin() + 1, medians.end());
}

std::size_t bound_readings(Dataset& readings, const ReadingStatistics& statistics) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<Bounds> bounds(readings.columns, {-infinity, infinity});
  for_each_reading(statistics.groups, [&](std::size_t j) {
    const Spread& spread = statistics.spreads[j];
    if (spread.constant) return;
    bounds[j] = {static_cast<float>(spread.mean - most_deviations * spread.deviation),
                 static_cast<float>(spread.mean + most_deviations * spread.deviation)};
  });
  std::size_t bounded = 0;
  RowReader read(readings);
  for (std::size_t n = 0; n < readings.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (std::size_t j = 0; j < row.size(); ++j) bounded += row[j] < bounds[j].low || row[j] > bounds[j].high;
  }
  if (bounded > 0) readings.bounds = std::move(bounds);
  return bounded;
}

std::vector<std::size_t> constant_columns(const ReadingStatistics& statistics) {
  std::vector<std::size_t> columns;
  for_each_reading(statistics.groups, [&](std::size_t j) {
    if (statistics.spreads[j].constant) columns.push_back(j);
  });
  return columns;
}

Standardization standardize(const ReadingStatistics& statistics, Scale rule, const std::string& name) {
  constexpr double resolved = 0x1p-20, of_constant = 1e-3, least = 1e-30;
  const std::vector<Spread>& spreads = statistics.spreads;
  const double common = mean_deviation(statistics, 0, spreads.size());
  if (!(common > 0)) throw Failure(name + ": no reading varies: there is nothing to learn");
  Standardization result{std::vector<float>(spreads.size()), std::vector<float>(spreads.size(), 1)};
  if (rule == Scale::none) return result;
  for_each_reading(statistics.groups, [&](std::size_t j) {
    const double size = std::fabs(spreads[j].mean);
    const std::size_t begin = statistics.window > 0 ? j - j % statistics.window : 0;
    double scale = rule == Scale::each     ? spreads[j].deviation
                   : statistics.window > 0 ? mean_deviation(statistics, begin, begin + statistics.window)
                                           : common;
    if (scale == 0) scale = of_constant * (size > 0 ? size : common);
    result.offset[j] = static_cast<float>(spreads[j].mean);
    result.scale[j] = static_cast<float>(std::max({scale, resolved * size, least}));
  });
  return result;
}

}  // namespace tool
