/// Learning on a device: CD-k on one sample at a time, in place, without an array of gradients or a second
/// copy of W. rbm/stack.md says how much stack it takes.
///
///     static rbm::Rbm<64, 24> model;
///     static rbm::Memory<rbm::online_bytes({64, 24})> memory;
///     rbm::Online online(model, memory, {64, 24});
///     float loss = rbm::learn(online, intensities);
///
/// With binary units no weight is multiplied: learning adds rows of W, and adds steps to W. Only sigmoids and
/// draws multiply. The result has the bits of a Trainer with batches of one, Sgd without momentum and the
/// same seed. Processors without an FPU learn far faster with fixed_point_online.hpp, and readings with
/// fixed_point_real_online.hpp.
///
/// Real units take readings. Their offsets and scales stay, or run along with the stream (`running`). Then an
/// offset follows x as a mean would, and a scale follows the residual e = x - m from m = b + W'h, with h
/// drawn given the data, as a deviation would; both are cut to 1.5 deviations, so that odd samples in the
/// stream move them little (Huber 1964):
///
///     offset += 2 gain scale cut(x),    scale *= 1 + gain (|cut(e)| / 0.739 - 1)
///
/// with gain = 1 / (samples + 1), where samples count up to `running`.
///
/// 0.739 is the mean of |cut(e)| for a normal e, and 2 gain is at most 1/2: an offset that moves faster than
/// a mean forgets where it began. What W, b and c learn from is cut alike, m + cut(e) in the place of x, so
/// that they follow the gradient of Huber's loss of the residual. A scale grows or falls by as much as the
/// number of samples: it is best to start it too small, at the noise of the sensor.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "energy.hpp"
#include "gibbs.hpp"
#include "memory.hpp"
#include "model.hpp"

namespace rbm {

/// The sizes that the memory of online learning depends on.
struct OnlineShape {
  size_t visible, hidden;  ///< those of the model
  bool real = false;       ///< room for real-valued states: of real units, or of VisibleUnits::means

  constexpr ModelShape model() const { return {visible, hidden}; }
};

/// Options of online learning.
struct OnlineOptions {
  float rate = 0.05f;                                  ///< learning rate, usually 0.01 to 0.1
  VisibleUnits visible_units = VisibleUnits::sampled;  ///< of binary models: what intensities mean
  unsigned gibbs_steps = 1;                            ///< k of CD-k, at least 1 and usually 1
  uint64_t seed = 1;                                   ///< of all draws
  unsigned running = 0;       ///< samples that offset and scale remember; 0: they stay, and nothing is cut
  float least_scale = 1e-6f;  ///< running scales stay above it: half a step of the sensor, readings' units
};

/// Working memory and options of online learning.
struct Online {
  RbmView rbm;
  OnlineOptions options;  ///< may change between samples
  uint64_t step;          ///< samples learned

  UnitList data, model, hidden;
  VectorView<float> data_hidden, model_hidden, model_visible;
  size_t bytes;  ///< taken from the arena

  /// Learns into `target`, from its present parameters.
  constexpr Online(RbmView target, Arena arena, OnlineShape shape, const OnlineOptions& chosen_options = {})
      : rbm(target),
        options(chosen_options),
        step(0),
        data(arena.list(shape.visible, shape.real)),
        model(arena.list(shape.visible, shape.real)),
        hidden(arena.list(shape.hidden)),
        data_hidden(arena.vector(shape.hidden)),
        model_hidden(arena.vector(shape.hidden)),
        model_visible(arena.vector(shape.visible)),
        bytes(arena.used) {
    RBM_ASSERT(shape.model().is_valid());
    RBM_ASSERT(arena.base == nullptr || target.has_shape(shape.model()));
    RBM_ASSERT(shape.real || !target.layer.has_real());
  }
};

/// Bytes that online learning takes from its arena.
constexpr size_t online_bytes(OnlineShape shape) {
  return Online(RbmView{}, Arena{}, shape).bytes;
}

namespace detail {

/// Adds the gradient to a row, each entry once, for the union of two ascending lists:
///
///     row_j += rate * (data_scale * v0_j - model_scale * vk_j)
inline void add_difference(float* row, float rate, float data_scale, ActiveUnits data, float model_scale,
                           ActiveUnits model) {
  const bool binary = data.factors == nullptr;
  RBM_ASSERT(binary == (model.factors == nullptr));
  // The steps of binary units: on in the data only, in the model only, in both.
  const float steps[] = {rate * data_scale, rate * -model_scale, rate * (data_scale - model_scale)};
  size_t d = 0, m = 0;
  while (d < data.count || m < model.count) {
    const size_t from_data = d < data.count ? data.units[d] : most_units + 1;
    const size_t from_model = m < model.count ? model.units[m] : most_units + 1;
    const bool in_data = from_data <= from_model, in_model = from_model <= from_data;
    float& weight = row[in_data ? from_data : from_model];
    if (binary) {
      weight += steps[in_data && in_model ? 2 : in_data ? 0 : 1];
    } else {
      float gradient = in_data ? data.factors[d] * data_scale : 0.0f;
      if (in_model) gradient -= model.factors[m] * model_scale;
      weight += rate * gradient;
    }
    d += in_data;
    m += in_model;
  }
}

constexpr float cut(float x, float most) {
  return x < -most ? -most : x > most ? most : x;
}

/// The most that a distance counts, in deviations, and the mean of |e| so cut of a normal e.
inline constexpr float most_deviations = 1.5f, mean_deviation = 0.73927f;
/// States are cut to this, in deviations, so that W, b and c cannot run away.
inline constexpr float farthest_state = 32.0f;
/// Running scales stay below it. Readings must be nearer to 0.
inline constexpr float farthest_reading = 0x1p100f;

/// Calls body(n, unit) for the entries of a list that stand for real units.
template <class Body>
void for_each_real(const VisibleLayer& layer, const UnitList& list, const Body& body) {
  size_t n = 0;
  for (size_t g = 0; g != layer.group_count; ++g)
    for (; n < list.count && list.units[n] < layer.groups[g].end; ++n)
      if (layer.groups[g].kind == VisibleKind::real) body(n, list.units[n]);
}

/// Before a sample is learned: the first one is the first offset, and scales keep above the least one.
inline void start_running(const Online& online, VectorView<const float> readings) {
  const VisibleLayer& layer = online.rbm.layer;
  for_each_group(layer, readings.size, [&](const VisibleGroup& group) {
    for (size_t j = group.begin; group.kind == VisibleKind::real && j < group.end; ++j) {
      if (online.step == 0) layer.offset[j] = readings[j];
      if (!(layer.scale[j] >= online.options.least_scale)) layer.scale[j] = online.options.least_scale;
    }
  });
}

/// Lets offsets follow the data, and scales their residuals from the model's means, and cuts the residuals.
inline void follow_data(Online& online) {
  const VisibleLayer& layer = online.rbm.layer;
  const unsigned most = online.options.running < 2 ? 2 : online.options.running;
  const unsigned samples = online.step < most ? static_cast<unsigned>(online.step) + 1 : most;
  const float gain = 1.0f / static_cast<float>(samples), offset_gain = gain < 0.25f ? 2.0f * gain : 0.5f;
  for_each_real(layer, online.data, [&](size_t n, size_t j) {
    const float x = online.data.factors[n], mean = online.model_visible[j];
    const float residual = cut(x - mean, most_deviations);
    online.data.factors[n] = cut(mean + residual, farthest_state);
    layer.offset[j] += offset_gain * layer.scale[j] * cut(x, most_deviations);
    // A state at the bound may be anywhere beyond, even where the mean has come to the bound too.
    const float size = absolute(x) < farthest_state ? absolute(residual) : most_deviations;
    const float growth = 1.0f + gain * (size * (1.0f / mean_deviation) - 1.0f);
    const float scale = layer.scale[j] * growth;
    layer.scale[j] = scale < online.options.least_scale ? online.options.least_scale
                     : scale > farthest_reading         ? farthest_reading
                                                        : scale;
  });
}

}  // namespace detail

/// Learns one sample of intensities (0 to 1), or of readings, [visible] and returns its loss F(v0) - F(vk)
/// before the update. Loadings of factors stay as they are; `running` is for models without factors.
inline float learn(Online& online, VectorView<const float> intensities) {
  const RbmView& rbm = online.rbm;
  const VisibleUnits kind = online.options.visible_units;
  const bool running = rbm.layer.has_real() && online.options.running > 0;
  RBM_ASSERT(intensities.size == rbm.visible() && online.options.gibbs_steps >= 1);
  RBM_ASSERT(!running || rbm.layer.factors() == 0);
  if (running) detail::start_running(online, intensities);
  RandomStream random = RandomStream::keyed(online.options.seed, online.step++, 0);
  set_visible(online.data, intensities, rbm.layer, kind, random);
  if (running)
    detail::for_each_real(rbm.layer, online.data, [&](size_t n, size_t) {
      online.data.factors[n] = detail::cut(online.data.factors[n], detail::farthest_state);
    });
  float loss = free_energy(online.data_hidden, rbm, online.data);
  sigmoid(online.data_hidden);
  for (unsigned k = 0; k < online.options.gibbs_steps; ++k) {
    draw_units(online.hidden, k == 0 ? online.data_hidden : online.model_hidden, random);
    visible_probabilities(online.model_visible, rbm, online.hidden);
    if (k == 0 && running) detail::follow_data(online);
    if (kind == VisibleUnits::means)
      list_means(online.model, online.model_visible, rbm.layer);
    else
      draw_visible(online.model, online.model_visible, rbm.layer, random);
    if (k + 1 == online.options.gibbs_steps)
      loss -= free_energy(online.model_hidden, rbm, online.model);
    else
      multiply(online.model_hidden, rbm.hidden_bias, rbm.weights, online.model);
    sigmoid(online.model_hidden);
  }
  for (size_t i = 0; i < rbm.hidden(); ++i) {
    detail::add_difference(rbm.weights.row(i).data, online.options.rate, online.data_hidden[i], online.data,
                           online.model_hidden[i], online.model);
    rbm.hidden_bias[i] += online.options.rate * (online.data_hidden[i] - online.model_hidden[i]);
  }
  detail::add_difference(rbm.visible_bias.data, online.options.rate, 1.0f, online.data, 1.0f, online.model);
  return loss;
}

}  // namespace rbm
