/// What several tests need: random models and states, and statistics with a stated significance.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "rbm/memory.hpp"
#include "rbm/model.hpp"

namespace fixture {

inline constexpr float nan = std::numeric_limits<float>::quiet_NaN();
inline constexpr float infinity = std::numeric_limits<float>::infinity();

/// A number from 0 to below 1, the same on every machine; not from the library under test.
inline float uniform(std::mt19937& random) {
  return static_cast<float>(random() >> 8) * 0x1p-24f;
}

/// Near a normal draw: the sum of twelve uniform ones less 6.
inline float bell(std::mt19937& random) {
  float sum = -6;
  for (int n = 0; n < 12; ++n) sum += uniform(random);
  return sum;
}

/// A matrix of random numbers; between its rows stand `gap` NaN, which must never be read.
struct Matrix {
  std::vector<float> values;
  std::size_t rows, columns, stride;

  Matrix(std::size_t row_count, std::size_t column_count, std::size_t gap, float deviation,
         std::mt19937& random)
      : values(row_count * (column_count + gap), nan),
        rows(row_count),
        columns(column_count),
        stride(column_count + gap) {
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) values[i * stride + j] = deviation * bell(random);
  }

  float at(std::size_t i, std::size_t j) const { return values[i * stride + j]; }
  operator rbm::MatrixView<float>() { return {values.data(), rows, columns, stride}; }
  operator rbm::MatrixView<const float>() const { return {values.data(), rows, columns, stride}; }
};

inline std::vector<float> random_vector(std::size_t size, float deviation, std::mt19937& random) {
  std::vector<float> values(size);
  for (float& value : values) value = deviation * bell(random);
  return values;
}

inline std::vector<float> random_intensities(std::size_t size, std::mt19937& random) {
  std::vector<float> values(size);
  for (float& value : values) value = uniform(random);
  return values;
}

inline rbm::VectorView<float> view(std::vector<float>& values) {
  return {values.data(), values.size()};
}
inline rbm::VectorView<const float> view(const std::vector<float>& values) {
  return {values.data(), values.size()};
}

/// A random model of run-time sizes.
struct Model {
  Matrix weights;
  std::vector<float> visible_bias, hidden_bias;

  Model(std::size_t visible, std::size_t hidden, float deviation, std::uint32_t seed, std::size_t gap = 0)
      : Model(visible, hidden, deviation, std::mt19937(seed), gap) {}

  operator rbm::RbmView() { return {weights, view(visible_bias), view(hidden_bias)}; }
  operator rbm::ConstRbmView() const { return {weights, view(visible_bias), view(hidden_bias)}; }

 private:
  Model(std::size_t visible, std::size_t hidden, float deviation, std::mt19937 random, std::size_t gap)
      : weights(hidden, visible, gap, deviation, random),
        visible_bias(random_vector(visible, deviation, random)),
        hidden_bias(random_vector(hidden, deviation, random)) {}
};

/// Working memory of a size known at run time, as it may be found: every float in it is NaN.
class Memory {
 public:
  explicit Memory(std::size_t bytes) : blocks_(bytes / block_bytes + 1), bytes_(bytes) {
    for (auto& block : blocks_)
      for (unsigned char& byte : block.bytes) byte = 0xff;
  }

  const unsigned char* bytes() const { return blocks_[0].bytes; }
  operator rbm::Arena() { return {blocks_[0].bytes, 0, bytes_}; }

 private:
  static constexpr std::size_t block_bytes = 64;
  std::vector<rbm::Memory<block_bytes>> blocks_;
  std::size_t bytes_;
};

/// A state as kernels read it, from the values of all units; factors only where asked for.
class Listed {
 public:
  template <class Value>
  explicit Listed(const std::vector<Value>& values, bool with_factors = false) : with_factors_(with_factors) {
    for (std::size_t u = 0; u < values.size(); ++u)
      if (values[u] != 0) {
        units_.push_back(static_cast<rbm::Unit>(u));
        factors_.push_back(static_cast<float>(values[u]));
      }
  }

  operator rbm::ActiveUnits() const {
    return {units_.data(), with_factors_ ? factors_.data() : nullptr, units_.size()};
  }

 private:
  std::vector<rbm::Unit> units_;
  std::vector<float> factors_;
  bool with_factors_;
};

/// The values of all units from a list.
inline std::vector<double> to_values(rbm::ActiveUnits listed, std::size_t units) {
  std::vector<double> values(units);
  for (std::size_t n = 0; n < listed.count; ++n) values.at(listed.units[n]) = listed.factor(n);
  return values;
}

inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t n = 0; n < a.size(); ++n)
    if (rbm::to_bits(a[n]) != rbm::to_bits(b[n])) return false;
  return true;
}

/// All parameters, for comparing bits.
inline std::vector<float> all_parameters(rbm::ConstRbmView model) {
  std::vector<float> all;
  for (std::size_t i = 0; i < model.hidden(); ++i)
    for (std::size_t j = 0; j < model.visible(); ++j) all.push_back(model.weights.row(i)[j]);
  for (std::size_t j = 0; j < model.visible(); ++j) all.push_back(model.visible_bias[j]);
  for (std::size_t i = 0; i < model.hidden(); ++i) all.push_back(model.hidden_bias[i]);
  return all;
}

/// Standard deviations that a normal draw exceeds (on one side) once in a million: the significance of every
/// statistical test here. Seeds are fixed, so a test that passes once passes always.
inline constexpr double once_in_a_million = 4.75;

/// How far counts are from what is expected, in standard deviations of a normal variable (Wilson and
/// Hilferty's approximation of the chi-square distribution); every expected count should be at least 5.
inline double chi_square_deviation(const std::vector<double>& counts, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t n = 0; n < counts.size(); ++n)
    sum += (counts[n] - expected[n]) * (counts[n] - expected[n]) / expected[n];
  const double variance = 2 / (9 * static_cast<double>(counts.size() - 1));
  return (std::cbrt(sum / static_cast<double>(counts.size() - 1)) - (1 - variance)) / std::sqrt(variance);
}

}  // namespace fixture
