#include "tools/inference/baseline_scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tool {
namespace {

// Adds the scores of the rows [begin, end) of the data.
void add_scores(const GaussianFit& fit, bool with_covariances, const Dataset& data, std::size_t begin,
                std::size_t end, BaselineScores& found) {
  RowReader read(data);
  std::vector<double> scratch(fit.readings());
  for (std::size_t n = begin; n < end; ++n) {
    const std::vector<float>& row = read(n);
    found.independent.push_back(-fit.independent(row));
    if (with_covariances) found.full.push_back(-fit.full(row, scratch));
  }
}

bool allows_covariances(const std::vector<BaselineColumn>& columns) {
  const auto readings =
      std::count_if(columns.begin(), columns.end(), [](const auto& column) { return column.is_real; });
  return readings <= static_cast<std::ptrdiff_t>(most_covariant_readings);
}

}  // namespace

std::vector<BaselineColumn> baseline_columns(const Model& model) {
  std::vector<BaselineColumn> columns(model.units());
  if (!model.has_readings()) return columns;
  for (const rbm::VisibleGroup& group : model.groups)
    for (std::size_t j = group.begin; group.kind != rbm::VisibleKind::choice && j < group.end; ++j)
      columns[j] = {group.kind == rbm::VisibleKind::real, std::pow(static_cast<double>(model.scale[j]), 2)};
  return columns;
}

BaselineScores baseline_scores(const Dataset& normal, const Dataset& data,
                               const std::vector<BaselineColumn>& columns, const Workers& workers) {
  std::vector<std::size_t> rows(normal.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const bool with_covariances = allows_covariances(columns);
  const GaussianFit fit(normal, rows, columns, with_covariances, workers);
  BaselineScores found;
  add_scores(fit, with_covariances, data, 0, data.rows, found);
  return found;
}

BaselineScores held_out_baseline_scores(const Dataset& normal, const std::vector<BaselineColumn>& columns,
                                        const Workers& workers) {
  constexpr std::size_t parts = 4;
  const bool with_covariances = allows_covariances(columns);
  BaselineScores found;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t begin = normal.rows * part / parts, end = normal.rows * (part + 1) / parts;
    std::vector<std::size_t> rows;
    for (std::size_t n = 0; n < normal.rows; ++n)
      if (n < begin || n >= end) rows.push_back(n);
    const GaussianFit fit(normal, rows, columns, with_covariances, workers);
    add_scores(fit, with_covariances, normal, begin, end, found);
  }
  return found;
}

}  // namespace tool
