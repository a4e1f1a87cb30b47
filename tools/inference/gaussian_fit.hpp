#pragma once

#include <cstddef>
#include <vector>

#include "tools/base/workers.hpp"
#include "tools/data/dataset.hpp"

namespace tool {

/// What a baseline must know of a column.
struct BaselineColumn {
  bool is_real;           ///< a reading; else 0 or 1, where a value between counts as a mean of bits
  double least_variance;  ///< of a reading that does not vary where the baseline is fitted, above 0
};

/// The most readings of which covariances are found: their inverse takes time with the cube.
inline constexpr std::size_t most_covariant_readings = 1024;

/// The simplest densities of examples: a mean and a deviation for each reading, a rate for each bit; and one
/// Gaussian over all readings.
///
/// The covariances are those of the readings divided by their deviations, shrunk towards independence as far
/// as the number of rows asks for (Ledoit and Wolf 2004), so that few rows do.
class GaussianFit {
 public:
  /// Learns from these rows of the data, at least one, whose columns are described one by one.
  /// Covariances are for at most most_covariant_readings.
  GaussianFit(const Dataset& data, const std::vector<std::size_t>& rows,
              const std::vector<BaselineColumn>& columns, bool with_covariances, const Workers& workers);

  /// log p of an example [columns] under independent columns, in nats.
  double independent(const std::vector<float>& values) const;

  /// log p of an example under one Gaussian over all readings, in nats; `scratch` [readings].
  double full(const std::vector<float>& values, std::vector<double>& scratch) const;

  std::size_t readings() const { return readings_.size(); }

 private:
  double standard(const std::vector<float>& values, std::size_t j) const;
  double log_spread(std::size_t j) const;
  double bits(const std::vector<float>& values) const;
  void find_moments(const Dataset& data, const std::vector<std::size_t>& rows);
  void find_root(const Dataset& data, const std::vector<std::size_t>& rows, const Workers& workers);
  void shrink(double fourth_powers, double rows);

  std::vector<BaselineColumn> columns_;
  std::vector<std::size_t> readings_;    // the columns that are readings
  std::vector<double> mean_, variance_;  // [columns]
  std::vector<double> root_;             // [readings][readings]: the lower triangle L of the covariances L L'
};

}  // namespace tool
