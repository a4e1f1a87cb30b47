/// The visible layer of a model of readings as a device computes with it: see rbm_real in quantized.h.
///
///     x = (reading - offset) multiplier 2^-shift steps of 2^-state_fraction      L_kj = level 2^-p_k
///
/// The device's state has another origin than the model's: an offset is the reading at which the mean of x is
/// near 0 with all hidden units off, so that readings far from 0 take no bits. With x = t + x', the model's
/// energy is, but for a constant, that of x' with the biases b - t and c + W Lambda t.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "math.hpp"
#include "model.hpp"

namespace rbm {

/// A quantized visible layer. The caller owns the arrays.
struct QuantizedLayerView {
  unsigned state_fraction = 0;  ///< a step of a state is 2^-state_fraction
  unsigned limit = 0;           ///< of a state, steps
  size_t factors = 0;
  const float* steps =
      nullptr;                 ///< [visible], readings' units a step of the sensor; not read for binary units
  int16_t* offsets = nullptr;  ///< [visible], steps of the sensor; 0 for binary units
  uint16_t* scales = nullptr;  ///< [visible], 32 multiplier + shift; 0 for binary units. NULL: no real unit
  uint8_t* codes = nullptr;    ///< [factor][visible], levels + 128
  uint16_t* gains = nullptr;   ///< [factor][3]
  float* origin = nullptr;     ///< [visible], Lambda t, that round_layer() leaves to the rounding of biases

  constexpr bool has_real() const { return scales != nullptr; }
  constexpr bool is_real(size_t j) const { return has_real() && scales[j] != 0; }
};

/// The least and the largest state fraction that is chosen, and the least largest state, in deviations.
inline constexpr unsigned least_state_fraction = 3, most_state_fraction = 7;
inline constexpr float least_state_limit = 32.0f;

/// The largest state of a layer of so many units, in steps: as many of its squares fit 32 bits, and products
/// with codes of 8 bits do.
constexpr unsigned most_state_for(size_t visible) {
  unsigned state = 16383;  // differences of two fit 16 bits
  while (static_cast<uint64_t>(state) * state * visible > uint64_t{65535} * 65535) --state;
  return state;
}

/// A step of a state, as a number of sensor's steps.
inline float state_step(uint16_t scale) {
  return static_cast<float>(1u << (scale & 31u)) / static_cast<float>(scale >> 5);
}

/// The reading at which the device's x is 0, readings' units. Its x is rounded down, which half a step makes
/// good on average.
inline float quantized_offset(const QuantizedLayerView& layer, size_t j) {
  return layer.steps[j] * (static_cast<float>(layer.offsets[j]) + 0.5f * state_step(layer.scales[j]));
}
/// The reading's deviation given the hidden units, readings' units.
inline float quantized_scale(const QuantizedLayerView& layer, size_t j) {
  return layer.steps[j] * state_step(layer.scales[j]) * static_cast<float>(1u << layer.state_fraction);
}

/// p_k: a level is 2^-p_k.
inline unsigned level_fraction(const QuantizedLayerView& layer, size_t k) {
  return layer.gains[3 * k + 1] & 255u;
}

/// Writes what the integers stand for, of `visible` units and of labels behind them.
inline void dequantize(const VisibleLayer& out, const QuantizedLayerView& layer, size_t visible) {
  for (size_t j = 0; j < out.offset.size; ++j) {
    const bool real = j < visible && layer.is_real(j);
    out.offset[j] = real ? quantized_offset(layer, j) : 0.0f;
    out.scale[j] = real ? quantized_scale(layer, j) : 1.0f;
  }
  for (size_t k = 0; k < layer.factors; ++k)
    for (size_t j = 0; j < out.offset.size; ++j)
      out.loadings.row(k)[j] = j < visible ? static_cast<float>(layer.codes[k * visible + j] - 128) /
                                                 static_cast<float>(1u << level_fraction(layer, k))
                                           : 0.0f;
}

/// What a device needs of a factor whose levels have this sum of squares: see quantized/factors.h.
struct FactorGains {
  uint16_t gain, shifts, deviation;

  FactorGains(uint64_t squares, unsigned fraction) {
    const uint64_t one = uint64_t{1} << (2 * fraction), all = one + squares;
    unsigned rounding = 0;
    while ((uint64_t{1} << (24 + rounding)) / all < 65535) ++rounding;
    gain = static_cast<uint16_t>(((uint64_t{1} << (23 + rounding)) + all / 2) / all);
    shifts = static_cast<uint16_t>(256 * rounding + fraction);
    const float ratio = 65536.0f * square_root(static_cast<float>(one) / static_cast<float>(all));
    deviation = static_cast<uint16_t>(ratio < 65535.0f ? ratio : 65535.0f);
  }
};

namespace detail {

/// The units before the labels as a model of their own. A label changes its hidden biases alone.
inline ConstRbmView first_units(ConstRbmView rbm, size_t visible) {
  ConstRbmView units{rbm.weights.columns_from(0, visible), {rbm.visible_bias.data, visible}, rbm.hidden_bias};
#if RBM_REAL_UNITS
  const size_t labels = visible < rbm.visible() ? 1 : 0, sized = rbm.layer.has_real() ? visible : 0;
  units.layer = {rbm.layer.groups,
                 rbm.layer.group_count - labels,
                 {rbm.layer.offset.data, sized},
                 {rbm.layer.scale.data, sized},
                 rbm.layer.loadings.columns_from(0, visible)};
#endif
  return units;
}

/// t: the model's x where the device's is 0.
inline float state_origin(const QuantizedLayerView& layer, ConstRbmView rbm, size_t j) {
  return layer.is_real(j) ? (quantized_offset(layer, j) - rbm.layer.offset[j]) / rbm.layer.scale[j] : 0.0f;
}

/// States that readings may well have: twelve times the largest deviation, and what hidden units add.
inline float wanted_limit(ConstRbmView rbm) {
  float largest = 0.0f;
  for (size_t j = 0; j < rbm.visible(); ++j) {
    float variance = 1.0f, hidden = 0.0f;
    for (size_t k = 0; k < rbm.layer.factors(); ++k)
      variance += rbm.layer.loadings.row(k)[j] * rbm.layer.loadings.row(k)[j];
    for (size_t i = 0; i < rbm.hidden(); ++i) hidden += absolute(rbm.weights.row(i)[j]);
    const float wanted = 12.0f * square_root(variance) + (hidden < 32.0f ? hidden : 32.0f);
    if (wanted > largest) largest = wanted;
  }
  return largest > least_state_limit ? largest : least_state_limit;
}

/// Chooses the multiplier, of 11 bits, and the shift of a unit with this deviation in sensor's steps.
inline uint16_t round_scale(float deviation, unsigned state_fraction) {
  float multiplier = static_cast<float>(1u << state_fraction) / deviation;
  unsigned shift = 0;
  while (multiplier < 1023.5f && shift < 20) {
    multiplier *= 2.0f;
    ++shift;
  }
  const float bounded = multiplier < 1024.0f ? 1024.0f : multiplier > 2047.0f ? 2047.0f : multiplier;
  return static_cast<uint16_t>(32 * static_cast<unsigned>(bounded + 0.5f) + shift);
}

/// Rounds the loadings of a factor, at the finest levels that clip none, and finds its gains.
inline void round_factor(QuantizedLayerView& out, VectorView<const float> loadings, size_t k) {
  float largest = 0.0f;
  for (size_t j = 0; j < loadings.size; ++j)
    if (absolute(loadings[j]) > largest) largest = absolute(loadings[j]);
  unsigned fraction = 0;
  while (fraction < 12 && largest * static_cast<float>(2u << fraction) < 127.5f) ++fraction;
  uint64_t squares = 0;
  for (size_t j = 0; j < loadings.size; ++j) {
    const float level = loadings[j] * static_cast<float>(1u << fraction);
    const float bounded = level < -127.0f ? -127.0f : level > 127.0f ? 127.0f : level;
    const int rounded = static_cast<int>(bounded < 0.0f ? bounded - 0.5f : bounded + 0.5f);
    out.codes[k * loadings.size + j] = static_cast<uint8_t>(rounded + 128);
    squares += static_cast<uint64_t>(rounded * rounded);
  }
  const FactorGains gains(squares, fraction);
  out.gains[3 * k] = gains.gain;
  out.gains[3 * k + 1] = gains.shifts;
  out.gains[3 * k + 2] = gains.deviation;
}

}  // namespace detail

/// Rounds the visible layer of `rbm`, which has real units. out.steps is given.
inline void round_layer(QuantizedLayerView& out, ConstRbmView rbm) {
  const size_t visible = rbm.visible();
  const float wanted = detail::wanted_limit(rbm);
  out.limit = most_state_for(visible);
  out.factors = rbm.layer.factors();
  out.state_fraction = most_state_fraction;
  while (out.state_fraction > least_state_fraction &&
         static_cast<float>(out.limit >> out.state_fraction) < wanted)
    --out.state_fraction;
  for_each_group(rbm.layer, visible, [&](const VisibleGroup& group) {
    for (size_t j = group.begin; j < group.end; ++j) {
      out.offsets[j] = 0;
      out.scales[j] = 0;
      if (group.kind != VisibleKind::real) continue;
      const float deviation = rbm.layer.scale[j] / out.steps[j];
      const float middle = (rbm.layer.offset[j] + rbm.layer.scale[j] * rbm.visible_bias[j]) / out.steps[j];
      const float bounded = middle < -32767.0f ? -32767.0f : middle > 32767.0f ? 32767.0f : middle;
      out.scales[j] = detail::round_scale(deviation, out.state_fraction);
      out.offsets[j] = static_cast<int16_t>(bounded < 0.0f ? bounded - 0.5f : bounded + 0.5f);
    }
  });
  for (size_t k = 0; k < out.factors; ++k) detail::round_factor(out, rbm.layer.loadings.row(k), k);
  for (size_t j = 0; j < visible; ++j) out.origin[j] = detail::state_origin(out, rbm, j);
  states_from_values(VectorView<float>{out.origin, visible}, rbm.layer);
}

}  // namespace rbm
