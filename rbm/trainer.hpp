/// The mini-batch trainer: contrastive divergence, gradient and update, one batch a call.
///
///     static rbm::Rbm<784, 500> model;
///     static rbm::Memory<rbm::trainer_bytes<rbm::Adam>({784, 500, 64})> memory;
///     rbm::Trainer<rbm::Adam> trainer(model, memory, {784, 500, 64});
///     for (...) rbm::BatchReport report = rbm::train(trainer, intensities);
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "batch_report.hpp"
#include "memory.hpp"
#include "model.hpp"
#include "optimizer.hpp"
#include "parallel.hpp"
#include "scales.hpp"
#include "sparsity.hpp"
#include "two_way_weights.hpp"
#include "update.hpp"

namespace rbm {

/// A model in training. Learning works on the transposed copy of W: a visible unit that is on adds one row of
/// it, and the gradient touches each row once a batch. The model's own W is refreshed from the copy at the
/// end of each batch.
template <class Optimizer>
struct Trainer {
  RbmView rbm;
  TrainOptions options;  ///< may change between batches; sparsity starts at the constructor's target
  Optimizer optimizer;   ///< its rates may change too
  typename Optimizer::Counters counters;
  uint64_t step;  ///< batches trained

  TwoWayWeights weights;
  MatrixView<float>
      weight_slots[Optimizer::slot_count];  ///< the optimizer's arrays, shaped like their parameters
  VectorView<float> visible_slots[Optimizer::slot_count];
  VectorView<float> hidden_slots[Optimizer::slot_count];
  Phases phases;
  UnitList all_rows;    ///< as phases.samples_on, for a unit that is always on; without the rows of labels
  UnitList label_rows;  ///< the rows of labels
  Centring centring;
  ScaleLearning scales;
  MatrixView<float> scale_slots[Optimizer::slot_count];  ///< [1 + factors][visible] where scales are learned
  VectorView<float> activity;  ///< moving means of p(h | v0), for the sparsity target, padded
  size_t bytes;                ///< taken from the arena

  /// Begins training `target` from its present parameters, with the optimizer's arrays at 0. Call
  /// weights.load() after you change the parameters from outside.
  constexpr Trainer(RbmView target, Arena arena, TrainerShape shape, const TrainOptions& chosen_options = {},
                    const Optimizer& chosen_optimizer = {})
      : rbm(target),
        options(chosen_options),
        optimizer(chosen_optimizer),
        counters{},
        step(0),
        weights(target, arena, shape.model()),
        weight_slots{},
        visible_slots{},
        hidden_slots{},
        phases(arena, shape),
        all_rows(arena.list(2 * shape.batch)),
        label_rows(arena.list((shape.row_blocks() - 2) * shape.batch)),
        centring(arena, shape),
        scales(arena, shape),
        scale_slots{},
        activity(arena.vector(padded(shape.hidden))),
        bytes(0) {
    for (size_t s = 0; s < Optimizer::slot_count; ++s) {
      weight_slots[s] = arena.matrix(shape.visible, padded(shape.hidden));
      visible_slots[s] = arena.vector(shape.visible);
      hidden_slots[s] = arena.vector(padded(shape.hidden));
      scale_slots[s] = arena.matrix(scales.change.rows, shape.visible);
    }
    RBM_ASSERT(shape.batch >= 1 && shape.batch <= most_samples &&
               shape.row_blocks() * shape.batch <= most_units);
    RBM_ASSERT(RBM_REAL_UNITS || shape.labels.size() == 0);
    bytes = arena.used;
    if (arena.base == nullptr) return;
    RBM_ASSERT(shape.labels.size() == 0 || ends_with(rbm.layer, shape.labels));
    for (size_t s = 0; s < Optimizer::slot_count; ++s) {
      fill(weight_slots[s].data, weight_slots[s].rows * weight_slots[s].stride, 0.0f);
      fill(visible_slots[s].data, visible_slots[s].size, 0.0f);
      fill(hidden_slots[s].data, hidden_slots[s].size, 0.0f);
      fill(scale_slots[s].data, scale_slots[s].rows * scale_slots[s].stride, 0.0f);
    }
    start_chains(phases);
    start_centring(centring, rbm);
    RBM_ASSERT(rbm.layer.has_real() || !scales.is_on());
    start_scales(scales, rbm, options.least_scale);
    // Mean activities start at their target, because no data has been seen yet.
    fill(activity.data, activity.size, options.sparsity_target);
  }

 private:
  static void fill(float* values, size_t count, float value) {
    for (size_t n = 0; n < count; ++n) values[n] = value;
  }
};

/// Bytes that a trainer takes from its arena.
template <class Optimizer>
constexpr size_t trainer_bytes(TrainerShape shape) {
  return Trainer<Optimizer>(RbmView{}, Arena{}, shape).bytes;
}

namespace detail {

inline MatrixView<float> one_row(VectorView<float> row) {
  return {row.data, 1, row.size, row.size};
}

template <class Optimizer>
void update_visible_bias(Trainer<Optimizer>& trainer, const Centring* centring, float mean, size_t begin,
                         size_t end) {
  Parameters<Optimizer> bias{one_row(trainer.rbm.visible_bias), {}};
  for (size_t s = 0; s < Optimizer::slot_count; ++s) bias.slot_views[s] = one_row(trainer.visible_slots[s]);
  const LabelGradient& labels = trainer.phases.labels;
  for (size_t j = begin; j < end; ++j) {
    float gradient =
        visible_bias_gradient(trainer.phases, centring, trainer.phases.samples_on.row(j), j, mean);
    if (j >= labels.labels.begin && j < labels.labels.end)
      gradient += mean * label_bias_gradient(labels, j - labels.labels.begin, trainer.label_rows.count);
    update_tile<Block<float, 1>>(trainer.optimizer, trainer.counters, bias, &gradient, j, 0, 1, 0.0f);
  }
}

/// Computes the gradient of the biases of the hidden units `hidden_units`, and updates them.
template <class Optimizer>
void update_hidden_bias(Trainer<Optimizer>& trainer, const Centring* centring, float mean,
                        Share hidden_units) {
  if (hidden_units.begin == hidden_units.end) return;
  const MatrixView<const float> hidden = trainer.phases.hidden_probabilities;
  const ActiveUnits rows{trainer.all_rows.units, centring ? centring->hidden_factors.data : nullptr,
                         trainer.all_rows.count};
  Parameters<Optimizer> bias{one_row(trainer.weights.hidden_bias), {}};
  for (size_t s = 0; s < Optimizer::slot_count; ++s) bias.slot_views[s] = one_row(trainer.hidden_slots[s]);
  for_each_block(padded(hidden_units.end) - hidden_units.begin, [&](auto block, size_t from_left) {
    using Columns = decltype(block);
    const size_t column = hidden_units.begin + from_left;
    alignas(4 * vector_lanes) float gradient[Columns::columns];
    block.add_rows(hidden.data + column, hidden.stride, rows);
    block.add_rows(hidden.data + column, hidden.stride, trainer.label_rows);
    block.scale(mean);
    for (unsigned r = 0; centring != nullptr && r < Columns::registers; ++r)
      block.sum[r] +=
          centring->hidden_share *
          load_lanes<typename Columns::Register>(centring->hidden_offset.data + column + r * Columns::lanes);
    block.store(gradient);
    update_tile<Columns>(trainer.optimizer, trainer.counters, bias, gradient, column, 0, 1, 0.0f);
  });
  for (size_t i = hidden_units.begin; i < hidden_units.end; ++i)
    trainer.rbm.hidden_bias[i] = trainer.weights.hidden_bias[i];
}

/// Computes the gradient of the weights between the hidden units `hidden_units` and the visible units
/// `visible_units`, and updates them in the transposed copy. The model's own W is refreshed for the visible
/// units `own`, tile by tile, while the rows are in the nearest cache.
template <class Optimizer>
void update_weights(Trainer<Optimizer>& trainer, const Centring* centring, float mean, Share hidden_units,
                    Share visible_units, Share own) {
  if (hidden_units.begin == hidden_units.end) return;
  const RbmView& rbm = trainer.rbm;
  const MatrixView<const float> hidden = trainer.phases.hidden_probabilities;
  Parameters<Optimizer> weights{trainer.weights.transposed, {}};
  for (size_t s = 0; s < Optimizer::slot_count; ++s) weights.slot_views[s] = trainer.weight_slots[s];
  for_each_block(padded(hidden_units.end) - hidden_units.begin, [&](auto block, size_t from_left) {
    using Columns = decltype(block);
    const size_t column = hidden_units.begin + from_left;
    alignas(4 * vector_lanes) float gradient[tile * Columns::columns];
    const size_t units = rbm.hidden() - column;  // at least 1: each register holds some of them
    const MatrixView<float> to =
        rbm.weights.part(column, column + (units < Columns::columns ? units : Columns::columns));
    const MatrixView<float> panel =
        trainer.weights.transposed.columns_from(column, column + Columns::columns);
    for (size_t top = visible_units.begin; top < visible_units.end; top += tile) {
      const size_t bottom = top + tile < visible_units.end ? top + tile : visible_units.end;
      write_gradient<Columns>(gradient, hidden, trainer.phases.samples_on, centring, trainer.phases.labels,
                              trainer.label_rows.count, column, top, bottom, mean);
      update_tile<Columns>(trainer.optimizer, trainer.counters, weights, gradient, column, top, bottom,
                           trainer.optimizer.weight_decay);
      if (top >= own.begin && top < own.end) transpose(to, panel, top, bottom);
    }
  });
}

/// The weights of all workers of this memory after a batch. First each updates those of its hidden units.
/// Then each makes the model's own W of its visible units from them; what belongs to hidden units of other
/// memories it updates itself. Labels belong to every memory: their exact probabilities take all weights.
template <class Optimizer, class Parallel>
void update_all_weights(Trainer<Optimizer>& trainer, const Centring* centring, float mean,
                        Parallel& parallel) {
  const size_t visible = trainer.rbm.visible(), hidden = trainer.rbm.hidden();
  const Share everything{0, visible}, here = parallel.here(granules(hidden)).units(hidden);
  parallel(granules(hidden), granules(visible), [&](size_t left, size_t right, size_t top, size_t bottom) {
    const Share units = Share{left, right}.units(hidden);
    update_hidden_bias(trainer, centring, mean, units);
    update_weights(trainer, centring, mean, units, everything, Share{top, bottom}.units(visible));
  });
  const auto update_elsewhere = [&](Share rows) {
    update_weights(trainer, centring, mean, {0, here.begin}, rows, rows);
    update_weights(trainer, centring, mean, {here.end, hidden}, rows, rows);
  };
  parallel(granules(hidden), granules(visible), [&](size_t left, size_t right, size_t top, size_t bottom) {
    const Share units = Share{left, right}.units(hidden), rows = Share{top, bottom}.units(visible);
    const auto refresh = [&](size_t begin, size_t end) {
      transpose(trainer.rbm.weights.part(begin, end), trainer.weights.transposed.columns_from(begin, end),
                rows.begin, rows.end);
    };
    refresh(here.begin, units.begin);
    refresh(units.end, here.end);
    update_elsewhere(rows);
  });
  const Share own = parallel.here(granules(visible)).units(visible);
  const Choice& labels = trainer.phases.labels.labels;
  if (own == everything || labels.size() == 0) return;
  update_elsewhere({labels.begin, own.begin > labels.begin ? own.begin : labels.begin});
  update_elsewhere({own.end > labels.begin ? own.end : labels.begin, labels.end});
}

/// Turns `share` of the gradient of scales and loadings into steps of the optimizer, and takes them.
template <class Optimizer>
void update_scales(Trainer<Optimizer>& trainer, float share) {
  const MatrixView<float>& change = trainer.scales.change;
  Parameters<Optimizer> steps{change, {}};
  for (size_t s = 0; s < Optimizer::slot_count; ++s) steps.slot_views[s] = trainer.scale_slots[s];
  for (size_t r = 0; r < change.rows; ++r)
    for (size_t j = 0; j < change.columns; ++j) {
      const float gradient = share * change.row(r)[j];
      change.row(r)[j] = 0.0f;  // a step from 0 is the change
      update_tile<Block<float, 1>>(trainer.optimizer, trainer.counters, steps, &gradient, j, r, r + 1, 0.0f);
    }
  move_scales(trainer.scales, trainer.rbm, trainer.weights.transposed,
              trainer.scale_slots[0].part(1, trainer.scale_slots[0].rows));
}

/// Moves what follows from both phases alone, in each memory: offsets, mean activities, scales' gradient.
template <class Optimizer, class Parallel>
void follow_phases(Trainer<Optimizer>& trainer, size_t samples, float share, Parallel& parallel) {
  trainer.all_rows.count = 2 * samples;
  for (size_t n = 0; n < samples; ++n) {
    trainer.all_rows.units[n] = static_cast<Unit>(n);
    trainer.all_rows.units[samples + n] = static_cast<Unit>(trainer.phases.batch() + n);
  }
  // Before hidden probabilities take the pull to sparsity, which is none of the likelihood's.
  if (trainer.scales.is_on())
    set_scale_gradient(trainer.scales, trainer.phases, trainer.rbm, trainer.phases.samples_on, samples,
                       parallel);
  if (trainer.options.sparsity_cost != 0.0f)
    parallel.in_each_memory(granules(trainer.rbm.hidden()), [&](size_t first, size_t last) {
      const Share units = Share{first, last}.units(trainer.rbm.hidden());
      pull_to_sparsity(trainer.phases, trainer.activity, trainer.options, samples, units.begin, units.end);
    });
  if (trainer.options.centring > 0.0f)
    centre(trainer.centring, trainer.phases, trainer.phases.samples_on, trainer.all_rows,
           trainer.options.centring, share, parallel);
}

}  // namespace detail

/// Trains one batch of intensities (0 to 1), or of readings, [samples][visible], of 1 sample up to the
/// shape's batch. Both phases use the weights `acting`: the model's own, or weights that follow from them,
/// such as rounded ones.
template <class Optimizer, class Parallel = Serial>
BatchReport train(Trainer<Optimizer>& trainer, const TwoWayWeights& acting,
                  MatrixView<const float> intensities, Parallel&& parallel = {}) {
  const size_t samples = intensities.rows, visible = trainer.rbm.visible();
  RBM_ASSERT(samples >= 1 && samples <= trainer.phases.batch() && intensities.columns == visible);
  contrastive_divergence(trainer.phases, acting, intensities, trainer.options, trainer.step, parallel);
  trainer.optimizer.begin_step(trainer.counters);

  trainer.all_rows.count = trainer.label_rows.count = 0;
  const float share = generative_share(trainer.phases.labels, trainer.options);
  const bool generative = share > 0.0f;
  if (generative)
    detail::follow_phases(trainer, samples, share, parallel);
  else
    for (size_t j = 0; j < visible; ++j) trainer.phases.samples_on.counts[j] = 0;
  const Centring* const centring =
      generative && trainer.options.centring > 0.0f ? &trainer.centring : nullptr;

  // Biases of the other visible units say nothing of labels.
  const float mean = (generative ? share : 1.0f) / static_cast<float>(samples);
  const Choice& labels = trainer.phases.labels.labels;
  const size_t first = generative ? 0 : labels.begin, label_row = 2 * trainer.phases.batch();
  const bool discriminative = labels.size() > 0 && trainer.options.label_weight > 0.0f;
  for (size_t n = 0; discriminative && n < samples; ++n) trainer.label_rows.add(label_row + n);
  // Weights take rows of labels that biases of other units do not.
  parallel.in_each_memory(granules(visible), [&](size_t top, size_t bottom) {
    const Share units = Share{top, bottom}.units(visible),
                without_labels = Share{top, bottom}.units(labels.begin);
    detail::update_visible_bias(trainer, centring, mean, units.begin < first ? first : units.begin,
                                units.end);
    if (discriminative)
      append_transposed(trainer.phases.samples_on, trainer.phases.data, samples, label_row,
                        without_labels.begin, without_labels.end);
  });
  detail::update_all_weights(trainer, centring, mean, parallel);
  if (generative && trainer.scales.is_on()) detail::update_scales(trainer, share);
  ++trainer.step;
  return detail::report_of(trainer.phases, samples, visible);
}

/// Trains one batch with the model's own weights.
template <class Optimizer, class Parallel = Serial>
BatchReport train(Trainer<Optimizer>& trainer, MatrixView<const float> intensities,
                  Parallel&& parallel = {}) {
  return train(trainer, trainer.weights, intensities, parallel);
}

}  // namespace rbm
