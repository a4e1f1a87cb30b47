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
    update_tile<Block<float, 1>>(trainer.optimizer, trainer.counters, bias, &gradient, 1, j, 0, 1, 0.0f);
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
    update_tile<Columns>(trainer.optimizer, trainer.counters, bias, gradient, Columns::columns, column, 0, 1,
                         0.0f);
  });
  for (size_t i = hidden_units.begin; i < hidden_units.end; ++i)
    trainer.rbm.hidden_bias[i] = trainer.weights.hidden_bias[i];
}

/// Some rows of W', from that of the visible unit `first` on, with the optimizer's arrays.
template <class Optimizer>
struct LearnedPanels {
  PanelView<float> values;
  size_t first;
  PanelView<float> slot_views[Optimizer::slot_count];
};

/// Computes the gradient of the weights between the hidden units `hidden_units` and the visible units
/// `visible_units`, and updates them in `panels`. W of own visible units is refreshed, some rows of the panel
/// at a time, while they are in the nearest cache.
template <class Optimizer>
void update_panels(Trainer<Optimizer>& trainer, const LearnedPanels<Optimizer>& panels,
                   const Centring* centring, float mean, Share hidden_units, Share visible_units) {
  constexpr size_t rows_at_once = 4 * tile;  // whole lines of W
  if (hidden_units.size() == 0) return;
  const RbmView& rbm = trainer.rbm;
  const MatrixView<const float> hidden = trainer.phases.hidden_probabilities;
  const auto update = [&](const MatrixView<float>& panel, size_t first) {
    Parameters<Optimizer> weights{panel, {}};
    for (size_t s = 0; s < Optimizer::slot_count; ++s)
      weights.slot_views[s] = panels.slot_views[s].columns_from(first, first + panel.columns);
    for_each_block(panel.columns, [&](auto block, size_t column) {
      using Columns = decltype(block);
      const size_t unit = first + column;
      alignas(4 * vector_lanes) float gradient[tile * Columns::columns];
      const size_t units = rbm.hidden() - unit;  // at least 1: each register holds some of them
      for (size_t top = visible_units.begin; top < visible_units.end; top += rows_at_once) {
        const Share rows = Share{top, top + rows_at_once}.within(visible_units);
        for (size_t row = rows.begin; row < rows.end; row += tile) {
          const size_t bottom = row + tile < rows.end ? row + tile : rows.end;
          write_gradient<Columns>(gradient, hidden, trainer.phases.samples_on, centring,
                                  trainer.phases.labels, trainer.label_rows.count, unit, row, bottom, mean);
          update_tile<Columns>(trainer.optimizer, trainer.counters, weights, gradient, Columns::columns,
                               column, row - panels.first, bottom - panels.first,
                               trainer.optimizer.weight_decay);
        }
        const Share own = rows.within(trainer.weights.visible);
        if (own.size() == 0) continue;
        transpose(columns_of(rbm, trainer.weights, own)
                      .part(unit, unit + (units < Columns::columns ? units : Columns::columns)),
                  panel.columns_from(column, column + Columns::columns)
                      .part(own.begin - panels.first, own.end - panels.first),
                  0, own.size());
      }
    });
  };
  panels.values.for_each_panel(hidden_units.begin, padded(hidden_units.end), update);
}

/// Computes the gradient of the weights between own visible units and hidden units of other memories, and
/// updates them in W.
template <class Optimizer>
void update_columns(Trainer<Optimizer>& trainer, const Centring* centring, float mean, Share hidden_units,
                    Share visible_units) {
  if (hidden_units.size() == 0 || visible_units.size() == 0) return;
  const TwoWayWeights& own = trainer.weights;
  // The optimizer's arrays leave out the rows of own hidden units.
  const size_t row = hidden_units.begin - (hidden_units.begin < own.hidden.begin ? 0 : own.hidden.size());
  const MatrixView<const float> hidden = trainer.phases.hidden_probabilities;
  Parameters<Optimizer> weights{
      columns_of(trainer.rbm, own, visible_units).part(hidden_units.begin, hidden_units.end), {}};
  for (size_t s = 0; s < Optimizer::slot_count; ++s)
    weights.slot_views[s] =
        trainer.column_slots[s]
            .part(row, row + hidden_units.size())
            .columns_from(visible_units.begin - own.visible.begin, visible_units.end - own.visible.begin);
  for_each_block(padded(hidden_units.size()), [&](auto block, size_t first) {
    using Columns = decltype(block);
    alignas(4 * vector_lanes) float gradient[tile * Columns::columns] = {}, turned[Columns::columns * tile];
    const Share units = Share{first, first + Columns::columns}.within({0, hidden_units.size()});
    for (size_t top = 0; top < visible_units.size(); top += tile) {
      const size_t unit = visible_units.begin + top, left = visible_units.size() - top,
                   rows = left < tile ? left : tile;
      write_gradient<Columns>(gradient, hidden, trainer.phases.samples_on, centring, trainer.phases.labels,
                              trainer.label_rows.count, hidden_units.begin + first, unit, unit + rows, mean);
      transpose({turned, Columns::columns, tile, tile}, {gradient, tile, Columns::columns, Columns::columns},
                0, tile);
      // Behind the last unit is padding, or a label, which is refreshed afterwards.
      for (size_t at = 0; at < padded(rows); at += vector_lanes)
        update_tile<Block<Lanes, 1>>(trainer.optimizer, trainer.counters, weights, turned + at, tile,
                                     top + at, units.begin, units.end, trainer.optimizer.weight_decay);
    }
  });
}

/// Of several memories, what this one updates beside the weights of its own hidden units: those of its own
/// visible units, and those of labels, which every memory has.
template <class Optimizer, class Parallel>
void update_shared_weights(Trainer<Optimizer>& trainer, const Centring* centring, float mean,
                           Parallel& parallel) {
  const TwoWayWeights& weights = trainer.weights;
  const size_t visible = trainer.rbm.visible(), hidden = trainer.rbm.hidden();
  const Choice& labels = trainer.phases.labels.labels;
  const size_t without_labels = labels.size() > 0 ? labels.begin : visible;
  const Share before{0, weights.hidden.begin}, behind{weights.hidden.end, hidden};
  parallel(granules(visible), [&](size_t first, size_t last) {
    const Share units = Share{first, last}.units(without_labels);
    update_columns(trainer, centring, mean, before, units);
    update_columns(trainer, centring, mean, behind, units);
  });
  if (labels.size() == 0) return;
  parallel.in_each_memory(granules(hidden), [&](size_t first, size_t last) {
    const Share units = Share{first, last}.units(hidden);
    for (size_t n = 0; n < 2; ++n) {
      LearnedPanels<Optimizer> panels{weights.label_panels[n], labels.begin, {}};
      for (size_t s = 0; s < Optimizer::slot_count; ++s) panels.slot_views[s] = trainer.label_slots[s][n];
      update_panels(trainer, panels, centring, mean, units.within(n == 0 ? before : behind),
                    {labels.begin, labels.end});
    }
  });
}

/// The weights that workers of this memory need after a batch: each updates those of its hidden units.
template <class Optimizer, class Parallel>
void update_all_weights(Trainer<Optimizer>& trainer, const Centring* centring, float mean,
                        Parallel& parallel) {
  const size_t visible = trainer.rbm.visible(), hidden = trainer.rbm.hidden();
  parallel(granules(hidden), [&](size_t first, size_t last) {
    const Share units = Share{first, last}.units(hidden);
    update_hidden_bias(trainer, centring, mean, units);
    LearnedPanels<Optimizer> panels{trainer.weights.transposed, 0, {}};
    for (size_t s = 0; s < Optimizer::slot_count; ++s) panels.slot_views[s] = trainer.weight_slots[s];
    update_panels(trainer, panels, centring, mean, units, {0, visible});
  });
  if constexpr (!Parallel::is_one_memory) update_shared_weights(trainer, centring, mean, parallel);
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
      update_tile<Block<float, 1>>(trainer.optimizer, trainer.counters, steps, &gradient, 1, j, r, r + 1,
                                   0.0f);
    }
  move_scales(trainer.scales, trainer.rbm, trainer.weights,
              trainer.scale_slots[0].part(1, trainer.scale_slots[0].rows));
}

}  // namespace detail

}  // namespace rbm
