/// Rounds a model of floats to the integers that a device computes with.
///
///     W_ij = (code_ij - zero_point) 2^shift_i steps      b_j, c_i: 16-bit numbers of steps
///
/// A step is 2^-fraction nat, the same for all sums. Both directions can therefore share one copy of the
/// codes, the same tables of the sigmoid serve every model, and a scale costs one shift. Each hidden unit has
/// its own scale: a single scale for all units loses several times as many nats at 8 bits
/// (tools/docs/quantizing.md).
///
/// Of a model with labels, whose last visible units are a choice, the weights of the other units become
/// codes. Given label y the model is one of these units with the hidden biases c + U_y: so it is rounded,
/// with a row of hidden biases for each label.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gibbs.hpp"
#include "math.hpp"
#include "model.hpp"
#include "quantized_layer.hpp"

namespace rbm {

/// The code of a weight of 0. A level is a code less the zero point:
///
///     8 bits: -128 to 127     4 bits: -8 to 7     2 bits: -2 to 1     1 bit: 0 and 1
///
/// A level of 0 is worth more than levels that lie evenly around 0.
constexpr unsigned zero_point(unsigned bits) {
  return bits == 1 ? 0 : 1u << (bits - 1);
}

/// A quantized model. The caller owns the arrays.
struct QuantizedModelView {
  unsigned bits;               ///< width of a code: 8, 4, 2 or 1
  unsigned fraction;           ///< a step is 2^-fraction nat
  size_t visible, hidden;      ///< units; labels are none of these
  uint8_t* codes;              ///< [hidden][visible], below 2^bits
  uint8_t* shifts;             ///< [hidden]
  int16_t* visible_bias;       ///< [visible], steps
  int16_t* hidden_bias;        ///< [hidden], steps; with labels [label][hidden], c_i + U_iy
  QuantizedLayerView layer{};  ///< kinds of visible units; by default all are binary
  size_t labels = 0;
  int16_t* label_bias = nullptr;  ///< [label], d_y, steps
};

/// The largest fraction. Its step, 2^-10 nat, is far finer than the device's tables of the sigmoid.
inline constexpr unsigned most_fraction = 10;
/// The smallest fraction. Its step, 2^-4 nat, is the distance between two entries of those tables.
inline constexpr unsigned least_fraction = 4;
/// The largest difference between two shifts of a model.
inline constexpr unsigned most_shift_span = 3;
/// The largest shift that is chosen: an 8-bit weight then takes 23 bits, and a sum of 256 of them fits 32
/// bits.
inline constexpr unsigned most_chosen_shift = 15;

/// A weight in steps, from its code and the shift of its hidden unit.
constexpr int32_t weight_in_steps(unsigned bits, uint8_t code, unsigned shift) {
  return (code - static_cast<int32_t>(zero_point(bits))) * (int32_t{1} << shift);
}
/// W_ij in steps.
inline int32_t weight_in_steps(const QuantizedModelView& model, size_t i, size_t j) {
  return weight_in_steps(model.bits, model.codes[i * model.visible + j], model.shifts[i]);
}

/// Writes the parameters that the integers stand for, exactly: of labels, c is that given label 0, and U_y
/// what label y has more.
inline void dequantize(RbmView out, const QuantizedModelView& model) {
  RBM_ASSERT(out.visible() == model.visible + model.labels && out.hidden() == model.hidden);
  const float step = 1.0f / static_cast<float>(1u << model.fraction);
  for (size_t i = 0; i < model.hidden; ++i)
    for (size_t j = 0; j < model.visible; ++j)
      out.weights.row(i)[j] = step * static_cast<float>(weight_in_steps(model, i, j));
  for (size_t j = 0; j < model.visible; ++j)
    out.visible_bias[j] = step * static_cast<float>(model.visible_bias[j]);
  for (size_t i = 0; i < model.hidden; ++i)
    out.hidden_bias[i] = step * static_cast<float>(model.hidden_bias[i]);
  for (size_t y = 0; y < model.labels; ++y) {
    out.visible_bias[model.visible + y] = step * static_cast<float>(model.label_bias[y]);
    for (size_t i = 0; i < model.hidden; ++i)
      out.weights.row(i)[model.visible + y] =
          step * static_cast<float>(model.hidden_bias[y * model.hidden + i] - model.hidden_bias[i]);
  }
  if (model.layer.has_real()) dequantize(out.layer, model.layer, model.visible);
}

/// The levels of codes of `bits` bits: whole numbers, which a scale multiplies.
struct Levels {
  float lowest, highest;

  explicit constexpr Levels(unsigned bits)
      : lowest(-static_cast<float>(zero_point(bits))),
        highest(lowest + static_cast<float>((1u << bits) - 1)) {}

  /// The level nearest to x, halves to even.
  RBM_INLINE float nearest(float x) const {
    const float bounded = x < lowest ? lowest : x > highest ? highest : x;
    return (bounded + 0x1.8p23f) - 0x1.8p23f;  // a float of this size has no bits for a fraction
  }
};

/// The scale of a hidden unit: the weight of level 1, nats.
constexpr float scale_in_nats(unsigned shift, unsigned fraction) {
  return static_cast<float>(1u << shift) / static_cast<float>(1u << fraction);
}

namespace detail {

/// The fraction that scales are chosen at. Squares of states, of 32 bits, must fit 30 bits in steps.
inline unsigned first_fraction(const QuantizedModelView& model) {
  const unsigned most = model.layer.has_real() ? 2 * model.layer.state_fraction - 1 : most_fraction;
  return most < most_fraction ? most : most_fraction;
}
/// The fraction below which steps do not become coarser: a state's step is never finer.
inline unsigned last_fraction(const QuantizedModelView& model) {
  return model.layer.state_fraction > least_fraction ? model.layer.state_fraction : least_fraction;
}

/// Rounds to the nearest 16-bit number, halves away from zero; saturates at +-32767.
inline int16_t round_to_int16(float x) {
  const float bounded = x < -32767.0f ? -32767.0f : x > 32767.0f ? 32767.0f : x;
  return static_cast<int16_t>(bounded < 0.0f ? bounded - 0.5f : bounded + 0.5f);
}

/// The error of rounding a row at a scale: the sum of the fourth powers of its weights' errors.
inline float rounding_error(const Levels& levels, VectorView<const float> row, float scale) {
  const float inverse = 1.0f / scale;
  return sum_terms(row.size, [&](size_t j) {
    const float error = levels.nearest(row[j] * inverse) * scale - row[j];
    return (error * error) * (error * error);
  });
}

}  // namespace detail

/// Chooses the shift of each hidden unit, at the largest fraction: the scale with the smallest sum of fourth
/// powers of errors. Least squares would clip too many of the large weights, which matter most to a unit. A
/// scale that clips none would be too coarse for the other weights. Those of labels are no codes.
inline void choose_scales(QuantizedModelView& out, ConstRbmView rbm) {
  RBM_ASSERT(out.bits == 8 || out.bits == 4 || out.bits == 2 || out.bits == 1);
  const Levels levels(out.bits);
  out.fraction = detail::first_fraction(out);
  unsigned largest = 0;
  for (size_t i = 0; i < rbm.hidden(); ++i) {
    float least = 0.0f;
    for (unsigned shift = 0; shift <= most_chosen_shift; ++shift) {
      const float error = detail::rounding_error(levels, {rbm.weights.row(i).data, out.visible},
                                                 scale_in_nats(shift, out.fraction));
      if (shift > 0 && !(error < least)) continue;
      least = error;
      out.shifts[i] = static_cast<uint8_t>(shift);
    }
    largest = out.shifts[i] > largest ? out.shifts[i] : largest;
  }
  for (size_t i = 0; i < rbm.hidden(); ++i)
    if (out.shifts[i] + most_shift_span < largest)
      out.shifts[i] = static_cast<uint8_t>(largest - most_shift_span);
}

/// The mean state of each unit of a model: 0 to 1, and of a real unit that of a = Lambda x.
struct Means {
  VectorView<const float> visible, hidden;
};

/// Estimates the means from the model alone, by the short Gibbs chains of sample_states(). Rough means are
/// enough: 8 bits lose 0.06 nats with them, 0.04 with the means of long chains, and 0.18 without means.
inline Means sample_means(VectorView<float> visible, VectorView<float> hidden, Chain& chain, ConstRbmView rbm,
                          uint64_t seed) {
  constexpr float share = 1.0f / static_cast<float>(sampled_states);
  for (size_t j = 0; j < visible.size; ++j) visible[j] = 0.0f;
  for (size_t i = 0; i < hidden.size; ++i) hidden[i] = 0.0f;
  sample_states(chain, rbm, seed, [&] {
    for (size_t j = 0; j < visible.size; ++j) visible[j] += share * chain.visible_probability[j];
    for (size_t i = 0; i < hidden.size; ++i) hidden[i] += share * chain.hidden_probability[i];
  });
  states_from_values(visible, rbm.layer);
  return {visible, hidden};
}

namespace detail {

/// A bias of the rounded model, nats. It takes back the mean change of the input that rounding the weights
/// causes, and what real units have where the device's state is 0.
inline float rounded_hidden_bias(const QuantizedModelView& model, ConstRbmView rbm, const Means& means,
                                 size_t i) {
  const float step = scale_in_nats(0, model.fraction);
  return rbm.hidden_bias[i] + sum_terms(model.visible, [&](size_t j) {
           const float rounded = step * static_cast<float>(weight_in_steps(model, i, j));
           const float origin = model.layer.has_real() ? model.layer.origin[j] : 0.0f;
           return means.visible[j] * (rbm.weights.row(i)[j] - rounded) + origin * rounded;
         });
}
/// The largest magnitude that it has over all labels, nats.
inline float largest_hidden_bias(const QuantizedModelView& model, ConstRbmView rbm, const Means& means,
                                 size_t i) {
  const float bias = rounded_hidden_bias(model, rbm, means, i);
  float largest = model.labels == 0 ? absolute(bias) : 0.0f;
  for (size_t y = 0; y < model.labels; ++y) {
    const float of_label = absolute(bias + rbm.weights.row(i)[model.visible + y]);
    if (of_label > largest) largest = of_label;
  }
  return largest;
}
inline float rounded_visible_bias(const QuantizedModelView& model, ConstRbmView rbm, const Means& means,
                                  size_t j) {
  const float step = scale_in_nats(0, model.fraction);
  return rbm.visible_bias[j] +
         sum_terms(rbm.hidden(),
                   [&](size_t i) {
                     return means.hidden[i] *
                            (rbm.weights.row(i)[j] - step * static_cast<float>(weight_in_steps(model, i, j)));
                   }) -
         state_origin(model.layer, rbm, j);
}

inline void round_weights(QuantizedModelView& out, ConstRbmView rbm) {
  const Levels levels(out.bits);
  for (size_t i = 0; i < rbm.hidden(); ++i) {
    const float inverse = 1.0f / scale_in_nats(out.shifts[i], out.fraction);
    for (size_t j = 0; j < out.visible; ++j)
      out.codes[i * out.visible + j] =
          static_cast<uint8_t>(levels.nearest(rbm.weights.row(i)[j] * inverse) - levels.lowest);
  }
}

/// The most that a visible unit's state counts.
inline int64_t most_state(const QuantizedModelView& model, size_t j) {
  return model.layer.is_real(j) ? (model.layer.limit >> model.layer.state_fraction) + 1 : 1;
}

/// Whether 16 bits hold the biases, and the device runtime's range holds the sums of weights.
inline bool fits(const QuantizedModelView& model, ConstRbmView rbm, const Means& means) {
  // The largest sum of the positive or of the negative weights to one unit; the rest of 2^23 is for its bias.
  constexpr int64_t largest_sum = (int64_t{1} << 23) - 32768;
  const float largest_bias = 32767.0f * scale_in_nats(0, model.fraction);
  int64_t energy = 0;  // the most that the hidden units may have
  const auto bounded = [&](size_t count, const auto& weight) {
    int64_t sums[2] = {0, 0};
    for (size_t n = 0; n < count; ++n) sums[weight(n) < 0] += weight(n);
    energy += sums[0] > -sums[1] ? sums[0] : -sums[1];
    return sums[0] < largest_sum && sums[1] > -largest_sum;
  };
  for (size_t i = 0; i < rbm.hidden(); ++i)
    if (!(largest_hidden_bias(model, rbm, means, i) <= largest_bias) ||
        !bounded(model.visible,
                 [&](size_t j) { return weight_in_steps(model, i, j) * most_state(model, j); }))
      return false;
  if (model.layer.has_real() && energy > int64_t{1} << 29) return false;
  for (size_t y = 0; y < model.labels; ++y)
    if (!(absolute(rbm.visible_bias[model.visible + y]) <= largest_bias)) return false;
  for (size_t j = 0; j < model.visible; ++j)
    if (!(absolute(rounded_visible_bias(model, rbm, means, j)) <= largest_bias) ||
        !bounded(rbm.hidden(), [&](size_t i) { return int64_t{weight_in_steps(model, i, j)}; }))
      return false;
  return true;
}

}  // namespace detail

/// Rounds the parameters with the shifts of choose_scales(). The biases take back the mean change of the
/// inputs that rounding the weights causes,
///
///     b_j += sum_i (W_ij - rounded W_ij) <h_i>       c_i += sum_j (W_ij - rounded W_ij) <v_j>
///
/// which leaves a fourth of the loss at 8 bits and a third at 4. Where biases or sums do not fit, steps
/// become coarser: the fraction and all shifts fall by 1, but a shift of 0 stays, so that the scale of its
/// unit doubles. Biases beyond 2,047 nats do not fit even at the smallest fraction, and saturate.
inline void round_parameters(QuantizedModelView& out, ConstRbmView rbm, const Means& means) {
  detail::round_weights(out, rbm);
  while (out.fraction > detail::last_fraction(out) && !detail::fits(out, rbm, means)) {
    --out.fraction;
    for (size_t i = 0; i < rbm.hidden(); ++i)
      if (out.shifts[i] > 0) --out.shifts[i];
    detail::round_weights(out, rbm);
  }
  const float steps = static_cast<float>(1u << out.fraction);
  for (size_t i = 0; i < rbm.hidden(); ++i) {
    const float bias = detail::rounded_hidden_bias(out, rbm, means, i);
    if (out.labels == 0) out.hidden_bias[i] = detail::round_to_int16(steps * bias);
    for (size_t y = 0; y < out.labels; ++y)
      out.hidden_bias[y * rbm.hidden() + i] =
          detail::round_to_int16(steps * (bias + rbm.weights.row(i)[out.visible + y]));
  }
  for (size_t y = 0; y < out.labels; ++y)
    out.label_bias[y] = detail::round_to_int16(steps * rbm.visible_bias[out.visible + y]);
  for (size_t j = 0; j < out.visible; ++j)
    out.visible_bias[j] = detail::round_to_int16(steps * detail::rounded_visible_bias(out, rbm, means, j));
}

/// Quantizes `rbm`, whose last visible units are the labels, to codes of out.bits bits, with the scales of
/// choose_scales(). Parameters must be finite. Means are those of the units; what follows them is not read.
inline void quantize(QuantizedModelView& out, ConstRbmView rbm, const Means& means) {
  RBM_ASSERT(out.visible + out.labels == rbm.visible() && out.hidden == rbm.hidden());
  RBM_ASSERT(out.layer.has_real() == rbm.layer.has_real());
  if (out.layer.has_real()) round_layer(out.layer, detail::first_units(rbm, out.visible));
  choose_scales(out, rbm);
  round_parameters(out, rbm, means);
}

}  // namespace rbm
