/// The truth for models with real units: bits and readings in double precision, with dense covariances, all
/// states of the hidden units one after the other. Given the hidden units h, the readings are one Gaussian,
/// so that the model is a mixture of 2^hidden Gaussians, and everything below is that of a mixture.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "tests/support/reference.hpp"

namespace reference {

using Matrix = std::vector<State>;

/// The inverse of a positive definite matrix, by Gauss and Jordan, and the logarithm of its determinant.
struct Inverse {
  Matrix matrix;
  double log_determinant = 0;

  explicit Inverse(Matrix a) : matrix(a.size(), State(a.size())) {
    const std::size_t size = a.size();
    for (std::size_t i = 0; i < size; ++i) matrix[i][i] = 1;
    for (std::size_t p = 0; p < size; ++p) {
      log_determinant += std::log(a[p][p]);
      const double pivot = a[p][p];
      for (std::size_t k = 0; k < size; ++k) a[p][k] /= pivot, matrix[p][k] /= pivot;
      for (std::size_t i = 0; i < size; ++i) {
        const double factor = a[i][p];
        if (i == p) continue;
        for (std::size_t k = 0; k < size; ++k)
          a[i][k] -= factor * a[p][k], matrix[i][k] -= factor * matrix[p][k];
      }
    }
  }
};

inline State multiply(const Matrix& a, const State& x) {
  State out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < x.size(); ++k) out[i] += a[i][k] * x[k];
  return out;
}

inline double dot(const State& x, const State& y) {
  double sum = 0;
  for (std::size_t n = 0; n < x.size(); ++n) sum += x[n] * y[n];
  return sum;
}

/// A model of which some visible units are real. Visible states v hold the bits of binary units and the
/// readings r_j = offset_j + scale_j x_j of real ones, where x given h has the covariance I + L'L over real
/// units.
struct MixedModel {
  Parameters parameters;
  std::vector<bool> is_real;  // [visible]
  State offset, scale;        // [visible]
  Matrix loadings;            // [factors][visible]

  std::size_t visible() const { return parameters.visible; }
  std::size_t hidden() const { return parameters.hidden; }

  /// Sigma = I + L'L, [visible][visible]; that of the identity for binary units.
  Matrix covariance() const {
    Matrix sigma(visible(), State(visible()));
    for (std::size_t i = 0; i < visible(); ++i) {
      sigma[i][i] = 1;
      for (const State& row : loadings)
        for (std::size_t j = 0; j < visible(); ++j)
          if (is_real[i] && is_real[j]) sigma[i][j] += row[i] * row[j];
    }
    return sigma;
  }

  /// x of readings, bits as they are.
  State standard(State v) const {
    for (std::size_t j = 0; j < visible(); ++j)
      if (is_real[j]) v[j] = (v[j] - offset[j]) / scale[j];
    return v;
  }

  /// What W sees: Lambda x of readings, bits as they are.
  State seen(const State& v) const { return multiply(Inverse(covariance()).matrix, standard(v)); }

  /// b + W'h.
  State visible_inputs(const State& h) const {
    State m = parameters.visible_bias;
    for (std::size_t i = 0; i < hidden(); ++i)
      for (std::size_t j = 0; j < visible(); ++j) m[j] += parameters.weight(i, j) * h[i];
    return m;
  }

  /// x'Lambda x / 2 over real units.
  double quadratic(const State& v) const {
    const State x = standard(v), a = seen(v);
    double sum = 0;
    for (std::size_t j = 0; j < visible(); ++j)
      if (is_real[j]) sum += x[j] * a[j] / 2;
    return sum;
  }

  double energy(const State& v, const State& h) const {
    return quadratic(v) + reference::energy(parameters, seen(v), h);
  }

  double free_energy(const State& v) const {
    return quadratic(v) + reference::free_energy(parameters, seen(v));
  }

  /// log of the integral over x of exp(-x'Lambda x / 2), times the scales: V.
  double log_volume() const {
    double sum = Inverse(covariance()).log_determinant / 2;
    for (std::size_t j = 0; j < visible(); ++j)
      if (is_real[j]) sum += std::log(2 * std::acos(-1.0)) / 2 + std::log(scale[j]);
    return sum;
  }

  /// log of the sum over bits and integral over readings of exp(-E(v,h)).
  double log_weight(const State& h) const {
    const State m = visible_inputs(h);
    double sum = dot(parameters.hidden_bias, h) + log_volume();
    State of_readings(visible());
    for (std::size_t j = 0; j < visible(); ++j)
      if (is_real[j])
        of_readings[j] = m[j];
      else
        sum += softplus(m[j]);
    return sum + dot(of_readings, multiply(Inverse(covariance()).matrix, of_readings)) / 2;
  }

  double log_partition() const {
    double partition = 0;
    for (std::size_t h = 0; h < std::size_t{1} << hidden(); ++h)
      partition += std::exp(log_weight(to_state(h, hidden())));
    return std::log(partition);
  }

  /// log p(v), nats, of the density of the readings in their own units.
  double log_density(const State& v) const { return -free_energy(v) - log_partition(); }
};

/// Mean and variance of all visible units given what was measured of them: bits, and readings with a known
/// deviation of their noise, by exact sums over h. `noise` [visible]: 0 where a value is exact, infinite
/// where none is known.
struct Posterior {
  State mean;       // of a bit: the probability that it is 1
  State deviation;  // of what is not known exactly
  double evidence_sum = 0;

  Posterior(const MixedModel& model, const State& measured, const State& noise)
      : mean(model.visible()), deviation(model.visible()) {
    std::vector<std::size_t> known;
    for (std::size_t j = 0; j < model.visible(); ++j)
      if (std::isfinite(noise[j]) && model.is_real[j]) known.push_back(j);
    const Matrix sigma = model.covariance();
    Matrix among(known.size(), State(known.size()));
    for (std::size_t p = 0; p < known.size(); ++p)
      for (std::size_t q = 0; q < known.size(); ++q)
        among[p][q] =
            sigma[known[p]][known[q]] + (p == q ? std::pow(noise[known[p]] / model.scale[known[p]], 2) : 0);
    const Matrix inverse = Inverse(among).matrix;
    const double log_partition = model.log_partition();
    for (std::size_t number = 0; number < std::size_t{1} << model.hidden(); ++number) {
      const State h = to_state(number, model.hidden()), m = model.visible_inputs(h);
      State rest(known.size());
      for (std::size_t p = 0; p < known.size(); ++p)
        rest[p] = (measured[known[p]] - model.offset[known[p]]) / model.scale[known[p]] - m[known[p]];
      const State pull = multiply(inverse, rest);
      double log_weight = model.log_weight(h) - log_partition - dot(rest, pull) / 2;
      for (std::size_t j = 0; j < model.visible(); ++j)
        if (!model.is_real[j] && std::isfinite(noise[j])) log_weight += measured[j] * m[j] - softplus(m[j]);
      const double weight = std::exp(log_weight);
      evidence_sum += weight;
      for (std::size_t j = 0; j < model.visible(); ++j) {
        if (!model.is_real[j]) {
          mean[j] += weight * (std::isfinite(noise[j]) ? measured[j] : sigmoid(m[j]));
          continue;
        }
        double x = m[j], variance = sigma[j][j];
        State with_known(known.size());
        for (std::size_t p = 0; p < known.size(); ++p) with_known[p] = sigma[j][known[p]];
        x += dot(with_known, pull);
        variance -= dot(with_known, multiply(inverse, with_known));
        mean[j] += weight * (model.offset[j] + model.scale[j] * x);
        deviation[j] += weight * (variance + x * x);  // the second moment, for now
      }
    }
    for (std::size_t j = 0; j < model.visible(); ++j) {
      mean[j] /= evidence_sum;
      if (!model.is_real[j]) {
        deviation[j] = std::sqrt(mean[j] * (1 - mean[j]));
        continue;
      }
      const double x = (mean[j] - model.offset[j]) / model.scale[j];
      deviation[j] = model.scale[j] * std::sqrt(std::max(0.0, deviation[j] / evidence_sum - x * x));
    }
  }
};

}  // namespace reference
