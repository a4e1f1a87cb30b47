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
#include "parallel.hpp"
#include "phase_exchange.hpp"
#include "phases.hpp"
#include "reconstruction.hpp"
#include "two_way_weights.hpp"

namespace rbm {

namespace detail {

/// What the draws of a batch's chains are for. Each granule of a layer has a stream of its own for each
/// purpose, in which sample follows sample: who owns the granule draws for it, and for nobody else.
struct Purpose {
  uint64_t seed, step;
  uint64_t number;  ///< 2 k + 1: hidden units after k Gibbs steps; 2 k + 2: the visible units of step k

  RandomStream stream(size_t at) const {
    return RandomStream::keyed(seed, step, uint64_t{1} << 63 | number << 32 | at);
  }
};

/// Draws the units of the granule `at`, with their probabilities [samples][units].
inline void draw_granule(const PackedStates& states, size_t at, MatrixView<const float> probabilities,
                         const Purpose& purpose) {
  RandomStream random = purpose.stream(at);
  uint32_t* const words = states.granule(at);
  for (size_t n = 0; n < probabilities.rows; ++n)
    draw_units(words + n, probabilities.row(n).data, probabilities.columns, random);
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
  add_unit(inputs, weights, gradient.labels.begin + y);
  phases.data.add(n, gradient.labels.begin + y);
}

}  // namespace detail

/// Runs both phases for a batch of intensities (0 to 1), or of readings, at most batch() samples. v0 and
/// labels of sample n draw from the stream keyed (seed, step, n), and units of chains as Purpose says, so
/// that workers may divide samples and granules in any way. With persistent chains (Tieleman 2008) chain n
/// goes on from where phases.hidden left it; there is no reconstruction then, and `reconstruction` is 0. With
/// labels, it finds their gradient too; where that is all that is climbed, there is no chain, and losses are
/// 0 as well.
template <class Parallel>
void contrastive_divergence(Phases& phases, const TwoWayWeights& weights, MatrixView<const float> intensities,
                            const TrainOptions& options, uint64_t step, Parallel& parallel) {
  const ConstRbmView& rbm = weights.rbm;
  const size_t samples = intensities.rows;
  RBM_ASSERT(options.gibbs_steps >= 1 && intensities.columns == rbm.visible() && samples <= phases.batch());
  RBM_ASSERT(options.label_weight >= 0.0f && options.label_weight <= 1.0f);
  RBM_ASSERT(options.class_weights.size == 0 || options.class_weights.size == phases.labels.labels.size());
  const bool take_means = options.visible_units == VisibleUnits::means || options.mean_reconstructions;
  const bool grouped = rbm.layer.group_count > 0, labelled = phases.labels.is_on();
  const size_t hidden_granules = granules(rbm.hidden()), visible_granules = granules(rbm.visible());
  const MatrixView<float> data_hidden = phases.data_hidden().part(0, samples),
                          model_hidden = phases.model_hidden().part(0, samples);
  const auto units_of = [&](const MatrixView<float>& all, size_t units, size_t at) {
    const size_t end = granule * (at + 1);
    return all.columns_from(granule * at, end < units ? end : units);
  };
  const auto list_hidden = [&](size_t begin, size_t end) {
    for (size_t n = begin; n < end; ++n)
      phases.hidden.write_row(
          n, [&](UnitList& list) { list_state(list, phases.drawn_hidden, n, rbm.hidden()); });
  };
  const auto units_at = [&](size_t first, size_t last) { return Share{first, last}.units(rbm.visible()); };

  for (size_t at = 0; at < hidden_granules; ++at) phases.hidden_loss[at] = 0.0f;
  for (size_t n = 0; n < phases.reconstruction.size; ++n) phases.reconstruction[n] = 0.0f;
  parallel.in_each_memory(samples, [&](size_t begin, size_t end) {
    for (size_t n = begin; n < end; ++n) {
      phases.random[n] = RandomStream::keyed(options.seed, step, n);
      phases.data.write_row(n, [&](UnitList& list) {
        set_visible(list, intensities.row(n), rbm.layer, options.visible_units, phases.random[n]);
        if (labelled) detail::take_label(phases.labels, n, list);
      });
      phases.visible_loss[n] = 0.0f;
    }
  });
  const auto see_data = [&](size_t first, size_t last) {
    for (size_t at = first; at < last; ++at) {
      const MatrixView<float> units = units_of(data_hidden, rbm.hidden(), at);
      phases.hidden_loss[at] = -sum_softplus_and_sigmoid(units);
      if (!options.persistent) detail::draw_granule(phases.drawn_hidden, at, units, {options.seed, step, 1});
      detail::round_probabilities(units, 1.0f);
    }
  };
  // A worker reads its own columns only, which its own cache can keep.
  const auto sum_hidden = [&](MatrixView<float> out, const UnitLists& states, size_t first, size_t last) {
    const Share own = Share{first, last}.units(out.columns);
    multiply_transposed(out, weights.hidden_bias, weights.transposed, states, 0, samples, own.begin, own.end);
  };
  parallel(hidden_granules, [&](size_t first, size_t last) {
    sum_hidden(data_hidden, phases.data, first, last);
    if (!labelled) see_data(first, last);
  });
  if (labelled) {
    parallel.exchange(Parts::of(data_hidden));
    parallel.in_each_memory(samples, [&](size_t begin, size_t end) {
      for (size_t n = begin; n < end; ++n) detail::learn_label(phases, weights, options, n);
    });
    if (!(generative_share(phases.labels, options) > 0.0f)) return;
    parallel(hidden_granules, see_data);
  }
  if (!options.persistent) parallel.exchange(Parts::of(phases.drawn_hidden, rbm.hidden()));
  const size_t drawn = options.persistent ? 0 : samples;
  parallel.in_each_memory(drawn, visible_granules, [&](size_t begin, size_t end, size_t first, size_t last) {
    list_hidden(begin, end);
    const Share units = units_at(first, last);
    for (size_t j = units.begin; j < units.end; ++j) phases.samples_on.counts[j] = 0;
    append_transposed(phases.samples_on, phases.data, samples, 0, units.begin, units.end);
  });
  for (unsigned k = 0; k < options.gibbs_steps; ++k) {
    const bool last_step = k + 1 == options.gibbs_steps, draws = !last_step || options.persistent;
    parallel(visible_granules, [&](size_t first, size_t last) {
      const Share own = units_at(first, last);
      multiply_transposed(phases.model_visible.columns_from(own.begin, own.end),
                          rbm.visible_bias.part(own.begin, own.end), columns_of(rbm, weights, own),
                          phases.hidden, 0, samples);
      for (size_t at = first; !grouped && at < last; ++at) {
        const MatrixView<float> units = units_of(phases.model_visible.part(0, samples), rbm.visible(), at);
        for (size_t n = 0; n < samples; ++n) sigmoid(units.row(n));
        if (k == 0 && !options.persistent)
          phases.reconstruction[at] = squared_error(phases.samples_on, units, granule * at);
        if (!take_means)
          detail::draw_granule(phases.drawn_visible, at, units, {options.seed, step, 2 * k + 2});
      }
    });
    if (grouped || take_means)
      parallel.exchange(Parts::of(phases.model_visible.part(0, samples)));
    else
      parallel.exchange(Parts::of(phases.drawn_visible, rbm.visible()));
    parallel.in_each_memory(samples, [&](size_t begin, size_t end) {
      for (size_t n = begin; n < end; ++n) {
        const VectorView<float> means = phases.model_visible.row(n);
        if (grouped) visible_means(means, rbm.layer);
        if (grouped && k == 0 && !options.persistent)
          phases.reconstruction[n] = squared_error(rbm.layer, phases.data.row(n), means);
        phases.model.write_row(n, [&](UnitList& list) {
          if (take_means)
            list_means(list, means, rbm.layer);
          else if (grouped)
            draw_visible(list, means, rbm.layer, phases.random[n]);
          else
            list_state(list, phases.drawn_visible, n, rbm.visible());
        });
        if (last_step)
          phases.visible_loss[n] = detail::visible_energy(rbm, phases.data.row(n)) -
                                   detail::visible_energy(rbm, phases.model.row(n));
      }
    });
    parallel(hidden_granules, [&](size_t first, size_t last) {
      sum_hidden(model_hidden, phases.model, first, last);
      for (size_t at = first; at < last; ++at) {
        const MatrixView<float> units = units_of(model_hidden, rbm.hidden(), at);
        if (last_step)
          phases.hidden_loss[at] += sum_softplus_and_sigmoid(units);
        else
          for (size_t n = 0; n < samples; ++n) sigmoid(units.row(n));
        if (draws) detail::draw_granule(phases.drawn_hidden, at, units, {options.seed, step, 2 * k + 3});
        if (last_step) detail::round_probabilities(units, -1.0f);
      }
    });
    if (draws) {
      parallel.exchange(Parts::of(phases.drawn_hidden, rbm.hidden()));
      parallel.in_each_memory(samples, list_hidden);
    }
  }
  parallel.in_each_memory(visible_granules, [&](size_t first, size_t last) {
    const Share units = units_at(first, last);
    append_transposed(phases.samples_on, phases.model, samples, phases.batch(), units.begin, units.end);
  });
  // Of layers of groups each memory has found the errors of all samples.
  if constexpr (!Parallel::is_one_memory)
    detail::exchange_results(phases, samples, phases.reconstruction.part(0, grouped ? 0 : visible_granules),
                             parallel);
}

}  // namespace rbm
