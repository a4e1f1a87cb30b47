/// Learning from a stream of readings on a device without floating point: CD-k on one sample at a time, in
/// place, with a running offset and scale for each reading.
///
///     static rbm::FixedPointRealRbm<64, 16> model;
///     static rbm::Memory<rbm::fixed_point_real_online_bytes({64, 16})> memory;
///     rbm::FixedPointRealOnline online(model, memory, {64, 16});
///     online.options.running = 1000;
///     rbm::initialize(model, 2, online.random);
///     int32_t loss = rbm::learn(online, readings);
///
/// Offset and scale run along with the stream as in online.hpp, which says how. They are rounded at random,
/// as all changes are.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "fixed_point_online.hpp"
#include "fixed_point_real.hpp"

namespace rbm {

/// Options of online learning from readings in fixed point.
struct FixedPointRealOnlineOptions {
  uint16_t rate = 655;  ///< learning rate out of 65536, at most 32767; usually 131 to 655 (0.002 to 0.01)
  unsigned gibbs_steps = 1;  ///< k of CD-k, at least 1 and usually 1
  uint16_t running = 0;      ///< samples that offset and scale remember; 0: they stay, and nothing is cut
  uint64_t seed = 1;         ///< of all draws
};

/// Working memory and options of online learning from readings in fixed point.
struct FixedPointRealOnline {
  FixedPointRealRbmView rbm;
  FixedPointRealOnlineOptions options;  ///< may change between samples
  Xoshiro128 random;
  uint32_t step;  ///< samples learned, as far as offset and scale care: it stays at 65535

  VectorView<RealState> data, model;  ///< x of the data, then what is learned from it; x of the model
  UnitList hidden;
  VectorView<Probability> data_hidden, model_hidden;
  size_t bytes;  ///< taken from the arena

  constexpr FixedPointRealOnline(const FixedPointRealRbmView& target, Arena arena, ModelShape shape,
                                 const FixedPointRealOnlineOptions& chosen_options = {})
      : rbm(target),
        options(chosen_options),
        random(Xoshiro128::seeded(chosen_options.seed)),
        step(0),
        data{arena.take<RealState>(shape.visible), shape.visible},
        model{arena.take<RealState>(shape.visible), shape.visible},
        hidden(arena.list(shape.hidden)),
        data_hidden{arena.take<Probability>(shape.hidden), shape.hidden},
        model_hidden{arena.take<Probability>(shape.hidden), shape.hidden},
        bytes(arena.used) {
    RBM_ASSERT(shape.is_valid() && shape.visible <= most_real_units);
    RBM_ASSERT(arena.base == nullptr || target.rbm.has_shape(shape));
  }
};

/// Bytes that online learning from readings in fixed point takes from its arena.
constexpr size_t fixed_point_real_online_bytes(ModelShape shape) {
  return FixedPointRealOnline(FixedPointRealRbmView{}, Arena{}, shape).bytes;
}

namespace detail {

/// The most that a distance counts, 1.5 deviations, and 2^14 divided by the mean of |e| so cut, 0.73927.
inline constexpr int32_t most_deviation = 3 << (state_fraction - 1);
inline constexpr int32_t per_mean_residual = 22162;

/// Bits for rounding at random, each number as likely as any other, evenly spread over numbers that follow
/// each other: multiples of the golden section from a random start (Weyl 1916).
struct EvenDraws {
  uint32_t state;

  uint32_t next(unsigned bits) {
    state += 0x9e3779b9u;
    return state >> (32 - bits);
  }
};

/// scale * share for a share in units of 2^-15, -2^15 to 2^15, without a product of more than 32 bits.
constexpr int32_t share_of(int32_t scale, int32_t share) {
  return (scale >> 16) * share * 2 + (((scale & 0xffff) * share) >> 15);
}

constexpr int32_t saturated_sum(int32_t a, int32_t b) {
  if (b < 0) return a < INT32_MIN - b ? INT32_MIN : a + b;
  return a > INT32_MAX - b ? INT32_MAX : a + b;
}

constexpr int32_t cut(int32_t deviation) {
  return within(deviation, -most_deviation, most_deviation);
}

/// Lets offsets follow the data, and scales their residuals from the model's means, and cuts the residuals.
inline void follow_data(FixedPointRealOnline& online) {
  const uint32_t remembered =
      online.step + 2 < online.options.running ? online.step + 2 : online.options.running;
  const int32_t gain = static_cast<int32_t>(65536 / (remembered < 2 ? 2 : remembered));
  const int32_t offset_gain = gain < 16384 ? 2 * gain : 32768;
  EvenDraws draws{online.random.next()};
  for (size_t j = 0; j < online.data.size; ++j) {
    const int32_t mean = online.model[j], residual = cut(online.data[j] - mean);
    // A state at the bound may be anywhere beyond, even where the mean has come to the bound too.
    const bool at_bound = online.data[j] == largest_state || online.data[j] == -largest_state;
    const int32_t size = at_bound ? most_deviation : residual < 0 ? -residual : residual;
    const int32_t excess = (size * per_mean_residual >> state_fraction) - (1 << 14);  // at most 1.03 * 2^14
    const int32_t moved = (cut(online.data[j]) * offset_gain + static_cast<int32_t>(draws.next(9))) >> 9;
    const int32_t grown = (excess * gain + static_cast<int32_t>(draws.next(15))) >> 15;
    const int32_t scale = within(online.rbm.scale[j], least_scale, largest_scale);
    online.data[j] = bounded_state(mean + residual);
    online.rbm.offset[j] = saturated_sum(online.rbm.offset[j], share_of(scale, moved));
    online.rbm.scale[j] = within(scale + share_of(scale, grown), least_scale, largest_scale);
  }
}

}  // namespace detail

/// Learns one sample of readings [visible] and returns its loss F(v0) - F(vk) before the update, in steps of
/// 2^-11 nats. The first sample is the first offset where offset and scale are running.
inline int32_t learn(FixedPointRealOnline& online, VectorView<const int16_t> readings) {
  const FixedPointRbmView& rbm = online.rbm.rbm;
  const int32_t rate = online.options.rate;
  const bool running = online.options.running > 0;
  RBM_ASSERT(readings.size == rbm.visible() && online.options.gibbs_steps >= 1 && rate <= 32767);
  for (size_t j = 0; running && online.step == 0 && j < readings.size; ++j)
    online.rbm.offset[j] = readings[j] * (1 << reading_fraction);
  set_visible(online.data, online.rbm, readings);
  const int32_t data_energy = free_energy(online.data_hidden, online.rbm, online.data);
  int32_t model_energy = 0;
  for (unsigned k = 0; k < online.options.gibbs_steps; ++k) {
    draw_units(online.hidden, k == 0 ? online.data_hidden : online.model_hidden, online.random);
    visible_means(online.model, online.rbm, online.hidden);
    if (k == 0 && running) detail::follow_data(online);
    draw_visible(online.model, online.random);
    model_energy = free_energy(online.model_hidden, online.rbm, online.model);
  }
  if (online.step < UINT16_MAX) ++online.step;

  uint32_t draw = 0;
  for (size_t i = 0; i < rbm.hidden(); ++i) {
    const uint32_t bits = detail::half_draw(i, draw, online.random);
    detail::EvenDraws draws{bits << 16};
    const int32_t from_data = rate * online.data_hidden[i], from_model = rate * online.model_hidden[i];
    const int32_t data_factor = (from_data + static_cast<int32_t>(draws.next(15))) >> 15;
    const int32_t model_factor = (from_model + static_cast<int32_t>(draws.next(15))) >> 15;
    Parameter* const row = rbm.weights.data + i * rbm.weights.stride;
    for (size_t j = 0; j < rbm.visible(); ++j) {
      const int32_t change = data_factor * online.data[j] - model_factor * online.model[j];
      row[j] = detail::bounded(row[j] + ((change + static_cast<int32_t>(draws.next(14))) >> 14));
    }
    rbm.hidden_bias[i] =
        detail::bounded(rbm.hidden_bias[i] + detail::round_change(from_data - from_model, bits));
  }
  detail::EvenDraws draws{online.random.next()};
  for (size_t j = 0; j < rbm.visible(); ++j) {
    const int32_t change = rate * (online.data[j] - online.model[j]);
    rbm.visible_bias[j] =
        detail::bounded(rbm.visible_bias[j] + ((change + static_cast<int32_t>(draws.next(13))) >> 13));
  }
  return detail::saturated_sum(data_energy, model_energy == INT32_MIN ? INT32_MAX : -model_energy);
}

}  // namespace rbm
