#include "tools/inference/gaussian_baselines.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/cholesky.hpp"

namespace tool {
namespace {

constexpr double log_two_pi = 1.8378770664093454836;
constexpr std::size_t rows_at_once = 64;

// Every second row of the data.
struct Half {
  const Dataset& data;
  std::size_t parity;  // 0: rows 0, 2, 4, ...

  std::size_t rows() const { return (data.rows + 1 - parity) / 2; }
  void row(std::size_t n, std::vector<float>& values) const { data.row(2 * n + parity, values.data()); }
};

// A mean and a deviation for each reading, a rate for each bit, and the covariances of readings divided by
// their deviations, as the lower triangle of a root L L'.
class Fit {
 public:
  Fit(const Half& half, const std::vector<BaselineColumn>& columns, bool with_covariances,
      const Workers& workers)
      : columns_(columns), mean_(columns.size()), variance_(columns.size()) {
    for (std::size_t j = 0; j < columns.size(); ++j)
      if (columns[j].is_real) readings_.push_back(j);
    find_moments(half);
    if (with_covariances) find_root(half, workers);
  }

  // log p of an example under independent columns.
  double independent(const std::vector<float>& values) const {
    double sum = bits(values);
    for (const std::size_t j : readings_) sum -= 0.5 * std::pow(standard(values, j), 2) + log_spread(j);
    return sum;
  }

  // log p of an example under one Gaussian over all readings; `scratch` [readings].
  double full(const std::vector<float>& values, std::vector<double>& scratch) const {
    double sum = bits(values);
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      scratch[i] = standard(values, readings_[i]);
      sum -= std::log(root_[i * readings_.size() + i]) + log_spread(readings_[i]);
    }
    sum -= 0.5 * squared_distance(root_, readings_.size(), scratch.data());
    return sum;
  }

  std::size_t readings() const { return readings_.size(); }

 private:
  double standard(const std::vector<float>& values, std::size_t j) const {
    return (static_cast<double>(values[j]) - mean_[j]) / std::sqrt(variance_[j]);
  }
  double log_spread(std::size_t j) const { return 0.5 * (log_two_pi + std::log(variance_[j])); }

  double bits(const std::vector<float>& values) const {
    double sum = 0;
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      if (columns_[j].is_real) continue;
      const double value = static_cast<double>(values[j]);
      sum += value * std::log(mean_[j]) + (1 - value) * std::log(1 - mean_[j]);
    }
    return sum;
  }

  void find_moments(const Half& half) {
    const auto rows = static_cast<double>(half.rows());
    std::vector<float> first(columns_.size()), values(columns_.size());
    half.row(0, first);
    // Less the first row: of readings that never vary nothing is left, not even rounding.
    for (std::size_t n = 0; n < half.rows(); ++n) {
      half.row(n, values);
      for (std::size_t j = 0; j < values.size(); ++j)
        mean_[j] += (static_cast<double>(values[j]) - static_cast<double>(first[j])) / rows;
    }
    for (std::size_t j = 0; j < first.size(); ++j) mean_[j] += static_cast<double>(first[j]);
    for (std::size_t n = 0; n < half.rows(); ++n) {
      half.row(n, values);
      for (const std::size_t j : readings_)
        variance_[j] += std::pow(static_cast<double>(values[j]) - mean_[j], 2) / rows;
    }
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (!columns_[j].is_real)
        mean_[j] = (rows * mean_[j] + 0.5) / (rows + 1);  // no bit is certain
      else if (!(variance_[j] > 0))
        variance_[j] = columns_[j].least_variance;
    }
  }

  // Sums the covariances row by row, so that threads, which share the columns, change no bit.
  void find_root(const Half& half, const Workers& workers) {
    const std::size_t size = readings_.size();
    const auto rows = static_cast<double>(half.rows());
    root_.assign(size * size, 0);
    std::vector<double> block(rows_at_once * size);
    std::vector<float> values(columns_.size());
    double fourth_powers = 0;  // sum over rows of |z|^4
    in_steps("covariances", half.rows(), rows_at_once, workers.progress,
             [&](std::size_t first, std::size_t last) {
               for (std::size_t n = first; n < last; ++n) {
                 half.row(n, values);
                 double* const z = block.data() + (n - first) * size;
                 double square = 0;
                 for (std::size_t i = 0; i < size; ++i) {
                   z[i] = standard(values, readings_[i]);
                   square += z[i] * z[i];
                 }
                 fourth_powers += square * square;
               }
               workers.threads(size, [&](std::size_t begin, std::size_t end) {
                 for (std::size_t n = 0; n < last - first; ++n) {
                   const double* const z = block.data() + n * size;
                   for (std::size_t i = begin; i < end; ++i)
                     for (std::size_t k = 0; k <= i; ++k) root_[i * size + k] += z[i] / rows * z[k];
                 }
               });
             });
    shrink(fourth_powers, rows);
    decompose(root_, size);
  }

  // S <- (1 - s) S + s I. With the distances |A|^2 = sum of A_ik^2, s is the expected |S - true|^2, estimated
  // from the rows, as a share of |S - I|^2.
  void shrink(double fourth_powers, double rows) {
    const std::size_t size = readings_.size();
    for (std::size_t i = 0; i < size; ++i) root_[i * size + i] = 1;  // also of readings that never vary
    double squares = 0, distance = 0;
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t k = 0; k <= i; ++k) {
        const double twice = k < i ? 2 : 1, here = root_[i * size + k];
        squares += twice * here * here;
        distance += twice * std::pow(here - (k == i ? 1 : 0), 2);
      }
    const double error = std::max(0.0, fourth_powers / rows - squares) / rows;
    const double share = error < distance ? error / distance : 1;
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t k = 0; k <= i; ++k)
        root_[i * size + k] = (1 - share) * root_[i * size + k] + (k == i ? share : 0);
  }

  const std::vector<BaselineColumn>& columns_;
  std::vector<std::size_t> readings_;    // the columns that are readings
  std::vector<double> mean_, variance_;  // [columns]
  std::vector<double> root_;             // [readings][readings]
};

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
    const Fit fit({data, parity}, columns, with_covariances, workers);
    const Half scored{data, 1 - parity};
    in_steps("baselines", scored.rows(), rows_at_once * workers.threads.count(), workers.progress,
             [&](std::size_t first, std::size_t last) {
               workers.threads(last - first, [&](std::size_t begin, std::size_t end) {
                 std::vector<float> values(data.columns);
                 std::vector<double> scratch(fit.readings());
                 for (std::size_t n = first + begin; n < first + end; ++n) {
                   scored.row(n, values);
                   const std::size_t place = 2 * n + scored.parity;
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
