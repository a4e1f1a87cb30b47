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
/// same seed. Processors without an FPU learn far faster with fixed_point_online.hpp.
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
  bool real = false;       ///< room for real-valued states; VisibleUnits::means needs it

  constexpr ModelShape model() const { return {visible, hidden}; }
};

/// Options of online learning.
struct OnlineOptions {
  float rate = 0.05f;                                  ///< learning rate, usually 0.01 to 0.1
  VisibleUnits visible_units = VisibleUnits::sampled;  ///< sampled or thresholded; real needs real states
  unsigned gibbs_steps = 1;                            ///< k of CD-k, at least 1 and usually 1
  uint64_t seed = 1;                                   ///< of all draws
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

}  // namespace detail

/// Learns one sample of intensities (0 to 1) [visible] and returns its loss F(v0) - F(vk) before the update.
inline float learn(Online& online, VectorView<const float> intensities) {
  const RbmView& rbm = online.rbm;
  RBM_ASSERT(intensities.size == rbm.visible() && online.options.gibbs_steps >= 1);
  RandomStream random = RandomStream::keyed(online.options.seed, online.step++, 0);
  set_visible(online.data, intensities, online.options.visible_units, random);
  float loss = free_energy(online.data_hidden, rbm, online.data);
  sigmoid(online.data_hidden);
  for (unsigned k = 0; k < online.options.gibbs_steps; ++k) {
    draw_units(online.hidden, k == 0 ? online.data_hidden : online.model_hidden, random);
    visible_probabilities(online.model_visible, rbm, online.hidden);
    if (online.options.visible_units == VisibleUnits::means)
      list_values(online.model, online.model_visible);
    else
      draw_units(online.model, online.model_visible, random);
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
