#include "tools/inference/gaussian_fit.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/cholesky.hpp"

namespace tool {
namespace {

constexpr double log_two_pi = 1.8378770664093454836;
constexpr std::size_t rows_at_once = 64;

}  // namespace

GaussianFit::GaussianFit(const Dataset& data, const std::vector<std::size_t>& rows,
                         const std::vector<BaselineColumn>& columns, bool with_covariances,
                         const Workers& workers)
    : columns_(columns), mean_(columns.size()), variance_(columns.size()) {
  for (std::size_t j = 0; j < columns.size(); ++j)
    if (columns[j].is_real) readings_.push_back(j);
  find_moments(data, rows);
  if (with_covariances) find_root(data, rows, workers);
}

double GaussianFit::standard(const std::vector<float>& values, std::size_t j) const {
  return (static_cast<double>(values[j]) - mean_[j]) / std::sqrt(variance_[j]);
}

double GaussianFit::log_spread(std::size_t j) const {
  return 0.5 * (log_two_pi + std::log(variance_[j]));
}

double GaussianFit::bits(const std::vector<float>& values) const {
  double sum = 0;
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    if (columns_[j].is_real) continue;
    const double value = static_cast<double>(values[j]);
    sum += value * std::log(mean_[j]) + (1 - value) * std::log(1 - mean_[j]);
  }
  return sum;
}

double GaussianFit::independent(const std::vector<float>& values) const {
  double sum = bits(values);
  for (const std::size_t j : readings_) sum -= 0.5 * std::pow(standard(values, j), 2) + log_spread(j);
  return sum;
}

double GaussianFit::full(const std::vector<float>& values, std::vector<double>& scratch) const {
  double sum = bits(values);
  for (std::size_t i = 0; i < readings_.size(); ++i) {
    scratch[i] = standard(values, readings_[i]);
    sum -= std::log(root_[i * readings_.size() + i]) + log_spread(readings_[i]);
  }
  sum -= 0.5 * squared_distance(root_, readings_.size(), scratch.data());
  return sum;
}

void GaussianFit::find_moments(const Dataset& data, const std::vector<std::size_t>& rows) {
  const auto count = static_cast<double>(rows.size());
  std::vector<float> first(columns_.size()), values(columns_.size());
  data.row(rows[0], first.data());
  // Less the first row: of readings that never vary nothing is left, not even rounding.
  for (const std::size_t row : rows) {
    data.row(row, values.data());
    for (std::size_t j = 0; j < values.size(); ++j)
      mean_[j] += (static_cast<double>(values[j]) - static_cast<double>(first[j])) / count;
  }
  for (std::size_t j = 0; j < first.size(); ++j) mean_[j] += static_cast<double>(first[j]);
  for (const std::size_t row : rows) {
    data.row(row, values.data());
    for (const std::size_t j : readings_)
      variance_[j] += std::pow(static_cast<double>(values[j]) - mean_[j], 2) / count;
  }
  for (std::size_t j = 0; j < values.size(); ++j) {
    if (!columns_[j].is_real)
      mean_[j] = (count * mean_[j] + 0.5) / (count + 1);  // no bit is certain
    else if (!(variance_[j] > 0))
      variance_[j] = columns_[j].least_variance;
  }
}

// Sums the covariances row by row, so that threads, which share the columns, change no bit.
void GaussianFit::find_root(const Dataset& data, const std::vector<std::size_t>& rows,
                            const Workers& workers) {
  const std::size_t size = readings_.size();
  const auto count = static_cast<double>(rows.size());
  root_.assign(size * size, 0);
  std::vector<double> block(rows_at_once * size);
  std::vector<float> values(columns_.size());
  double fourth_powers = 0;  // sum over rows of |z|^4
  in_steps("covariances", rows.size(), rows_at_once, workers.progress,
           [&](std::size_t first, std::size_t last) {
             for (std::size_t n = first; n < last; ++n) {
               data.row(rows[n], values.data());
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
                   for (std::size_t k = 0; k <= i; ++k) root_[i * size + k] += z[i] / count * z[k];
               }
             });
           });
  shrink(fourth_powers, count);
  decompose(root_, size);
}

// S <- (1 - s) S + s I. With the distances |A|^2 = sum of A_ik^2, s is the expected |S - true|^2, estimated
// from the rows, as a share of |S - I|^2.
void GaussianFit::shrink(double fourth_powers, double rows) {
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

}  // namespace tool
