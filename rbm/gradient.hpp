/// Contrastive divergence (Hinton 2002): an estimate of the gradient of the log-likelihood from k Gibbs
/// steps.
///
///     d log p(v) / d W_ij  ~  p(h_i | v0) v0_j - p(h_i | vk) vk_j
///
/// which is also the exact gradient of F(vk) - F(v0) with both states held fixed.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "energy.hpp"
#include "gibbs.hpp"
#include "memory.hpp"
#include "model.hpp"

namespace rbm {

/// The two phases of a batch, sample by sample: states, and probabilities given them.
struct Phases {
  UnitLists data, model;             ///< v0 and vk, [batch] lists of visible units
  UnitLists hidden;                  ///< the latest draw of h, [batch] lists of hidden units
  MatrixView<float> data_hidden;     ///< p(h | v0) [batch][hidden]
  MatrixView<float> model_hidden;    ///< p(h | vk) [batch][hidden]
  MatrixView<float> model_visible;   ///< p(v | h) [batch][visible]
  VectorView<float> loss;            ///< F(v0) - F(vk) [batch]
  VectorView<float> reconstruction;  ///< sum over visible units of (v0 - p(v | h))^2, first step [batch]
  RandomStream* random;              ///< [batch]

  /// Hidden columns are padded, so that kernels see whole registers.
  constexpr Phases(Arena& arena, size_t visible_units, size_t hidden_units, size_t batch, bool real)
      : data(arena.lists(batch, visible_units, real)),
        model(arena.lists(batch, visible_units, real)),
        hidden(arena.lists(batch, hidden_units, false)),
        data_hidden(arena.matrix(batch, padded(hidden_units))),
        model_hidden(arena.matrix(batch, padded(hidden_units))),
        model_visible(arena.matrix(batch, visible_units)),
        loss(arena.vector(batch)),
        reconstruction(arena.vector(batch)),
        random(arena.take<RandomStream>(batch)) {}
};

namespace detail {

inline UnitList list_of(const UnitLists& lists, size_t n) {
  return {lists.units + n * lists.capacity, lists.factors ? lists.factors + n * lists.capacity : nullptr, 0};
}

}  // namespace detail

/// Sum over units of (v - p)^2: the sum of all p^2, in 16 partial sums, and a correction for each unit
/// listed.
inline float squared_error(ActiveUnits v, VectorView<const float> p) {
  constexpr size_t partial_sums = 16;
  float sum[partial_sums] = {};
  size_t base = 0;
  for (; base + partial_sums <= p.size; base += partial_sums)
    for (size_t n = 0; n < partial_sums; ++n) sum[n] += p[base + n] * p[base + n];
  for (size_t n = 0; base + n < p.size; ++n) sum[n] += p[base + n] * p[base + n];
  for (size_t width = partial_sums / 2; width > 0; width /= 2)
    for (size_t n = 0; n < width; ++n) sum[n] += sum[n + width];
  float listed = 0.0f;
  for (size_t n = 0; n < v.count; ++n) {
    const float value = v.factor(n);
    listed += value * (value - 2.0f * p[v.units[n]]);
  }
  return sum[0] + listed;
}

/// Runs both phases for the samples `begin` up to `end` of a batch of intensities (0 to 1). Sample n draws
/// from the stream keyed (seed, step, n) and nothing else, so batches can be split among threads at will.
/// `transposed` is W' [visible][hidden columns] and `hidden_bias` is padded alike.
inline void contrastive_divergence(Phases& phases, ConstRbmView rbm, MatrixView<const float> transposed,
                                   VectorView<const float> hidden_bias, MatrixView<const float> intensities,
                                   VisibleUnits kind, unsigned gibbs_steps, uint64_t seed, uint64_t step,
                                   size_t begin, size_t end) {
  RBM_ASSERT(gibbs_steps >= 1 && intensities.columns == rbm.visible() && end <= intensities.rows);
  const size_t hidden_units = rbm.hidden();
  const auto hidden_of = [&](MatrixView<float> all, size_t n) {
    return VectorView<float>{all.row(n).data, hidden_units};
  };

  for (size_t n = begin; n < end; ++n) {
    phases.random[n] = RandomStream::keyed(seed, step, n);
    UnitList visible = detail::list_of(phases.data, n);
    set_visible(visible, intensities.row(n), kind, phases.random[n]);
    phases.data.counts[n] = static_cast<Unit>(visible.count);
  }
  multiply_transposed(phases.data_hidden, hidden_bias, transposed, phases.data, begin, end);
  for (size_t n = begin; n < end; ++n) {
    const VectorView<float> inputs = hidden_of(phases.data_hidden, n);
    phases.loss[n] = free_energy(rbm, phases.data.row(n), VectorView<const float>(inputs));
    sigmoid(inputs);
  }
  for (unsigned k = 0; k < gibbs_steps; ++k) {
    const bool last = k + 1 == gibbs_steps;
    for (size_t n = begin; n < end; ++n) {
      UnitList hidden = detail::list_of(phases.hidden, n);
      draw_units(hidden, hidden_of(k == 0 ? phases.data_hidden : phases.model_hidden, n), phases.random[n]);
      phases.hidden.counts[n] = static_cast<Unit>(hidden.count);
    }
    multiply_transposed(phases.model_visible, rbm.visible_bias, rbm.weights, phases.hidden, begin, end);
    for (size_t n = begin; n < end; ++n) {
      const VectorView<float> probability = phases.model_visible.row(n);
      sigmoid(probability);
      if (k == 0) phases.reconstruction[n] = squared_error(phases.data.row(n), probability);
      UnitList visible = detail::list_of(phases.model, n);
      if (kind == VisibleUnits::real)
        list_values(visible, probability);
      else
        draw_units(visible, probability, phases.random[n]);
      phases.model.counts[n] = static_cast<Unit>(visible.count);
    }
    multiply_transposed(phases.model_hidden, hidden_bias, transposed, phases.model, begin, end);
    for (size_t n = begin; n < end; ++n) {
      const VectorView<float> inputs = hidden_of(phases.model_hidden, n);
      if (last) phases.loss[n] -= free_energy(rbm, phases.model.row(n), VectorView<const float>(inputs));
      sigmoid(inputs);
    }
  }
}

}  // namespace rbm
