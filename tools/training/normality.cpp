#include "tools/training/normality.hpp"

#include <cmath>

#include "tools/base/cholesky.hpp"

namespace tool {
namespace {

// The real columns that vary, standardized.
class Standard {
 public:
  Standard(const Dataset& data, const ReadingStatistics& statistics)
      : data_(data), statistics_(statistics), row_(data.columns) {
    for (const rbm::VisibleGroup& group : statistics.groups)
      for (std::size_t j = group.begin; group.kind == rbm::VisibleKind::real && j < group.end; ++j)
        if (!statistics.spreads[j].constant && statistics.spreads[j].deviation > 0) columns_.push_back(j);
  }

  std::size_t size() const { return columns_.size(); }

  void row(std::size_t n, double* x) {
    data_.row(n, row_.data());
    for (std::size_t i = 0; i < size(); ++i) {
      const Spread& spread = statistics_.spreads[columns_[i]];
      x[i] = (static_cast<double>(row_[columns_[i]]) - spread.mean) / spread.deviation;
    }
  }

 private:
  const Dataset& data_;
  const ReadingStatistics& statistics_;
  std::vector<std::size_t> columns_;
  std::vector<float> row_;
};

// Covariances, the lower triangle.
std::vector<double> covariances(Standard& standard, std::size_t rows) {
  const std::size_t size = standard.size();
  std::vector<double> x(size), sums(size), products(size * size);
  for (std::size_t n = 0; n < rows; ++n) {
    standard.row(n, x.data());
    for (std::size_t i = 0; i < size; ++i) {
      sums[i] += x[i];
      for (std::size_t k = 0; k <= i; ++k) products[i * size + k] += x[i] * x[k];
    }
  }
  const auto count = static_cast<double>(rows);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t k = 0; k <= i; ++k)
      products[i * size + k] = products[i * size + k] / count - sums[i] / count * (sums[k] / count);
  return products;
}

}  // namespace

bool are_normal(const Dataset& data, const ReadingStatistics& statistics) {
  constexpr std::size_t most_readings = 128, examples_a_reading = 10;
  constexpr double tolerance = 0.02, deviations = 4;
  Standard standard(data, statistics);
  const std::size_t size = standard.size();
  if (size < 2 || size > most_readings || data.rows < examples_a_reading * size) return false;
  std::vector<double> root = covariances(standard, data.rows);
  decompose(root, size);
  std::vector<double> x(size);
  double sum = 0;
  std::vector<double> cubes(size);
  for (std::size_t n = 0; n < data.rows; ++n) {
    standard.row(n, x.data());
    for (std::size_t i = 0; i < size; ++i) cubes[i] += x[i] * x[i] * x[i];
    const double distance = squared_distance(root, size, x.data());
    sum += distance * distance;
  }
  const auto d = static_cast<double>(size), rows = static_cast<double>(data.rows);
  double skewness = 0;  // the mean of its squares, 6 / rows for normal readings
  for (const double cube : cubes) skewness += cube / rows * (cube / rows) / d;
  if (skewness > 0.02 + 10 * 6 / rows) return false;
  const double expected = d * (d + 2), deviation = std::sqrt(8 * expected / rows) / expected;
  return std::abs(sum / rows / expected - 1) <= tolerance + deviations * deviation;
}

}  // namespace tool
