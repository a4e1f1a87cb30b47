/// Models of readings in 16-bit fixed point, for processors without floating point: all their visible units
/// are real, and readings go in as int16 in the sensor's own steps. fixed_point_real_online.hpp trains them.
///
///     x_j = (r_j - offset_j) / scale_j                    in steps of 2^-8, from -32 to 32
///     E(v,h) = x'x / 2 - b'x - c'h - h'Wx                 W, b and c in steps of 2^-11: fixed_point.hpp
///     p(h_i = 1 | v) = sigma(c_i + W_i x)                 x | h ~ N(b + W'h, 1)
///
/// so that scale_j is the deviation of reading j given the hidden units. Everything saturates: whatever the
/// readings and the parameters are, no sum overflows. All takes 32 bits, and one division for each reading.
/// Only the two conversions use floats.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "fixed_point.hpp"

namespace rbm {

/// The state x of a real unit, in steps of 2^-state_fraction conditional deviations, at most largest_state
/// either way.
using RealState = int16_t;
inline constexpr unsigned state_fraction = 8;
inline constexpr int32_t largest_state = 32 << state_fraction;

/// The most real units of a model: so many fill a sum of 32 bits with what each can add at most.
inline constexpr size_t most_real_units = 1024;

/// Offsets and scales are in steps of 2^-reading_fraction of the sensor's step. A scale counts as half a step
/// where it is below, since rounding to steps alone deviates by 0.29, and as 2^14 steps where it is above.
inline constexpr unsigned reading_fraction = 16;
inline constexpr int32_t least_scale = 1 << (reading_fraction - 1);
inline constexpr int32_t largest_scale = 1 << (reading_fraction + 14);

/// A view of a model of readings. T is Parameter and Place int32_t, const where they are only read.
template <class T, class Place>
struct BasicFixedPointRealRbmView {
  BasicRbmView<T> rbm;       ///< W, b and c
  VectorView<Place> offset;  ///< [visible], in units of 2^-16 of the sensor's step
  VectorView<Place> scale;   ///< alike

  constexpr size_t visible() const { return rbm.visible(); }
  constexpr size_t hidden() const { return rbm.hidden(); }
  constexpr operator BasicFixedPointRealRbmView<const T, const Place>() const { return {rbm, offset, scale}; }
};
using FixedPointRealRbmView = BasicFixedPointRealRbmView<Parameter, int32_t>;
using ConstFixedPointRealRbmView = BasicFixedPointRealRbmView<const Parameter, const int32_t>;

/// A model that owns its storage: 2 (Visible * Hidden + Visible + Hidden) + 8 Visible bytes.
template <size_t Visible, size_t Hidden>
struct FixedPointRealRbm {
  static_assert(Visible <= most_real_units);

  int32_t offset[Visible], scale[Visible];
  FixedPointRbm<Visible, Hidden> rbm;

  operator FixedPointRealRbmView() { return {rbm, {offset, Visible}, {scale, Visible}}; }
  operator ConstFixedPointRealRbmView() const { return {rbm, {offset, Visible}, {scale, Visible}}; }
};

namespace detail {

constexpr int32_t within(int32_t x, int32_t least, int32_t most) {
  return x < least ? least : x > most ? most : x;
}

constexpr RealState bounded_state(int32_t x) {
  return static_cast<RealState>(within(x, -largest_state, largest_state));
}

/// The input c_i + W_i x of hidden unit i, at most 2^30 + 2^15 steps either way. Four products, at most 2^28
/// each, are rounded to steps together.
inline int32_t hidden_input(const ConstFixedPointRbmView& rbm, size_t i, VectorView<const RealState> x) {
  constexpr size_t block = 4;
  const Parameter* const row = rbm.weights.data + i * rbm.weights.stride;
  int32_t sum = rbm.hidden_bias[i];
  for (size_t j = 0; j < x.size; j += block) {
    const size_t end = x.size - j < block ? x.size : j + block;
    int32_t products = 1 << (state_fraction - 1);
    for (size_t n = j; n < end; ++n) products += row[n] * x[n];
    sum += products >> state_fraction;
  }
  return sum;
}

/// log(1 + e^x) for an input x, both in steps.
constexpr int32_t softplus_in_steps(int32_t input) {
  constexpr unsigned shift = 16 - parameter_fraction;
  const TablePlace place(input);
  const int32_t line = input < 0 ? 0 : input;
  if (!place.within()) return line;
  return line +
         static_cast<int32_t>((place.interpolate(logistic_tables.softplus) + (1u << (shift - 1))) >> shift);
}

/// A near normal draw with deviation 2^state_fraction: a sum of eight uniform bytes, at most 4.9 deviations.
inline int32_t draw_normal_state(Xoshiro128& random) {
  // Sums of two bytes side by side: the mean of all eight is 1020, their deviation 209.02.
  uint32_t pairs = 0;
  for (int n = 0; n < 2; ++n) {
    const uint32_t draw = random.next();
    pairs += (draw & 0x00ff00ffu) + (draw >> 8 & 0x00ff00ffu);
  }
  const int32_t sum = static_cast<int32_t>((pairs & 0xffffu) + (pairs >> 16)) - 1020;
  return (sum * 5017 + 2048) >> 12;
}

}  // namespace detail

/// Turns readings, in the sensor's steps, into states [visible]. The quotient's divisor has 6 to 21 bits, and
/// is off by at most 1.5 % at the least scale, by less at greater ones.
inline void set_visible(VectorView<RealState> x, const ConstFixedPointRealRbmView& rbm,
                        VectorView<const int16_t> readings) {
  constexpr unsigned finer = 7;  // a difference of two readings in units of 2^-8 takes 25 bits
  for (size_t j = 0; j < x.size; ++j) {
    const int32_t difference = readings[j] * 256 - (rbm.offset[j] >> 8);
    const int32_t divisor =
        detail::within(rbm.scale[j], least_scale, largest_scale) >> (reading_fraction - finer);
    x[j] = detail::bounded_state(difference * (1 << finer) / divisor);
  }
}

/// Turns states back into readings, rounded to the sensor's steps; beyond int16 they saturate.
inline void to_readings(VectorView<int16_t> readings, const ConstFixedPointRealRbmView& rbm,
                        VectorView<const RealState> x) {
  for (size_t j = 0; j < x.size; ++j) {
    const int32_t scale = detail::within(rbm.scale[j], least_scale, largest_scale);
    // In units of 2^-8 of a step, at most 2^27 and 2^23.
    const int32_t distance = (scale >> 16) * x[j] + ((scale & 0xffff) * x[j] >> 16);
    const int32_t reading = (rbm.offset[j] >> 8) + distance;
    readings[j] = static_cast<int16_t>(detail::within((reading + 128) >> 8, -32768, 32767));
  }
}

/// p(h = 1 | v), [hidden].
inline void hidden_probabilities(VectorView<Probability> out, const ConstFixedPointRealRbmView& rbm,
                                 VectorView<const RealState> x) {
  for (size_t i = 0; i < out.size; ++i) out[i] = fixed_point_sigmoid(detail::hidden_input(rbm.rbm, i, x));
}

/// The means b + W'h of the states given h, [visible].
inline void visible_means(VectorView<RealState> out, const ConstFixedPointRealRbmView& rbm,
                          ActiveUnits hidden) {
  detail::for_each_visible_input(rbm.rbm, hidden, out.size, [&](size_t j, int32_t input) {
    constexpr unsigned shift = parameter_fraction - state_fraction;
    out[j] = detail::bounded_state((input + (1 << (shift - 1))) >> shift);
  });
}

/// Draws states around their means, in place.
inline void draw_visible(VectorView<RealState> x, Xoshiro128& random) {
  for (size_t j = 0; j < x.size; ++j) x[j] = detail::bounded_state(x[j] + detail::draw_normal_state(random));
}

/// F(v) = x'x / 2 - b'x - sum_i log(1 + e^(c_i + W_i x)) in steps of 2^-11 nats, the score of what is
/// unusual. Leaves p(h = 1 | v) in `hidden_probability` [hidden].
inline int32_t free_energy(VectorView<Probability> hidden_probability, const ConstFixedPointRealRbmView& rbm,
                           VectorView<const RealState> x) {
  int32_t sum = 0;
  for (size_t j = 0; j < x.size; ++j) {
    const int32_t twice = (x[j] * 4 - rbm.rbm.visible_bias[j]) * x[j];  // 8 bits finer than a step
    sum += (twice + (1 << (state_fraction - 1))) >> state_fraction;
  }
  for (size_t i = 0; i < hidden_probability.size; ++i) {
    const int32_t input = detail::hidden_input(rbm.rbm, i, x);
    hidden_probability[i] = fixed_point_sigmoid(input);
    const int32_t softplus = detail::softplus_in_steps(input);
    sum = sum < INT32_MIN + softplus ? INT32_MIN : sum - softplus;
  }
  return sum;
}

/// Starts a model for training: W, b and c as fixed_point.hpp does, offsets 0, and all scales at a number of
/// the sensor's steps: the noise of the sensor where they run along with the stream.
template <class Generator>
void initialize(const FixedPointRealRbmView& rbm, uint16_t scale, Generator& random) {
  initialize(rbm.rbm, random);
  for (size_t j = 0; j < rbm.visible(); ++j) {
    rbm.offset[j] = 0;
    rbm.scale[j] = detail::within(scale, 1, largest_scale >> reading_fraction) << reading_fraction;
  }
}

namespace detail {

/// A number of steps, rounded to nearest, from -most to most.
inline int32_t rounded_steps(float steps, float most) {
  const float within_bounds = steps > most ? most : steps < -most ? -most : steps;
  return static_cast<int32_t>(within_bounds < 0.0f ? within_bounds - 0.5f : within_bounds + 0.5f);
}

}  // namespace detail

/// Converts a model of floats whose visible units are all real, without factors. `step` is the sensor's step,
/// in the units of the floats' readings. All is rounded to nearest and saturates.
inline void convert(const FixedPointRealRbmView& out, const ConstRbmView& in, float step) {
  RBM_ASSERT(in.layer.has_real() && in.layer.factors() == 0);
  convert(out.rbm, in);
  const float finer = static_cast<float>(1 << reading_fraction) / step;
  for (size_t j = 0; j < in.visible(); ++j) {
    out.offset[j] = detail::rounded_steps(in.layer.offset[j] * finer, 0x1.fffffep30f);
    out.scale[j] =
        detail::within(detail::rounded_steps(in.layer.scale[j] * finer, 0x1p30f), least_scale, largest_scale);
  }
}

/// Converts a model to floats, whose readings are in units of which the sensor's step is `step`.
inline void convert(const RbmView& out, const ConstFixedPointRealRbmView& in, float step) {
  RBM_ASSERT(out.layer.has_real() && out.layer.factors() == 0);
  convert(out, in.rbm);
  const float coarser = step / static_cast<float>(1 << reading_fraction);
  for (size_t j = 0; j < in.visible(); ++j) {
    out.layer.offset[j] = static_cast<float>(in.offset[j]) * coarser;
    out.layer.scale[j] =
        static_cast<float>(detail::within(in.scale[j], least_scale, largest_scale)) * coarser;
  }
}

}  // namespace rbm
