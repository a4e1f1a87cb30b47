/// Learning a choice given the other visible units, on one example at a time, in place: a label of what was
/// measured, or the next level of a reading given the levels before it. It follows the exact gradient of
/// log p(y | v) (choice.hpp), so that there is no chain and nothing is drawn:
///
///     s_iz = sigmoid(c_i + U_iz + W_i v),    e_z = [z = y] - p(z | v)
///     U_iz += rate s_iz e_z,    b_z += rate e_z,    c_i += rate g_i,    W_ij += rate g_i v_j
///
/// with g_i = sum_z s_iz e_z. In floats, or in fixed point, where changes are rounded at random as in
/// fixed_point_online.hpp:
///
///     constexpr rbm::ChoiceShape shape{74, 24, {64, 74}};
///     static rbm::FixedPointRbm<74, 24> model;
///     static rbm::Memory<rbm::choice_online_bytes<rbm::Parameter>(shape)> memory;
///     rbm::FixedPointChoiceOnline online(model, memory, shape);
///     int32_t surprise = rbm::learn(online, rest, 7);
///
/// `rest` lists bits that are on, or is the states of readings, which rbm::set_visible makes of them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "choice.hpp"
#include "fixed_point_real_online.hpp"
#include "memory.hpp"

namespace rbm {

/// The sizes that the memory of learning a choice depends on.
struct ChoiceShape {
  size_t visible, hidden;  ///< those of the model, the choice among the visible units
  Choice choice;

  constexpr ModelShape model() const { return {visible, hidden}; }
};

/// How far an example moves the parameters.
template <class T>
struct ChoiceStep {
  float rate = 0.05f;  ///< learning rate, usually 0.01 to 0.2

  void operator()(float& parameter, float gradient) const { parameter += rate * gradient; }
  void to_listed(float* row, ActiveUnits on, float gradient) const {
    for (size_t n = 0; n < on.count; ++n) row[on.units[n]] += rate * gradient * on.factor(n);
  }
};
template <>
struct ChoiceStep<Parameter> {
  uint16_t rate = 3277;  ///< learning rate out of 65536, at most 32767; usually 655 to 13107 (0.01 to 0.2)
  Xoshiro128 random = Xoshiro128::seeded(1);  ///< rounds changes
  uint32_t draws = 0, draw = 0;

  int32_t steps(int32_t gradient) {
    return detail::round_change(rate * gradient, detail::half_draw(draws++, draw, random));
  }
  void operator()(Parameter& parameter, int32_t gradient) {
    parameter = detail::bounded(parameter + steps(gradient));
  }
  void to_listed(Parameter* row, ActiveUnits on, int32_t gradient) {
    detail::add_to_listed(row, on, steps(gradient));
  }
  /// row[j] += rate gradient x_j, in two roundings.
  void to_listed(Parameter* row, VectorView<const RealState> states, int32_t gradient) {
    const int32_t bits = static_cast<int32_t>(detail::half_draw(draws++, draw, random) >> 1);
    const int32_t factor = (rate * gradient + bits) >> 15;
    if (factor == 0) return;
    // From another draw: rounding up both for the same reason would be no rounding at random.
    detail::EvenDraws even{detail::half_draw(draws++, draw, random) << 16};
    for (size_t j = 0; j < states.size; ++j) {
      const int32_t change = (factor * states[j] + static_cast<int32_t>(even.next(14))) >> 14;
      row[j] = detail::bounded(row[j] + change);
    }
  }
};

/// Working memory of learning a choice, into a model of parameters T.
template <class T>
struct BasicChoiceOnline {
  BasicRbmView<T> rbm;
  Choice choice;
  ChoiceStep<T> step;  ///< its rate may change between examples

  VectorView<ChoiceScore<T>> probability;  ///< p(y | v), then the errors e
  VectorView<ChoiceInput<T>> inputs;
  size_t bytes;  ///< taken from the arena

  constexpr BasicChoiceOnline(const BasicRbmView<T>& target, Arena arena, ChoiceShape shape,
                              const ChoiceStep<T>& chosen_step = {})
      : rbm(target),
        choice(shape.choice),
        step(chosen_step),
        probability{arena.take<ChoiceScore<T>>(shape.choice.size()), shape.choice.size()},
        inputs{arena.take<ChoiceInput<T>>(shape.hidden), shape.hidden},
        bytes(arena.used) {
    RBM_ASSERT(shape.model().is_valid() && choice.begin < choice.end && choice.end <= shape.visible);
    RBM_ASSERT(arena.base == nullptr || target.has_shape(shape.model()));
  }
};
using ChoiceOnline = BasicChoiceOnline<float>;
using FixedPointChoiceOnline = BasicChoiceOnline<Parameter>;

/// Bytes that learning a choice takes from its arena; T is the type of a parameter.
template <class T>
constexpr size_t choice_online_bytes(ChoiceShape shape) {
  return BasicChoiceOnline<T>(BasicRbmView<T>{}, Arena{}, shape).bytes;
}

namespace detail {

constexpr float certainty(float) {
  return 1.0f;
}
constexpr int32_t certainty(int32_t) {
  return 65536;
}

/// sigmoid(input) error, of a hidden unit's input and the error e_z. In fixed point neither it nor a hidden
/// unit's sum of it passes 65536, as probabilities do not sum up to more.
RBM_INLINE float unit_error(float input, float error) {
  return sigmoid(input) * error;
}
constexpr int32_t unit_error(int32_t input, int32_t error) {
  const uint32_t size = static_cast<uint32_t>(error < 0 ? -error : error);
  const int32_t product = static_cast<int32_t>((fixed_point_sigmoid(input) * size + 0x8000u) >> 16);
  return error < 0 ? -product : product;
}

template <class T, class Rest>
ChoiceScore<T> learn_choice(BasicChoiceOnline<T>& online, Rest rest, size_t chosen) {
  using Score = ChoiceScore<T>;
  const BasicRbmView<T>& rbm = online.rbm;
  const VectorView<Score> error = online.probability;
  const Score surprise =
      choice_surprise<T>(online.probability, online.inputs, rbm, online.choice, rest, chosen);
  for (size_t z = 0; z < error.size; ++z) error[z] = (z == chosen ? certainty(Score{}) : Score{}) - error[z];
  for (size_t i = 0; i < rbm.hidden(); ++i) {
    T* const row = rbm.weights.data + i * rbm.weights.stride;
    T* const of_choice = row + online.choice.begin;
    Score gradient{};
    for (size_t z = 0; z < error.size; ++z) {
      const Score change = unit_error(online.inputs[i] + of_choice[z], error[z]);
      online.step(of_choice[z], change);
      gradient += change;
    }
    online.step(rbm.hidden_bias[i], gradient);
    online.step.to_listed(row, rest, gradient);
  }
  for (size_t z = 0; z < error.size; ++z) online.step(rbm.visible_bias[online.choice.begin + z], error[z]);
  return surprise;
}

}  // namespace detail

/// Learns that unit `chosen` (counted from the choice's first) is on when `rest` is, and returns
/// -log p(chosen | rest) before the update, nats. `rest` lists other visible units, none of the choice.
inline float learn(ChoiceOnline& online, ActiveUnits rest, size_t chosen) {
  return detail::learn_choice(online, rest, chosen);
}

/// The same in fixed point, in units of 2^-16 nat; the units of `rest` are 0 or 1. Rates at most 32767.
inline int32_t learn(FixedPointChoiceOnline& online, ActiveUnits rest, size_t chosen) {
  RBM_ASSERT(online.step.rate <= 32767);
  return detail::learn_choice(online, rest, chosen);
}

/// The same given readings, the states of all units before the choice. Changes of a weight are rounded twice,
/// first rate times gradient to 2^-17 nat.
inline int32_t learn(FixedPointChoiceOnline& online, VectorView<const RealState> states, size_t chosen) {
  RBM_ASSERT(online.step.rate <= 32767 && states.size == online.choice.begin);
  return detail::learn_choice(online, states, chosen);
}

}  // namespace rbm
