/// Random models of readings as integers, and what they stand for in double precision, by the definitions of
/// rbm/quantized.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "rbm/quantized.h"

namespace fixture {

struct RealShape {
  std::size_t visible, hidden, factors;
  unsigned bits, fraction, state_fraction;
  bool mixed;  ///< every third unit is binary
};

/// A model with its storage. Loadings are 0 but in columns that a factor has alone, so that their rows are
/// orthogonal.
struct RealModel {
  RealShape shape;
  std::vector<std::uint8_t> codes, levels, shifts;  // [hidden][visible]; [factors][visible]
  std::vector<std::int16_t> visible_bias, hidden_bias, offsets;
  std::vector<std::uint16_t> scales, gains;
  std::vector<std::uint32_t> words, loadings;
  rbm_real runtime{};

  RealModel(const RealShape& of, std::uint32_t seed)
      : shape(of),
        codes(of.hidden * of.visible),
        levels(of.factors * of.visible, 128),
        shifts(of.hidden),
        visible_bias(of.visible),
        hidden_bias(of.hidden),
        offsets(of.visible),
        scales(of.visible),
        gains(3 * of.factors) {
    std::mt19937 random(seed);
    const auto within = [&](int most) {
      return static_cast<int>(random() % (2 * static_cast<unsigned>(most) + 1)) - most;
    };
    for (std::uint8_t& code : codes) code = static_cast<std::uint8_t>(random() & ((1u << of.bits) - 1));
    for (std::uint8_t& shift : shifts)
      shift = static_cast<std::uint8_t>(of.fraction - of.bits - 1 + random() % 3);
    for (std::int16_t& bias : hidden_bias) bias = static_cast<std::int16_t>(within(2 << of.fraction));
    for (std::size_t j = 0; j < of.visible; ++j) {
      const bool real = !(of.mixed && j % 3 == 2);
      offsets[j] = static_cast<std::int16_t>(within(3000));
      // A deviation is 2 to 128 steps of the sensor.
      const auto shift = static_cast<unsigned>(12 - of.state_fraction + random() % 4);
      scales[j] = static_cast<std::uint16_t>(real ? (1024 + random() % 1024) * 32 + shift : 0);
      visible_bias[j] = static_cast<std::int16_t>(within((real ? 1 : 4) << (of.fraction - 1)));
      if (real && of.factors > 0)
        levels[j % of.factors * of.visible + j] = static_cast<std::uint8_t>(128 + within(127));
    }
    for (std::size_t k = 0; k < of.factors; ++k) set_gain(k, 5 + static_cast<unsigned>(k) % 4);
    pack();
  }
  RealModel(const RealModel&) = delete;

  /// Loadings of factor k are levels times 2^-fraction.
  void set_gain(std::size_t k, unsigned fraction) {
    double squares = 0;
    for (std::size_t j = 0; j < shape.visible; ++j)
      squares += std::pow(levels[k * shape.visible + j] - 128, 2);
    const double all = squares + std::pow(4.0, fraction);
    unsigned rounding = 0;
    while (std::ldexp(1 / all, static_cast<int>(24 + rounding)) < 65536) ++rounding;
    gains[3 * k] =
        static_cast<std::uint16_t>(std::lround(std::ldexp(1 / all, static_cast<int>(23 + rounding))));
    gains[3 * k + 1] = static_cast<std::uint16_t>(256 * rounding + fraction);
    gains[3 * k + 2] =
        static_cast<std::uint16_t>(std::min(65535.0, 65536 / std::sqrt(all / std::pow(4.0, fraction))));
  }

  static std::vector<std::uint32_t> packed(const std::vector<std::uint8_t>& codes, std::size_t rows,
                                           std::size_t visible, unsigned bits, std::uint32_t spare) {
    const std::size_t units = 32 / bits, row = (visible + units - 1) / units;
    std::vector<std::uint32_t> words(rows * row);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < units * row; ++j)
        words[i * row + j / units] |= (j < visible ? codes[i * visible + j] : spare) << j % units * bits;
    return words;
  }

  void pack() {
    words = packed(codes, shape.hidden, shape.visible, shape.bits, 5);
    loadings = packed(levels, shape.factors, shape.visible, 8, 128);
    const auto [lowest, highest] = std::minmax_element(shifts.begin(), shifts.end());
    const auto limit = static_cast<std::uint16_t>(
        std::min(16383.0, std::floor(65535 / std::sqrt(static_cast<double>(shape.visible)))));
    runtime = {{static_cast<std::uint16_t>(shape.visible), static_cast<std::uint16_t>(shape.hidden),
                static_cast<std::uint8_t>(shape.bits), static_cast<std::uint8_t>(shape.fraction), *lowest,
                *highest, 0, words.data(), shifts.data(), visible_bias.data(), hidden_bias.data()},
               static_cast<std::uint8_t>(shape.factors),
               static_cast<std::uint8_t>(shape.state_fraction),
               limit,
               offsets.data(),
               scales.data(),
               loadings.data(),
               gains.data()};
  }

  bool real(std::size_t j) const { return scales[j] != 0; }
  double weight(std::size_t i, std::size_t j) const {
    return std::ldexp(static_cast<double>(codes[i * shape.visible + j]) - (1 << (shape.bits - 1)),
                      static_cast<int>(shifts[i]) - static_cast<int>(shape.fraction));
  }
  double loading(std::size_t k, std::size_t j) const {
    return std::ldexp(levels[k * shape.visible + j] - 128.0, -(gains[3 * k + 1] & 255));
  }
  double bias(std::int16_t steps) const { return std::ldexp(steps, -static_cast<int>(shape.fraction)); }
  /// x for one step of the sensor.
  double step(std::size_t j) const {
    return std::ldexp(scales[j] >> 5, -static_cast<int>((scales[j] & 31u) + shape.state_fraction));
  }
  double reading(std::size_t j, double x) const { return offsets[j] + x / step(j); }
  double limit() const { return std::ldexp(runtime.limit, -static_cast<int>(shape.state_fraction)); }

  /// x of real units, in whole steps, saturated, and v of binary ones.
  std::vector<double> states(const std::vector<std::int16_t>& readings) const {
    std::vector<double> x(shape.visible);
    for (std::size_t j = 0; j < shape.visible; ++j)
      x[j] = real(j) ? std::clamp(std::ldexp(std::floor(std::ldexp((readings[j] - offsets[j]) * step(j),
                                                                   static_cast<int>(shape.state_fraction))),
                                             -static_cast<int>(shape.state_fraction)),
                                  -limit(), limit())
                     : readings[j] != 0;
    return x;
  }
  double norm(std::size_t k) const {
    double squares = 0;
    for (std::size_t j = 0; j < shape.visible; ++j) squares += loading(k, j) * loading(k, j);
    return squares;
  }
  std::vector<double> factors(const std::vector<double>& x) const {
    std::vector<double> y(shape.factors);
    for (std::size_t k = 0; k < shape.factors; ++k) {
      for (std::size_t j = 0; j < shape.visible; ++j) y[k] += loading(k, j) * x[j];
      y[k] /= 1 + norm(k);
    }
    return y;
  }
  /// What the factors leave of x, saturated.
  std::vector<double> rest(std::vector<double> x) const {
    const std::vector<double> y = factors(x);
    for (std::size_t k = 0; k < shape.factors; ++k)
      for (std::size_t j = 0; j < shape.visible; ++j) x[j] -= y[k] * loading(k, j);
    for (double& value : x) value = std::clamp(value, -limit(), limit());
    return x;
  }
  std::vector<double> hidden_inputs(const std::vector<double>& a) const {
    std::vector<double> inputs(shape.hidden);
    for (std::size_t i = 0; i < shape.hidden; ++i) {
      inputs[i] = bias(hidden_bias[i]);
      for (std::size_t j = 0; j < shape.visible; ++j) inputs[i] += weight(i, j) * a[j];
    }
    return inputs;
  }
  /// b + W'h.
  std::vector<double> means(const std::vector<double>& hidden) const {
    std::vector<double> m(shape.visible);
    for (std::size_t j = 0; j < shape.visible; ++j) {
      m[j] = bias(visible_bias[j]);
      for (std::size_t i = 0; i < shape.hidden; ++i) m[j] += weight(i, j) * hidden[i];
    }
    return m;
  }
  double free_energy(const std::vector<double>& x) const {
    const std::vector<double> a = rest(x), y = factors(x);
    double energy = 0;
    for (std::size_t j = 0; j < shape.visible; ++j)
      energy += (real(j) ? a[j] * a[j] / 2 : 0) - bias(visible_bias[j]) * a[j];
    for (const double value : y) energy += value * value / 2;
    for (const double input : hidden_inputs(a))
      energy -= std::max(input, 0.0) + std::log1p(std::exp(-std::abs(input)));
    return energy;
  }
};

}  // namespace fixture
