/// From a model of floats to the integers of the runtime in quantized.h.
///
/// One scale serves all weights: W_ij is close to scale * weight_ij, with weights from -127 to 127, and
/// biases are counted in the same steps, so that an input c_i + W_i v is scale times a sum of integers.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "math.hpp"
#include "model.hpp"

namespace rbm {

/// Entries in the longest sigmoid table, one for each step of at least 1/16 up to an input of 11.8, where the
/// probability in 16 bits is 1.
inline constexpr size_t most_sigmoid_entries = 192;
/// A bias in steps is kept within this, so that a sum with 65,535 weights stays in 32 bits.
inline constexpr int32_t largest_bias = 1 << 30;

/// What a quantized model is made of, beside its sizes; the arrays are the caller's.
struct QuantizedModel {
  int8_t* weights;                         ///< [hidden][visible]
  int32_t* visible_bias;                   ///< [visible]
  int32_t* hidden_bias;                    ///< [hidden]
  uint16_t sigmoid[most_sigmoid_entries];  ///< 65536 * sigma(k * 2^shift * scale), at most 65535
  size_t sigmoid_entries;
  unsigned sigmoid_shift;
  float scale;  ///< the value of one step
};

/// What rounding did to the parameters.
struct QuantizeReport {
  float largest_error;      ///< of a weight, at most half a step
  float mean_square_error;  ///< of the weights
};

namespace detail {

/// Nearest whole number, halves away from zero, for |x| up to largest_bias; beyond, and for NaN,
/// largest_bias.
inline int32_t round_to_integer(float x) {
  const float magnitude = absolute(x);
  const int32_t whole =
      magnitude < static_cast<float>(largest_bias) ? static_cast<int32_t>(magnitude) : largest_bias;
  const int32_t rounded = magnitude - static_cast<float>(whole) >= 0.5f ? whole + 1 : whole;
  const int32_t bounded = rounded > largest_bias ? largest_bias : rounded;
  return x < 0.0f ? -bounded : bounded;
}

inline void make_sigmoid_table(QuantizedModel& out) {
  constexpr float certain = 11.8f, finest = 1.0f / 16;
  out.sigmoid_shift = 0;
  while (out.scale * static_cast<float>(1u << out.sigmoid_shift) < finest) ++out.sigmoid_shift;
  const float step = out.scale * static_cast<float>(1u << out.sigmoid_shift);
  out.sigmoid_entries = 0;
  for (bool last = false; !last && out.sigmoid_entries < most_sigmoid_entries;) {
    const float x = static_cast<float>(out.sigmoid_entries) * step;
    const int32_t p = round_to_integer(65536.0f * sigmoid(x));
    out.sigmoid[out.sigmoid_entries++] = static_cast<uint16_t>(p > 65535 ? 65535 : p);
    last = x >= certain;
  }
}

}  // namespace detail

/// Quantizes to 8 bits by rounding to nearest; weights must be finite and not all zero, the largest of them
/// at least 127 * 2^-20 in magnitude.
inline QuantizeReport quantize(QuantizedModel& out, ConstRbmView rbm) {
  float largest = 0.0f;
  for (size_t i = 0; i < rbm.hidden(); ++i)
    for (size_t j = 0; j < rbm.visible(); ++j) {
      const float magnitude = absolute(rbm.weights.row(i)[j]);
      RBM_ASSERT(magnitude < float_of(0x7f800000u));
      largest = magnitude > largest ? magnitude : largest;
    }
  out.scale = largest / 127.0f;
  RBM_ASSERT(out.scale >= 0x1p-20f);
  QuantizeReport report{0.0f, 0.0f};
  for (size_t i = 0; i < rbm.hidden(); ++i)
    for (size_t j = 0; j < rbm.visible(); ++j) {
      const float weight = rbm.weights.row(i)[j];
      const int32_t steps = detail::round_to_integer(weight / out.scale);
      const int32_t bounded = steps > 127 ? 127 : steps < -127 ? -127 : steps;
      out.weights[i * rbm.visible() + j] = static_cast<int8_t>(bounded);
      const float error = absolute(weight - out.scale * static_cast<float>(bounded));
      report.largest_error = error > report.largest_error ? error : report.largest_error;
      report.mean_square_error += error * error;
    }
  report.mean_square_error /= static_cast<float>(rbm.hidden() * rbm.visible());
  for (size_t j = 0; j < rbm.visible(); ++j)
    out.visible_bias[j] = detail::round_to_integer(rbm.visible_bias[j] / out.scale);
  for (size_t i = 0; i < rbm.hidden(); ++i)
    out.hidden_bias[i] = detail::round_to_integer(rbm.hidden_bias[i] / out.scale);
  detail::make_sigmoid_table(out);
  return report;
}

}  // namespace rbm
