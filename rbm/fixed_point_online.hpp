/// Learning on a device without floating point: CD-k on one sample at a time, in place, as online.hpp does,
/// in 16-bit fixed point throughout. rbm/stack.md says how much stack it takes.
///
///     static rbm::FixedPointRbm<64, 24> model;
///     static rbm::Memory<rbm::fixed_point_online_bytes({64, 24})> memory;
///     rbm::FixedPointOnline online(model, memory, {64, 24});
///     int32_t loss = rbm::learn(online, bytes);
///
///     weights_ij += floor(2^11 rate (p(h_i | v0) v0_j - p(h_i | vk) vk_j) + u_i),   0 <= u_i < 1 at random
///
/// Stochastic rounding (Gupta et al. 2015) rounds a change up with a probability equal to its fraction. The
/// mean of a rounded change is therefore right at any rate, however small, within 2^-16 of a step and the
/// error of the sigmoid's table.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "fixed_point.hpp"
#include "memory.hpp"

namespace rbm {

/// Options of online learning in fixed point.
struct FixedPointOnlineOptions {
  uint16_t rate = 1311;  ///< learning rate out of 65536, at most 32767; usually 655 to 6554 (0.01 to 0.1)
  VisibleUnits visible_units = VisibleUnits::sampled;  ///< or thresholded
  unsigned gibbs_steps = 1;                            ///< k of CD-k, at least 1 and usually 1
  uint64_t seed = 1;                                   ///< of all draws
};

/// Working memory and options of online learning in fixed point.
struct FixedPointOnline {
  FixedPointRbmView rbm;
  FixedPointOnlineOptions options;  ///< may change between samples
  Xoshiro128 random;

  UnitList data, model;  ///< v0 and vk; learn() then moves their common units to `both`
  UnitList both, hidden;
  VectorView<Probability> data_hidden, model_hidden, model_visible;
  size_t bytes;  ///< taken from the arena

  constexpr FixedPointOnline(const FixedPointRbmView& target, Arena arena, ModelShape shape,
                             const FixedPointOnlineOptions& chosen_options = {})
      : rbm(target),
        options(chosen_options),
        random(Xoshiro128::seeded(chosen_options.seed)),
        data(arena.list(shape.visible)),
        model(arena.list(shape.visible)),
        both(arena.list(shape.visible)),
        hidden(arena.list(shape.hidden)),
        data_hidden{arena.take<Probability>(shape.hidden), shape.hidden},
        model_hidden{arena.take<Probability>(shape.hidden), shape.hidden},
        model_visible{arena.take<Probability>(shape.visible), shape.visible},
        bytes(arena.used) {
    RBM_ASSERT(shape.is_valid());
    RBM_ASSERT(arena.base == nullptr || target.has_shape(shape));
  }
};

/// Bytes that online learning in fixed point takes from its arena.
constexpr size_t fixed_point_online_bytes(ModelShape shape) {
  return FixedPointOnline(FixedPointRbmView{}, Arena{}, shape).bytes;
}

namespace detail {

/// Moves the common units of two ascending lists to a third.
inline void split_common(UnitList& a, UnitList& b, UnitList& both) {
  size_t in_a = 0, in_b = 0, only_a = 0, only_b = 0;
  both.count = 0;
  while (in_a < a.count && in_b < b.count) {
    const Unit from_a = a.units[in_a], from_b = b.units[in_b];
    if (from_a == from_b) both.units[both.count++] = from_a;
    if (from_a < from_b) a.units[only_a++] = from_a;
    if (from_b < from_a) b.units[only_b++] = from_b;
    in_a += from_a <= from_b;
    in_b += from_b <= from_a;
  }
  while (in_a < a.count) a.units[only_a++] = a.units[in_a++];
  while (in_b < b.count) b.units[only_b++] = b.units[in_b++];
  a.count = only_a;
  b.count = only_b;
}

/// Rounds a change in units of 2^-32 nat to steps, up or down by 16 random bits.
constexpr int32_t round_change(int32_t change, uint32_t bits) {
  return ((change >> (16 - parameter_fraction)) + static_cast<int32_t>(bits)) >> 16;
}

/// Adds steps to the listed entries, which saturate.
RBM_INLINE void add_to_listed(Parameter* row, ActiveUnits on, int32_t steps) {
  if (steps == 0) return;
#pragma GCC unroll 4
  for (size_t n = 0; n < on.count; ++n) {
    Parameter& parameter = row[on.units[n]];
    parameter = bounded(parameter + steps);
  }
}

}  // namespace detail

/// Learns one sample of intensities (0 to 255) [visible] and returns its loss F(v0) - F(vk) before the
/// update, in units of 2^-16 nat.
inline int32_t learn(FixedPointOnline& online, VectorView<const uint8_t> intensities) {
  const FixedPointRbmView& rbm = online.rbm;

  RBM_ASSERT(intensities.size == rbm.visible() && online.options.gibbs_steps >= 1 &&
             online.options.rate <= 32767);
  set_visible(online.data, intensities, online.options.visible_units, online.random);
  const int32_t data_energy = free_energy(online.data_hidden, rbm, online.data);
  int32_t model_energy = 0;
  for (unsigned k = 0; k < online.options.gibbs_steps; ++k) {
    draw_units(online.hidden, k == 0 ? online.data_hidden : online.model_hidden, online.random);
    visible_probabilities(online.model_visible, rbm, online.hidden);
    draw_units(online.model, online.model_visible, online.random);
    if (k + 1 == online.options.gibbs_steps)
      model_energy = free_energy(online.model_hidden, rbm, online.model);
    else
      hidden_probabilities(online.model_hidden, rbm, online.model);
  }

  detail::split_common(online.data, online.model, online.both);
  const int32_t rate = online.options.rate;
  uint32_t draw = 0;
  for (size_t i = 0; i < rbm.hidden(); ++i) {
    const uint32_t bits = detail::half_draw(i, draw, online.random);
    const int32_t from_data = rate * online.data_hidden[i], from_model = rate * online.model_hidden[i];
    const int32_t difference = detail::round_change(from_data - from_model, bits);
    Parameter* const row = rbm.weights.data + i * rbm.weights.stride;
    detail::add_to_listed(row, online.data, detail::round_change(from_data, bits));
    detail::add_to_listed(row, online.model, detail::round_change(-from_model, bits));
    detail::add_to_listed(row, online.both, difference);
    rbm.hidden_bias[i] = detail::bounded(rbm.hidden_bias[i] + difference);
  }
  const uint32_t bits = detail::half_draw(0, draw, online.random);
  detail::add_to_listed(rbm.visible_bias.data, online.data, detail::round_change(rate * 65536, bits));
  detail::add_to_listed(rbm.visible_bias.data, online.model, detail::round_change(-rate * 65536, bits));
  return static_cast<int32_t>(static_cast<uint32_t>(data_energy) - static_cast<uint32_t>(model_energy));
}

}  // namespace rbm
