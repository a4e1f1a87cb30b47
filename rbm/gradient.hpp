/// Contrastive divergence (Hinton 2002): an estimate of the gradient of the log-likelihood from k Gibbs
/// steps.
///
///     d log p(v) / d W_ij  ~  p(h_i | v0) v0_j - p(h_i | vk) vk_j
///
/// It is also the exact gradient of F(vk) - F(v0) with both states held fixed. For real units, v stands for
/// their state a (visible.hpp).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "energy.hpp"
#include "gibbs.hpp"
#include "label_gradient.hpp"
#include "memory.hpp"
#include "model.hpp"
#include "two_way_weights.hpp"

namespace rbm {

/// Options of the gradient's estimate. The defaults are plain CD-1.
struct TrainOptions {
  uint64_t seed = 1;                                   ///< of all draws
  VisibleUnits visible_units = VisibleUnits::sampled;  ///< what intensities mean
  unsigned gibbs_steps = 1;           ///< k of CD-k or PCD-k, at least 1; usually 1, up to 5 for PCD
  bool persistent = false;            ///< chains go on from batch to batch (PCD) instead of starting at data
  bool mean_reconstructions = false;  ///< vk is p(v | h), not a draw from it; needs room for real states
  float centring = 0.0f;         ///< share of a batch in the offsets, usually 0.01; 0: gradients not centred
  float sparsity_cost = 0.0f;    ///< weight of the pull to sparsity_target; raise it until means come near it
  float least_scale = 0.1f;      ///< scales of real units stay above this share of those at the start
  float sparsity_target = 0.1f;  ///< mean p(h_i = 1) wanted of each hidden unit, usually 0.01 to 0.1
  float label_weight = 0.0f;     ///< w of label_gradient.hpp, 0 to 1. What concerns the chain, sparsity and
                              ///< centring count 1 - w: at 1 all is exact, no chain runs, and they do nothing
  VectorView<const float> class_weights{nullptr, 0};  ///< r of each label, at least 0; of size 0: all are 1
};

/// The sizes that the memory of training depends on.
struct TrainerShape {
  size_t visible, hidden;  ///< those of the model
  size_t batch;            ///< the most samples in one batch, 1 to most_samples, with labels to
                           ///< most_labelled_samples; usually 10 to 100
  bool real =
      false;  ///< room for states with factors: of VisibleUnits::means, mean_reconstructions, real units
  size_t factors = 0;          ///< of the model
  bool learns_scales = false;  ///< room to learn scale and loadings of real units; wants `real`
  Choice labels{};             ///< room to learn these labels, the last visible units; by default none

  constexpr ModelShape model() const { return {visible, hidden}; }
  /// Rows of each sample in Phases::hidden_probabilities.
  constexpr size_t row_blocks() const { return labels.size() > 0 ? 3 : 2; }
};

/// The two phases of a batch: states of each sample, and probabilities given them.
struct Phases {
  UnitLists data, model;  ///< v0 and vk, [batch] lists of visible units
  UnitLists hidden;       ///< the latest draw of h, [batch] lists: what persistent chains keep
  MatrixView<float> hidden_probabilities;  ///< [2 batch][hidden]: p(h | v0), then -p(h | vk); with labels
                                           ///< [3 batch]: then g of label_gradient.hpp
  MatrixView<float> model_visible;         ///< means given h, p(v | h) of binary units [batch][visible]
  VectorView<float> loss;                  ///< F(v0) - F(vk) [batch]
  VectorView<float> reconstruction;        ///< sum over visible units of (v0 - mean)^2, first step [batch]
  RandomStream* random;                    ///< [batch]
  LabelGradient labels;

  /// Hidden columns are padded, so that kernels see whole registers.
  constexpr Phases(Arena& arena, TrainerShape shape)
      : data(arena.lists(shape.batch, shape.visible, shape.real)),
        model(arena.lists(shape.batch, shape.visible, shape.real)),
        hidden(arena.lists(shape.batch, shape.hidden, false)),
        hidden_probabilities(arena.matrix(shape.row_blocks() * shape.batch, padded(shape.hidden))),
        model_visible(arena.matrix(shape.batch, shape.visible)),
        loss(arena.vector(shape.batch)),
        reconstruction(arena.vector(shape.batch)),
        random(arena.take<RandomStream>(shape.batch)),
        labels(arena, shape.labels, shape.hidden, shape.labels.size() > 0 ? shape.batch : 0) {}

  constexpr size_t batch() const { return loss.size; }
  /// p(h | v0) [batch][hidden].
  constexpr MatrixView<float> data_hidden() const { return hidden_probabilities.part(0, batch()); }
  /// -p(h | vk) [batch][hidden]: negative, so that a gradient adds up rows of both phases.
  constexpr MatrixView<float> model_hidden() const { return hidden_probabilities.part(batch(), 2 * batch()); }
  /// g [batch][hidden], with labels.
  constexpr MatrixView<float> label_hidden() const {
    return hidden_probabilities.part(2 * batch(), 3 * batch());
  }
};

/// The share 1 - w of log p(v, y) in what is climbed.
inline float generative_share(const LabelGradient& labels, const TrainOptions& options) {
  return labels.is_on() ? 1.0f - options.label_weight : 1.0f;
}

/// Sum over units of (v - p)^2: the sum of all p^2, and a correction for each unit listed.
inline float squared_error(ActiveUnits v, VectorView<const float> p) {
  float listed = 0.0f;
  for (size_t n = 0; n < v.count; ++n) {
    const float value = v.factor(n);
    listed += value * (value - 2.0f * p[v.units[n]]);
  }
  return sum_terms(p.size, [&](size_t n) { return p[n] * p[n]; }) + listed;
}

/// The same for a state of any layer: (x - m)^2 of real units, whose deviation given h is about 1.
inline float squared_error(const ConstVisibleLayer& layer, ActiveUnits v, VectorView<const float> means) {
  if (!layer.has_real()) return squared_error(v, means);
  float factor[most_factors], sum = 0.0f;
  for (size_t k = 0; k < layer.factors(); ++k) factor[k] = dot(layer.loadings.row(k), v);
  size_t n = 0;
  for (size_t j = 0; j < means.size; ++j) {
    float x = n < v.count && v.units[n] == j ? v.factor(n++) : 0.0f;
    for (size_t k = 0; k < layer.factors(); ++k) x += factor[k] * layer.loadings.row(k)[j];
    sum += (x - means[j]) * (x - means[j]);
  }
  return sum;
}

/// Runs the work of a batch on the calling thread. A pool of threads that is called alike, splits the range
/// and waits may take its place, and gives the same bits.
struct Serial {
  template <class Body>
  void operator()(size_t count, const Body& body) const {
    body(size_t{0}, count);
  }
};

namespace detail {

/// multiply_transposed() for the first `states` states of a batch, with the columns divided among threads:
/// each thread reads its own columns of A only, which its own cache can keep.
template <class Parallel>
void multiply_in_parallel(Parallel& parallel, MatrixView<float> out, VectorView<const float> start,
                          MatrixView<const float> a, const UnitLists& x, size_t states) {
  parallel(padded(a.columns) / vector_lanes, [&](size_t first, size_t last) {
    const size_t left = first * vector_lanes, end = last * vector_lanes;
    const size_t right = end < a.columns ? end : a.columns;
    multiply_transposed(out.columns_from(left, right), start.part(left, right), a.columns_from(left, right),
                        x, 0, states);
  });
}

/// The gradient of the label of sample n, from its row of inputs without it. Without a label, draws one. Then
/// the state and the inputs of sample n have the label, where there is a chain to follow.
inline void learn_label(const Phases& phases, const TwoWayWeights& weights, const TrainOptions& options,
                        size_t n) {
  const LabelGradient& gradient = phases.labels;
  const VectorView<float> inputs = phases.data_hidden().row(n);
  find_label(gradient, weights, inputs.part(0, weights.rbm.hidden()), n);
  const bool known = gradient.label[n] < gradient.labels.size();
  const float share = generative_share(gradient, options);
  if (options.label_weight > 0.0f) {
    const float factor = share > 0.0f ? options.label_weight / share : 1.0f;
    const bool weighted = known && options.class_weights.size > 0;
    set_label_gradient(gradient, phases.label_hidden().row(n), n,
                       weighted ? factor * options.class_weights[gradient.label[n]] : factor);
  }
  if (!(share > 0.0f)) return;
  const size_t y = known ? gradient.label[n] : draw_choice(gradient.probabilities.row(n), phases.random[n]);
  if (!(y < gradient.labels.size())) return;  // probabilities are no numbers: training has diverged
  const VectorView<const float> row = weights.transposed.row(gradient.labels.begin + y);
  for (size_t i = 0; i < inputs.size; ++i) inputs[i] += row[i];
  phases.data.add(n, gradient.labels.begin + y);
}

}  // namespace detail

/// Starts persistent chains: every hidden unit off, so that the first states come from the visible biases.
inline void start_chains(Phases& phases) {
  for (size_t n = 0; n < phases.batch(); ++n)
    phases.hidden.counts[n] = 0;  // NOLINT: an Arena that only counts starts nothing
}

/// Runs both phases for a batch of intensities (0 to 1), or of readings, at most batch() samples. Sample n
/// draws from the stream keyed (seed, step, n) and nothing else, so that threads may divide the samples in
/// any way. With persistent chains (Tieleman 2008) chain n goes on from where phases.hidden left it; there is
/// no reconstruction then, and `reconstruction` is 0. With labels, it finds their gradient too; where that is
/// all that is climbed, there is no chain, and `loss` is 0 as well.
template <class Parallel>
void contrastive_divergence(Phases& phases, const TwoWayWeights& weights, MatrixView<const float> intensities,
                            const TrainOptions& options, uint64_t step, Parallel& parallel) {
  const ConstRbmView& rbm = weights.rbm;
  const size_t samples = intensities.rows;
  RBM_ASSERT(options.gibbs_steps >= 1 && intensities.columns == rbm.visible() && samples <= phases.batch());
  RBM_ASSERT(options.label_weight >= 0.0f && options.label_weight <= 1.0f);
  RBM_ASSERT(options.class_weights.size == 0 || options.class_weights.size == phases.labels.labels.size());
  const bool take_means = options.visible_units == VisibleUnits::means || options.mean_reconstructions;
  const MatrixView<float> data_hidden = phases.data_hidden(), model_hidden = phases.model_hidden();
  const auto hidden_row = [&](const MatrixView<float>& all, size_t n) {
    return all.row(n).part(0, rbm.hidden());
  };

  parallel(samples, [&](size_t begin, size_t end) {
    for (size_t n = begin; n < end; ++n) {
      phases.random[n] = RandomStream::keyed(options.seed, step, n);
      phases.data.write_row(n, [&](UnitList& list) {
        set_visible(list, intensities.row(n), rbm.layer, options.visible_units, phases.random[n]);
        if (phases.labels.is_on()) detail::take_label(phases.labels, n, list);
      });
      phases.loss[n] = phases.reconstruction[n] = 0.0f;
    }
  });
  detail::multiply_in_parallel(parallel, data_hidden, weights.hidden_bias, weights.transposed, phases.data,
                               samples);
  if (phases.labels.is_on())
    parallel(samples, [&](size_t begin, size_t end) {
      for (size_t n = begin; n < end; ++n) detail::learn_label(phases, weights, options, n);
    });
  if (!(generative_share(phases.labels, options) > 0.0f)) return;
  parallel(samples, [&](size_t begin, size_t end) {
    for (size_t n = begin; n < end; ++n) {
      const VectorView<float> row = hidden_row(data_hidden, n);
      phases.loss[n] = free_energy_and_sigmoid(row, rbm, phases.data.row(n));
      if (!options.persistent) draw_units(phases.hidden, n, row, phases.random[n]);
    }
  });
  for (unsigned k = 0; k < options.gibbs_steps; ++k) {
    const bool last = k + 1 == options.gibbs_steps;
    detail::multiply_in_parallel(parallel, phases.model_visible, rbm.visible_bias, rbm.weights, phases.hidden,
                                 samples);
    parallel(samples, [&](size_t begin, size_t end) {
      for (size_t n = begin; n < end; ++n) {
        const VectorView<float> means = phases.model_visible.row(n);
        visible_means(means, rbm.layer);
        if (k == 0 && !options.persistent)
          phases.reconstruction[n] = squared_error(rbm.layer, phases.data.row(n), means);
        phases.model.write_row(n, [&](UnitList& list) {
          if (take_means)
            list_means(list, means, rbm.layer);
          else
            draw_visible(list, means, rbm.layer, phases.random[n]);
        });
      }
    });
    detail::multiply_in_parallel(parallel, model_hidden, weights.hidden_bias, weights.transposed,
                                 phases.model, samples);
    parallel(samples, [&](size_t begin, size_t end) {
      for (size_t n = begin; n < end; ++n) {
        const VectorView<float> row = hidden_row(model_hidden, n);
        if (last)
          phases.loss[n] -= free_energy_and_sigmoid(row, rbm, phases.model.row(n));
        else
          sigmoid(row);
        if (!last || options.persistent) draw_units(phases.hidden, n, row, phases.random[n]);
        for (size_t i = 0; last && i < row.size; ++i) row[i] = -row[i];
      }
    });
  }
}

}  // namespace rbm
