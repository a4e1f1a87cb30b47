/// Models in 16-bit fixed point (Q4.11), for processors without floating point: their probabilities, energies
/// and draws, and conversions from and to models of floats. fixed_point_online.hpp trains them.
///
///     W_ij = 2^-11 weights_ij, b and c alike
///     p(h_i = 1 | v) = sigma(2^-11 (hidden_bias_i + weights_i v))
///
/// Parameters lie within +-16 nats. Probabilities are numbers out of 65536. A reconstruction:
///
///     rbm::hidden_probabilities(hidden_probability, model, visible);
///     rbm::draw_units(hidden, hidden_probability, random);
///     rbm::visible_probabilities(visible_probability, model, hidden);
///
/// Only the two conversions use floats.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gibbs.hpp"
#include "model.hpp"

namespace rbm {

/// A parameter, in steps of 2^-parameter_fraction nats, from -largest_parameter to largest_parameter.
using Parameter = int16_t;
inline constexpr unsigned parameter_fraction = 11;
inline constexpr int32_t largest_parameter = (1 << (8 * sizeof(Parameter) - 1)) - 1;

/// A probability out of 65536, at most 65535.
using Probability = uint16_t;

using FixedPointRbmView = BasicRbmView<Parameter>;
using ConstFixedPointRbmView = BasicRbmView<const Parameter>;

/// A model that owns its storage: 2 (Visible * Hidden + Visible + Hidden) bytes.
template <size_t Visible, size_t Hidden>
struct FixedPointRbm {
  static_assert(Visible >= 1 && Hidden >= 1 && Visible <= most_units && Hidden <= most_units);

  Parameter weights[Hidden * Visible];  ///< [hidden][visible]
  Parameter visible_bias[Visible];
  Parameter hidden_bias[Hidden];

  operator FixedPointRbmView() {
    return {{weights, Hidden, Visible, Visible}, {visible_bias, Visible}, {hidden_bias, Hidden}};
  }
  operator ConstFixedPointRbmView() const {
    return {{weights, Hidden, Visible, Visible}, {visible_bias, Visible}, {hidden_bias, Hidden}};
  }
};

namespace detail {

constexpr Parameter bounded(int32_t steps) {
  return static_cast<Parameter>(steps > largest_parameter    ? largest_parameter
                                : steps < -largest_parameter ? -largest_parameter
                                                             : steps);
}

/// 65536 sigma(x) and 65536 log(1 + e^-x) at x = k / 8 nats. The compiler makes the tables and leaves no
/// double in a program. Beyond the last entry both functions have reached their limits.
struct LogisticTables {
  static constexpr size_t entries = 90;
  uint16_t sigmoid[entries] = {}, softplus[entries] = {};

  constexpr LogisticTables() {
    double e = 1.0;  // e^-x
    for (size_t k = 0; k < entries; ++k, e *= 0.88249690258459540) {
      sigmoid[k] = static_cast<uint16_t>(65536.0 / (1.0 + e) + 0.5);
      const double z = e / (2.0 + e);  // log(1 + e) = 2 artanh(z)
      double power = z, sum = 0.0;
      for (int n = 1; n < 40; n += 2, power *= z * z) sum += power / n;
      softplus[k] = static_cast<uint16_t>(2.0 * 65536.0 * sum + 0.5);
    }
  }
};
inline constexpr LogisticTables logistic_tables{};

/// An input's place in the tables, for linear interpolation: `part` / `spacing` of the way from entry `entry`
/// to the next one.
struct TablePlace {
  static constexpr unsigned shift = parameter_fraction - 3;
  static constexpr uint32_t spacing = uint32_t{1} << shift;
  uint32_t entry, part;

  constexpr explicit TablePlace(int32_t input) : entry(0), part(0) {
    const uint32_t magnitude = static_cast<uint32_t>(input < 0 ? -input : input);
    entry = magnitude >> shift;
    part = magnitude & (spacing - 1);
  }
  constexpr bool within() const { return entry + 1 < LogisticTables::entries; }
  constexpr uint32_t interpolate(const uint16_t* table) const {
    return (table[entry] * (spacing - part) + table[entry + 1] * part) >> shift;
  }
};

/// log(1 + e^x) out of 65536, for an input x: too large by at most 34 (2^-11 nats), too small by at most 2.
constexpr uint32_t fixed_point_softplus(int32_t input) {
  const TablePlace place(input);
  const uint32_t line = input < 0 ? 0u : static_cast<uint32_t>(input) << (16 - parameter_fraction);
  return place.within() ? line + place.interpolate(logistic_tables.softplus) : line;
}

/// start + the sum of the listed entries of a row.
RBM_INLINE int32_t sum_row(int32_t start, const Parameter* row, ActiveUnits on) {
  int32_t sum = start;
#pragma GCC unroll 4
  for (size_t n = 0; n < on.count; ++n) sum += row[on.units[n]];
  return sum;
}

/// The input c_i + W_i v of hidden unit i.
RBM_INLINE int32_t hidden_input(const ConstFixedPointRbmView& rbm, size_t i, ActiveUnits visible) {
  return sum_row(rbm.hidden_bias[i], rbm.weights.data + i * rbm.weights.stride, visible);
}

/// Calls body(j, b_j + W_j' h) for the first `visible` visible units.
template <class Body>
void for_each_visible_input(const ConstFixedPointRbmView& rbm, ActiveUnits hidden, size_t visible,
                            const Body& body) {
  constexpr size_t block = 4;  // sums that a small processor holds in registers
  size_t j = 0;
  for (; j + block <= visible; j += block) {
    int32_t sum[block];
    for (size_t n = 0; n < block; ++n) sum[n] = rbm.visible_bias[j + n];
    for (size_t k = 0; k < hidden.count; ++k) {
      const Parameter* const row = rbm.weights.data + hidden.units[k] * rbm.weights.stride + j;
      for (size_t n = 0; n < block; ++n) sum[n] += row[n];
    }
    for (size_t n = 0; n < block; ++n) body(j + n, sum[n]);
  }
  for (; j < visible; ++j) {
    int32_t sum = rbm.visible_bias[j];
    for (size_t k = 0; k < hidden.count; ++k)
      sum += rbm.weights.data[hidden.units[k] * rbm.weights.stride + j];
    body(j, sum);
  }
}

}  // namespace detail

/// sigma(x) out of 65536 for an input x in steps, by linear interpolation in a table, within 14 / 65536.
constexpr Probability fixed_point_sigmoid(int32_t input) {
  const detail::TablePlace place(input);
  if (!place.within()) return input < 0 ? 0 : 65535;
  const uint32_t p = place.interpolate(detail::logistic_tables.sigmoid);
  return static_cast<Probability>(input < 0 ? 65536 - p : p);
}

/// p(h = 1 | v), [hidden].
inline void hidden_probabilities(VectorView<Probability> out, const ConstFixedPointRbmView& rbm,
                                 ActiveUnits visible) {
  for (size_t i = 0; i < out.size; ++i) out[i] = fixed_point_sigmoid(detail::hidden_input(rbm, i, visible));
}

/// p(v = 1 | h), [visible].
inline void visible_probabilities(VectorView<Probability> out, const ConstFixedPointRbmView& rbm,
                                  ActiveUnits hidden) {
  detail::for_each_visible_input(rbm, hidden, out.size,
                                 [&](size_t j, int32_t input) { out[j] = fixed_point_sigmoid(input); });
}

/// F(v), in units of 2^-16 nat. The error is at most 2^-11 nat for each hidden unit, as long as F(v) is
/// within +-2^15 nats; beyond, it wraps. Leaves p(h = 1 | v) in `hidden_probability` [hidden].
inline int32_t free_energy(VectorView<Probability> hidden_probability, const ConstFixedPointRbmView& rbm,
                           ActiveUnits visible) {
  uint32_t sum = static_cast<uint32_t>(detail::sum_row(0, rbm.visible_bias.data, visible))
                 << (16 - parameter_fraction);
  for (size_t i = 0; i < hidden_probability.size; ++i) {
    const int32_t input = detail::hidden_input(rbm, i, visible);
    hidden_probability[i] = fixed_point_sigmoid(input);
    sum += detail::fixed_point_softplus(input);
  }
  return static_cast<int32_t>(0u - sum);
}

namespace detail {

/// Draw n, of 16 random bits; one number from the generator serves two draws.
RBM_INLINE uint32_t half_draw(size_t n, uint32_t& draw, Xoshiro128& random) {
  draw = n % 2 == 0 ? random.next() : draw >> 16;
  return draw & 0xffffu;
}

}  // namespace detail

/// Draws units, each on with its probability; one number from the generator serves two units.
inline void draw_units(UnitList& list, VectorView<const Probability> probability, Xoshiro128& random) {
  size_t count = 0;
  uint32_t draw = 0;
  for (size_t n = 0; n < probability.size; ++n)
    if (detail::half_draw(n, draw, random) < probability[n]) list.units[count++] = static_cast<Unit>(n);
  list.count = count;
}

/// Sets the visible units from intensities of 0 to 255, which stand for 0 to 1, exact at both ends: sampled
/// (one number from the generator serves four units) or thresholded.
inline void set_visible(UnitList& list, VectorView<const uint8_t> intensity, VisibleUnits kind,
                        Xoshiro128& random) {
  RBM_ASSERT(kind == VisibleUnits::sampled || kind == VisibleUnits::thresholded);
  size_t count = 0;
  uint32_t draw = 0x7f7f7f7fu;
  for (size_t n = 0; n < intensity.size; ++n) {
    if (kind == VisibleUnits::sampled) draw = n % 4 == 0 ? random.next() : draw >> 8;
    const uint32_t out_of_256 = intensity[n] + (intensity[n] >> 7);
    if ((draw & 0xffu) < out_of_256) list.units[count++] = static_cast<Unit>(n);
  }
  list.count = count;
}

/// Starts a model for training: weights near N(0, deviation^2), each a sum of twelve uniform draws, and
/// biases 0. `deviation` is in units of 2^-16 nat.
template <class Generator>
void initialize(const FixedPointRbmView& rbm, int32_t deviation, Generator& random) {
  for (size_t i = 0; i < rbm.hidden(); ++i)
    for (size_t j = 0; j < rbm.visible(); ++j) {
      int32_t normal = -6 * 65536;
      for (int pair = 0; pair < 6; ++pair) {
        const uint32_t draw = random.next();
        normal += static_cast<int32_t>((draw & 0xffffu) + (draw >> 16));
      }
      constexpr unsigned shift = 32 - parameter_fraction;
      const int64_t weight = int64_t{normal} * deviation + (int64_t{1} << (shift - 1));
      rbm.weights.row(i)[j] = detail::bounded(static_cast<int32_t>(weight >> shift));
    }
  for (size_t j = 0; j < rbm.visible(); ++j) rbm.visible_bias[j] = 0;
  for (size_t i = 0; i < rbm.hidden(); ++i) rbm.hidden_bias[i] = 0;
}

/// The same with the usual deviation, 655, which is 0.01 nats.
template <class Generator>
void initialize(const FixedPointRbmView& rbm, Generator& random) {
  initialize(rbm, 655, random);
}

namespace detail {

template <class To, class From, class Convert>
void convert_parameters(const BasicRbmView<To>& out, const BasicRbmView<From>& in, const Convert& convert) {
  RBM_ASSERT(out.visible() == in.visible() && out.hidden() == in.hidden());
  for (size_t i = 0; i < in.hidden(); ++i)
    for (size_t j = 0; j < in.visible(); ++j) out.weights.row(i)[j] = convert(in.weights.row(i)[j]);
  for (size_t j = 0; j < in.visible(); ++j) out.visible_bias[j] = convert(in.visible_bias[j]);
  for (size_t i = 0; i < in.hidden(); ++i) out.hidden_bias[i] = convert(in.hidden_bias[i]);
}

}  // namespace detail

/// Converts a model of floats, which must be finite, to fixed point. Parameters are rounded to nearest and
/// saturate.
inline void convert(const FixedPointRbmView& out, const ConstRbmView& in) {
  detail::convert_parameters(out, in, [](float x) {
    constexpr float largest = static_cast<float>(largest_parameter);
    const float steps = x * static_cast<float>(1 << parameter_fraction);
    const float within = steps > largest ? largest : steps < -largest ? -largest : steps;
    return static_cast<Parameter>(within < 0.0f ? within - 0.5f : within + 0.5f);
  });
}

/// Converts a model to floats, exactly.
inline void convert(const RbmView& out, const ConstFixedPointRbmView& in) {
  detail::convert_parameters(out, in, [](Parameter steps) {
    return static_cast<float>(steps) * (1.0f / static_cast<float>(1 << parameter_fraction));
  });
}

}  // namespace rbm
