/// From a generated header to a model in 16-bit fixed point, which learns on: a device knows what it was
/// trained for, and somebody teaches it one thing more.
///
///     static rbm::FixedPointRbm<DIGITS_VISIBLE + DIGITS_LABELS + 1, DIGITS_HIDDEN> model;
///     rbm::unpack(model, digits);                                   room for one label more
///     rbm::FixedPointChoiceOnline online(model, memory, shape);     choice_online.hpp
///     rbm::learn(online, list, DIGITS_LABELS);                      "this is the new one"
///
/// Numbers are rounded to nearest and saturate at +-16 nats. The units of data come first, then those of
/// labels: as c + U_y are what a header has, c is their mean over labels, and U what is left. A label that
/// the header lacks begins with U = 0 and a bias 5 nats below the least, so that it takes next to nothing
/// from the others.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "fixed_point_real.hpp"
#include "quantized.h"

namespace rbm {

namespace detail {

/// Steps of 2^-fraction nat, at most 2^23, as a parameter.
inline Parameter to_parameter(int32_t steps, unsigned fraction) {
  if (fraction > parameter_fraction) return bounded(rbm_round_shift(steps, fraction - parameter_fraction));
  return bounded(steps * (1 << (parameter_fraction - fraction)));
}

inline int32_t unpacked_weight(const rbm_quantized& in, size_t i, size_t j) {
  const size_t units = 32 / in.bits;
  const uint32_t word = RBM_TABLE_32(rbm_weights(&in), i * RBM_ROW_WORDS(in.visible, in.bits) + j / units);
  const uint32_t code = word >> j % units * in.bits & ((uint32_t{1} << in.bits) - 1);
  return rbm_to_signed(rbm_codes_to_steps(in.bits, code, 1, RBM_TABLE_8(rbm_shifts(&in), i)));
}

/// What of a model has to do with labels: c and U of every hidden unit, and the labels' biases.
inline void unpack_labels(const FixedPointRbmView& out, const rbm_quantized& in, const rbm_labels& labels) {
  const size_t count = labels.count;
  RBM_ASSERT(count >= 1 && out.visible() >= in.visible + count);
  for (size_t i = 0; i < out.hidden(); ++i) {
    const auto bias = [&](size_t y) { return int32_t{rbm_bias(rbm_hidden_bias(&in), y * in.hidden + i)}; };
    int32_t sum = 0;
    for (size_t y = 0; y < count; ++y) sum += bias(y);
    const int32_t labels_twice = 2 * static_cast<int32_t>(count);
    const int32_t mean = (2 * sum + (sum < 0 ? -labels_twice : labels_twice) / 2) / labels_twice;
    out.hidden_bias[i] = to_parameter(mean, in.fraction);
    for (size_t y = 0; in.visible + y < out.visible(); ++y)
      out.weights.row(i)[in.visible + y] =
          y < count ? to_parameter(bias(y) - mean, in.fraction) : Parameter{};
  }
  int32_t least = largest_parameter;
  for (size_t y = 0; in.visible + y < out.visible(); ++y) {
    Parameter& bias = out.visible_bias[in.visible + y];
    bias = y < count ? to_parameter(rbm_bias(rbm_label_bias(&labels), y), in.fraction)
                     : bounded(least - (5 << parameter_fraction));
    if (y < count && bias < least) least = bias;
  }
}

}  // namespace detail

/// A model of bits without labels: the first in.visible units of `out`.
inline void unpack(const FixedPointRbmView& out, const rbm_quantized& in) {
  RBM_ASSERT(out.visible() >= in.visible && out.hidden() == in.hidden);
  for (size_t i = 0; i < out.hidden(); ++i) {
    for (size_t j = 0; j < in.visible; ++j)
      out.weights.row(i)[j] = detail::to_parameter(detail::unpacked_weight(in, i, j), in.fraction);
    out.hidden_bias[i] = detail::to_parameter(rbm_bias(rbm_hidden_bias(&in), i), in.fraction);
  }
  for (size_t j = 0; j < in.visible; ++j)
    out.visible_bias[j] = detail::to_parameter(rbm_bias(rbm_visible_bias(&in), j), in.fraction);
}

/// A model of bits with labels, into one of in.base.visible units and as many labels as are left, at least
/// in.labels.count.
inline void unpack(const FixedPointRbmView& out, const rbm_classifier& in) {
  unpack(out, in.base);
  detail::unpack_labels(out, in.base, in.labels);
}

/// A model of readings without labels and without factors: a program asserts NAME_FACTORS == 0. Offsets and
/// scales are those of the first in.base.visible units of `out`, whose others need none; a binary unit's
/// reading is its state.
inline void unpack(const FixedPointRealRbmView& out, const rbm_real& in) {
  RBM_ASSERT(in.factors == 0 && out.offset.size >= in.base.visible && out.scale.size >= in.base.visible);
  unpack(out.rbm, in.base);
  for (size_t j = 0; j < in.base.visible; ++j) {
    const uint32_t scale = RBM_TABLE_16(rbm_scales(&in), j), multiplier = scale >> 5;
    out.offset[j] = 0;
    out.scale[j] = 1 << reading_fraction;
    if (scale == 0) continue;
    const unsigned shift = reading_fraction + (scale & 31u);
    const uint64_t deviation = (uint64_t{1} << (shift + in.state_fraction)) / multiplier;
    out.scale[j] = deviation > largest_scale ? largest_scale : static_cast<int32_t>(deviation);
    // A device's state is rounded down, so that it is half a step of a state more on the mean.
    const int64_t half_step = static_cast<int64_t>((uint64_t{1} << shift >> 1) / multiplier);
    const int64_t offset = int64_t{rbm_bias(rbm_offsets(&in), j)} * (1 << reading_fraction) + half_step;
    out.offset[j] = offset > INT32_MAX ? INT32_MAX : static_cast<int32_t>(offset);
  }
}

/// A model of readings with labels, likewise.
inline void unpack(const FixedPointRealRbmView& out, const rbm_real_classifier& in) {
  unpack(out, in.base);
  detail::unpack_labels(out.rbm, in.base.base, in.labels);
}

}  // namespace rbm
