#include "tools/inference/gaussian_baselines.hpp"

#include <algorithm>

namespace tool {
namespace {

constexpr std::size_t rows_at_once = 64;

// Every second row of the data, from this one on.
std::vector<std::size_t> every_second(const Dataset& data, std::size_t first) {
  std::vector<std::size_t> rows;
  for (std::size_t n = first; n < data.rows; n += 2) rows.push_back(n);
  return rows;
}

}  // namespace

std::optional<GaussianBaselines> gaussian_baselines(const Dataset& data,
                                                    const std::vector<BaselineColumn>& columns,
                                                    const Workers& workers) {
  const auto readings = static_cast<std::size_t>(
      std::count_if(columns.begin(), columns.end(), [](const auto& column) { return column.is_real; }));
  if (data.rows < 6 || readings == 0) return {};  // two rows of a half tell nothing of covariances
  const bool with_covariances = readings <= most_covariant_readings;
  std::vector<float> independent(data.rows), full(with_covariances ? data.rows : 0);
  for (const std::size_t parity : {std::size_t{0}, std::size_t{1}}) {
    const GaussianFit fit(data, every_second(data, parity), columns, with_covariances, workers);
    const std::vector<std::size_t> scored = every_second(data, 1 - parity);
    in_steps("baselines", scored.size(), rows_at_once * workers.threads.count(), workers.progress,
             [&](std::size_t first, std::size_t last) {
               workers.threads(last - first, [&](std::size_t begin, std::size_t end) {
                 std::vector<float> values(data.columns);
                 std::vector<double> scratch(fit.readings());
                 for (std::size_t n = first + begin; n < first + end; ++n) {
                   const std::size_t place = scored[n];
                   data.row(place, values.data());
                   independent[place] = static_cast<float>(fit.independent(values));
                   if (with_covariances) full[place] = static_cast<float>(fit.full(values, scratch));
                 }
               });
             });
  }
  GaussianBaselines found{mean(independent), {}};
  if (with_covariances) found.full = mean(full);
  return found;
}

}  // namespace tool
