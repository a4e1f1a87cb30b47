/// A choice: a group of visible units of which exactly one is on, as a label is one of K. What is probable
/// given all the other visible units needs no chain (Larochelle and Bengio 2008, the class RBM):
///
///     p(y | v) = softmax_y(b_y + sum_i softplus(c_i + U_iy + W_i v))
///
/// where v are the other units, U the columns of the weights that belong to the choice, W all others, and b
/// the biases of the choice. Other visible biases cancel, and hidden units cost a row sum each:
///
///     constexpr rbm::Choice labels{64, 74};                        units 64 to 73 of 74: ten labels
///     rbm::choice_probabilities(probability, inputs, model, labels, rest);
///     float surprise = rbm::choice_surprise(probability, inputs, model, labels, rest, 7);    -log p(7 | v)
///
/// The model is an Rbm, or a FixedPointRbm, in which scores are numbers out of 2^-16 nat and probabilities
/// numbers out of 65536. choice_online.hpp learns it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "energy.hpp"
#include "fixed_point.hpp"
#include "fixed_point_log.hpp"
#include "fixed_point_real.hpp"

namespace rbm {

namespace detail {

/// What a model of parameters T computes with: inputs of hidden units, scores and probabilities.
template <class T>
struct ChoiceNumbers {
  using Input = float;  ///< nats
  using Score = float;  ///< nats; a probability from 0 to 1
};
template <>
struct ChoiceNumbers<Parameter> {
  using Input = int32_t;  ///< steps of a parameter
  using Score = int32_t;  ///< 2^-16 nat; a probability out of 65536
};

/// The input of hidden unit i without the choice, c_i + W_i v.
RBM_INLINE float rest_input(const ConstRbmView& rbm, size_t i, ActiveUnits rest) {
  return multiply_row(rbm.hidden_bias[i], rbm.weights.data + i * rbm.weights.stride, rest);
}
RBM_INLINE int32_t rest_input(const ConstFixedPointRbmView& rbm, size_t i, ActiveUnits rest) {
  return hidden_input(rbm, i, rest);
}
/// Of readings, within +-32 nats. A weight of the choice adds at most 16, so that beyond, softplus is a line
/// or 0 to the precision of its table, what all of the choice have in common, and scores stay small.
inline int32_t rest_input(const ConstFixedPointRbmView& rbm, size_t i, VectorView<const RealState> rest) {
  constexpr int32_t most = 32 << parameter_fraction;
  return within(hidden_input(rbm, i, rest), -most, most);
}

constexpr float bias_score(float bias) {
  return bias;
}
constexpr int32_t bias_score(Parameter bias) {
  return int32_t{bias} * (1 << (16 - parameter_fraction));
}

RBM_INLINE float softplus_score(float input) {
  return softplus(input);
}
constexpr int32_t softplus_score(int32_t input) {
  return static_cast<int32_t>(fixed_point_softplus(input));
}

}  // namespace detail

/// A score of T: float, or int32_t in fixed point.
template <class T>
using ChoiceScore = typename detail::ChoiceNumbers<T>::Score;
/// An input of a hidden unit, c_i + W_i v: float, or int32_t in steps of a parameter.
template <class T>
using ChoiceInput = typename detail::ChoiceNumbers<T>::Input;

/// softmax() of scores in units of 2^-16 nat, at most 2^15 nats apart: probabilities out of 65536, within 24
/// of exact ones; the logarithm within 16 (2^-12 nats) for up to 256 scores.
inline int32_t softmax(VectorView<int32_t> scores) {
  int32_t largest = scores[0];
  for (size_t y = 1; y < scores.size; ++y) largest = scores[y] > largest ? scores[y] : largest;
  uint32_t sum = 0;
  for (size_t y = 0; y < scores.size; ++y) {
    const uint32_t share = fixed_point_exp_of_minus(static_cast<uint32_t>(largest - scores[y]));
    scores[y] = static_cast<int32_t>(share);
    sum += share;
  }
  for (size_t y = 0; y < scores.size; ++y)
    scores[y] = static_cast<int32_t>((static_cast<uint32_t>(scores[y]) << 16) / sum);
  return largest + static_cast<int32_t>(fixed_point_log(sum) - fixed_point_log(65535));
}

namespace detail {

/// Scores [size of the choice] given the other visible units that are on; leaves c_i + W_i v in `inputs`
/// [hidden].
template <class T, class Rest>
void score_choice(VectorView<ChoiceScore<T>> scores, VectorView<ChoiceInput<T>> inputs,
                  const BasicRbmView<const T>& rbm, Choice choice, Rest rest) {
  RBM_ASSERT(choice.begin < choice.end && choice.end <= rbm.visible());
  RBM_ASSERT(scores.size == choice.size() && inputs.size == rbm.hidden());
  for (size_t y = 0; y < scores.size; ++y) scores[y] = bias_score(rbm.visible_bias[choice.begin + y]);
  for (size_t i = 0; i < inputs.size; ++i) {
    inputs[i] = rest_input(rbm, i, rest);
    const T* const row = rbm.weights.data + i * rbm.weights.stride + choice.begin;
    for (size_t y = 0; y < scores.size; ++y) scores[y] += softplus_score(inputs[i] + row[y]);
  }
}

template <class T, class Rest>
ChoiceScore<T> choice_surprise(VectorView<ChoiceScore<T>> probability, VectorView<ChoiceInput<T>> inputs,
                               const BasicRbmView<const T>& rbm, Choice choice, Rest rest, size_t chosen) {
  RBM_ASSERT(chosen < choice.size());
  score_choice<T>(probability, inputs, rbm, choice, rest);
  const ChoiceScore<T> score = probability[chosen];
  return softmax(probability) - score;
}

}  // namespace detail

/// p(y | v) [size of the choice]. `rest` lists the other visible units that are on, with factors where they
/// are real-valued. Leaves c_i + W_i v in `inputs` [hidden].
inline void choice_probabilities(VectorView<float> out, VectorView<float> inputs, const ConstRbmView& rbm,
                                 Choice choice, ActiveUnits rest) {
  detail::score_choice<float>(out, inputs, rbm, choice, rest);
  softmax(out);
}

/// The same in fixed point, for units that are 0 or 1: numbers out of 65536, within 32 for each hidden unit
/// and 24 more, for scores within +-2^14 nats.
inline void choice_probabilities(VectorView<int32_t> out, VectorView<int32_t> inputs,
                                 const ConstFixedPointRbmView& rbm, Choice choice, ActiveUnits rest) {
  detail::score_choice<Parameter>(out, inputs, rbm, choice, rest);
  softmax(out);
}

/// The same given readings, the states of all units before the choice (fixed_point_real.hpp).
inline void choice_probabilities(VectorView<int32_t> out, VectorView<int32_t> inputs,
                                 const ConstFixedPointRbmView& rbm, Choice choice,
                                 VectorView<const RealState> rest) {
  RBM_ASSERT(rest.size == choice.begin);
  detail::score_choice<Parameter>(out, inputs, rbm, choice, rest);
  softmax(out);
}

/// -log p(chosen | v), nats; `chosen` counts from the choice's first unit. Leaves p(y | v) and c_i + W_i v.
inline float choice_surprise(VectorView<float> probability, VectorView<float> inputs, const ConstRbmView& rbm,
                             Choice choice, ActiveUnits rest, size_t chosen) {
  return detail::choice_surprise<float>(probability, inputs, rbm, choice, rest, chosen);
}

/// The same in fixed point, in units of 2^-16 nat, within 32 for each hidden unit and 16 more, for scores
/// within +-2^14 nats.
inline int32_t choice_surprise(VectorView<int32_t> probability, VectorView<int32_t> inputs,
                               const ConstFixedPointRbmView& rbm, Choice choice, ActiveUnits rest,
                               size_t chosen) {
  return detail::choice_surprise<Parameter>(probability, inputs, rbm, choice, rest, chosen);
}

/// The same given readings; leaves c_i + W_i v as far as +-32 nats.
inline int32_t choice_surprise(VectorView<int32_t> probability, VectorView<int32_t> inputs,
                               const ConstFixedPointRbmView& rbm, Choice choice,
                               VectorView<const RealState> rest, size_t chosen) {
  RBM_ASSERT(rest.size == choice.begin);
  return detail::choice_surprise<Parameter>(probability, inputs, rbm, choice, rest, chosen);
}

}  // namespace rbm
