/// What a batch changes in a model: biases, weights, scales and loadings, and which worker updates which of
/// them.
#pragma once

#include <stddef.h>

#include "parallel.hpp"
#include "trainer_memory.hpp"
#include "update.hpp"

namespace rbm {

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

/// The weights that workers of this memory need after a batch. Each updates those of its hidden units. Those
/// of its visible units and of other memories' hidden units it updates too. Labels belong to every memory:
/// their exact probabilities take all weights.
template <class Optimizer, class Parallel>
void update_all_weights(Trainer<Optimizer>& trainer, const Centring* centring, float mean,
                        Parallel& parallel) {
  const size_t visible = trainer.rbm.visible(), hidden = trainer.rbm.hidden();
  const Share here = parallel.here(granules(hidden)).units(hidden),
              own = parallel.here(granules(visible)).units(visible);
  parallel(granules(hidden), [&](size_t first, size_t last) {
    const Share units = Share{first, last}.units(hidden);
    update_hidden_bias(trainer, centring, mean, units);
    update_weights(trainer, centring, mean, units, {0, visible}, own);
  });
  if (here == Share{0, hidden}) return;
  const auto update_elsewhere = [&](Share rows) {
    update_weights(trainer, centring, mean, {0, here.begin}, rows, rows);
    update_weights(trainer, centring, mean, {here.end, hidden}, rows, rows);
  };
  parallel(granules(visible), [&](size_t first, size_t last) {
    update_elsewhere(Share{first, last}.units(visible));
  });
  const Choice& labels = trainer.phases.labels.labels;
  if (labels.size() == 0) return;
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

}  // namespace detail

}  // namespace rbm
